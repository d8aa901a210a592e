/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Other colors for the pictures that a network learns from. */

#pragma once

#include <glib.h>

/* Turns the hues of a picture by some angle, and paints its background, the white paper around the
 * drawing, in some color, each for a part of the samples: what cannot be guessed from the lines
 * must be learnt from the hints.  rgb [h,w,3] in [0, 1].
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_recolor (float *rgb, int w, int h, guint64 seed, guint64 stream, GError **error);

/* How far colors change, −1 to 1; 0: not at all. */
typedef struct
{
  float brightness, contrast, saturation;
} P2pColorShift;

/* Multiplies n pixels by 1 + brightness, then their differences from the mean luma by 1 + contrast,
 * then those from their own luma by 1 + saturation; after each, what is outside of 0 to 1 is
 * clamped.  pixels [n, channels]: RGB, and what comes after that is left alone. */
void p2p_shift_colors (float *pixels, gsize n, int channels, const P2pColorShift *shift);
