/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Compares the colors and the texture of two sets of pictures that do not belong together, such as
 * results and the paintings that they should look like.
 *
 * Six values of all pixels are counted: L, a and b of Lab; and the length of the gradient of L at
 * the pictures' own size, at a half and at a quarter of it.  The distance is the mean, over the
 * six, of the Wasserstein-1 distance of their distributions: how far, on average, values must be
 * moved to turn the one distribution into the other.  Its unit is that of Lab.  0: the same colors
 * and the same texture, wherever in the pictures they are. */

#pragma once

#include <glib.h>

#define P2P_STYLE_VALUES 6
#define P2P_STYLE_BINS   440

/* Counts of values, by bins.  All zeros is the start; p2p_style_add () fills it. */
typedef struct
{
  double counts[P2P_STYLE_VALUES][P2P_STYLE_BINS];
} P2pStyle;

/* Adds the pixels of a picture, RGB [h,w,3] in [0, 1].
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_style_add      (P2pStyle *style, const float *rgb, int w, int h, GError **error);

/* Adds the pixels that another one has counted. */
void     p2p_style_join     (P2pStyle *style, const P2pStyle *other);

/* The distance; NaN when one of the two has no pictures. */
double   p2p_style_distance (const P2pStyle *one, const P2pStyle *other);
