/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What kind of picture a layer looks like, so that the dialog can suggest a model for it. */

#pragma once

#include "pixels.h"

typedef enum
{
  P2P_PICTURE_UNKNOWN,   /* nearly empty, or too small to tell */
  P2P_PICTURE_LINES,     /* thin dark lines on paper, or light lines on a dark ground */
  P2P_PICTURE_GRAY,      /* a photo without color */
  P2P_PICTURE_LABELS,    /* a few flat colors */
  P2P_PICTURE_COLOR,     /* a colored photo or painting */
} P2pPictureKind;

/* Judges the part rect of pixels.  Rows that are not filled yet and pixels that are not selected do
 * not count.  Transparent pixels count as white paper. */
P2pPictureKind p2p_picture_kind (const P2pPixels *pixels, P2pRect rect);
