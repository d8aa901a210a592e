/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The check that a file is refused, for the tests of the readers.  describe.py finds the messages
 * in their output and puts them into the table in README.md. */

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
