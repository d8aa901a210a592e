/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "resize.h"

/* Smooths planes in place.  Each pixel becomes the mean of 2 · radius + 1 pixels of its row, then
 * of its column.  Pixels beyond the border or beyond a wall are left out of the mean.  A pixel is a
 * wall if its height [h, w] is at least wall; walls keep their values.  When parallel is cancelled,
 * the planes have no meaning.
 * Errors: P2P_ERROR_MEMORY; then the planes stay as they are. */
gboolean p2p_smooth_between (P2pPlanes *planes, const guint8 *height, int wall, int radius,
                             P2pParallel *parallel, GError **error);
