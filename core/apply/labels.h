/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The palette of a model whose input is labels: one color for each label. */

#pragma once

#include <glib.h>

typedef struct
{
  int   n;
  float colours[][3];    /* sRGB-encoded, in [0, 1] */
} P2pPalette;

/* Reads a palette as a card holds it, such as "wall=#0030ff, window=#0080ff".  The card has checked
 * the text.  The caller frees the result with g_free (). */
P2pPalette *  p2p_palette_new     (const char *text);

/* Returns the palette's color [3] with the least Euclidean distance to rgb [3] in encoded sRGB, the
 * first one of equals.  It belongs to the palette.  Labels need this because brushes are
 * anti-aliased and JPEG blurs edges. */
const float * p2p_palette_nearest (const P2pPalette *palette, const float *rgb);
