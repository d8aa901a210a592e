/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Changes the colors of pictures that a network learns from. */

#pragma once

#include <glib.h>

/* Changes a drawing, rgb [h,w,3] in [0, 1], in place.  In half of the samples it turns all hues by
 * a random angle.  In a quarter of them it paints the background, which is the white paper around
 * the drawing, in a random color.  Such colors cannot be guessed from the lines, so the network has
 * to learn them from the hints.  All random choices follow from seed and stream.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_recolor (float *rgb, int w, int h, guint64 seed, guint64 stream, GError **error);

/* How far colors change, each from −1 to 1; 0: not at all. */
typedef struct
{
  float brightness, contrast, saturation;
} P2pColorShift;

/* Changes n pixels in place.  Multiplies them by 1 + brightness, then their differences from the
 * mean luma of all by 1 + contrast, then their differences from their own luma by 1 + saturation.
 * Each step clamps the values to [0, 1].  pixels [n, channels]: RGB first; further channels stay as
 * they are. */
void p2p_shift_colors (float *pixels, gsize n, int channels, const P2pColorShift *shift);
