/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How the tests of the readers claim that a file is refused.  error-table.py reads what is said
 * here from their output, for the table in README.md. */

#pragma once

#include "p2p.h"

static inline void
assert_refused (const GError *error,
                P2pError      code,
                const char   *message)
{
  g_assert_error (error, P2P_ERROR, (int) code);
  g_assert_cmpstr (error->message, ==, message);
  g_test_message ("refused: %s", message);
}
