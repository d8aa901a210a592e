/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What kind of picture a layer looks like, so that the dialog can begin with a model for it. */

#pragma once

#include "pixels.h"

typedef enum
{
  P2P_PICTURE_UNKNOWN,   /* nearly empty, or too small to tell */
  P2P_PICTURE_LINES,     /* thin lines on paper, or light ones on dark ground */
  P2P_PICTURE_GRAY,      /* a photo without color */
  P2P_PICTURE_LABELS,    /* a few flat colors */
  P2P_PICTURE_COLOR,     /* a colored photo or painting */
} P2pPictureKind;

/* Looks at the part rect of pixels, as far as its rows are filled and it is selected.  Transparent
 * pixels count as paper. */
P2pPictureKind p2p_picture_kind (const P2pPixels *pixels, P2pRect rect);
