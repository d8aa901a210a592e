/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Pixels that hang together. */

#pragma once

#include <glib.h>

/* Whether the pixel at a place, y · w + x, is one of the region's. */
typedef gboolean (* P2pBelongs) (gsize place, gconstpointer data);

/* Walks from start over neighbors to the left, right, top and bottom, as long as they belong, in a
 * picture of w × h pixels, and appends their places to the n that are in places [w · h], nearest
 * first.  Returns how many there are then.  What is in seen [h, w] is passed over; what is found is
 * put there, so that several walks give each pixel once. */
gsize p2p_region_grow (int           w,
                       int           h,
                       gsize         start,
                       P2pBelongs    belongs,
                       gconstpointer data,
                       guint8       *seen,
                       gsize        *places,
                       gsize         n);
