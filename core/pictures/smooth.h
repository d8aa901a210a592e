/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "resize.h"

/* Averages planes in place over 2 · radius + 1 pixels of a row, then of a column, but never across
 * a wall: a wall ends the pixels that are averaged, as the border does.  A pixel is a wall where
 * its height [h, w] is at least wall; walls keep their values.  When parallel is cancelled, the
 * planes have no meaning.
 * Errors: P2P_ERROR_MEMORY, and the planes stay as they are. */
gboolean p2p_smooth_between (P2pPlanes *planes, const guint8 *height, int wall, int radius,
                             P2pParallel *parallel, GError **error);
