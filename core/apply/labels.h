/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The palette of a label model. */

#pragma once

#include <glib.h>

typedef struct
{
  int   n;
  float colours[][3];    /* sRGB-encoded, in [0, 1] */
} P2pPalette;

/* Reads a palette as cards write it, already checked: "wall=#0030ff, window=#0080ff".  To be freed
 * with g_free (). */
P2pPalette *  p2p_palette_new     (const char *text);

/* The colour nearest to rgb in sRGB's cube, the first one of equals: brushes are anti-aliased, and
 * JPEG blurs labels. */
const float * p2p_palette_nearest (const P2pPalette *palette, const float *rgb);
