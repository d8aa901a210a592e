/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Finds connected regions of pixels. */

#pragma once

#include <glib.h>

/* Returns whether the pixel with index place, y · w + x, belongs to the region. */
typedef gboolean (* P2pBelongs) (gsize place, gconstpointer data);

/* Finds the pixels that are connected to start, over neighbors to the left, right, top and bottom,
 * and for which belongs (place, data) is TRUE, in a picture of w × h pixels.  Appends their
 * indices, nearest first, to the n indices that are already in places [w · h].  Returns the new
 * number of indices.  Pixels marked in seen [h, w] are skipped, and the pixels found are marked
 * there, so several calls find each pixel only once. */
gsize p2p_region_grow (int           w,
                       int           h,
                       gsize         start,
                       P2pBelongs    belongs,
                       gconstpointer data,
                       guint8       *seen,
                       gsize        *places,
                       gsize         n);
