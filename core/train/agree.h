/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What ranks tell each other besides numbers: whether all goes well, and whether they are alike.
 * All ranks must call each of these functions at the same point. */

#pragma once

#include <gio/gio.h>

#include "ranks.h"

/* Whether done is TRUE on all ranks.  Otherwise all ranks get an error: that of the first rank that
 * has one, with the rank's number and machine in front unless it is rank 0.  A rank that has failed
 * has set *error.  If nothing has failed, but was cancelled on some rank (G_IO_ERROR_CANCELLED), it
 * counts as cancelled on all. */
gboolean p2p_agree       (const P2pRanks *ranks, gboolean done, GError **error);

/* Whether yes is TRUE on any rank. */
gboolean p2p_agree_any   (const P2pRanks *ranks, gboolean yes);

/* The texts of all ranks, in the order of ranks (newly allocated). */
GStrv    p2p_agree_texts (const P2pRanks *ranks, const char *text);

/* Whether all ranks give the same lines "NAME=VALUE", in the same order.
 * Errors: P2P_ERROR_OPTION names the first line that differs, with both values. */
gboolean p2p_agree_lines (const P2pRanks *ranks, const char *lines, GError **error);
