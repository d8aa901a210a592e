/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Blends the network's result with the picture.  Strength 0 gives the picture, 1 the network's
 * result.  The picture keeps its alpha, unless the network gives an alpha.
 *
 * Colors that belong below a drawing are merged with the drawing, or the two become separate
 * layers.  Merged, they make transparent parts of the picture opaque as the strength grows. */

#pragma once

#include "drawing.h"
#include "models/card.h"
#include "pictures/image.h"
#include "pictures/resize.h"

/* The caller fills this; the functions below only write the pixels of result and lines. */
typedef struct
{
  const P2pImage   *image;
  P2pOutput         output;             /* which channels the network's planes have */
  float             strength, chroma;   /* as in P2pApplyOptions */
  P2pSource         after;              /* the network's planes at the picture's size, in [0, 1] */
  const P2pDrawing *drawing;            /* lies over the colors; p2p_blend_row () ignores it */
  P2pImage         *result;             /* the blend, or the layer of colors */
  P2pImage         *lines;              /* the layer of lines; NULL: the picture serves as lines */
} P2pBlend;

/* Computes one row of the result.  data is the P2pBlend.  This and the two functions below are
 * chunk functions for p2p_parallel_for (). */
void p2p_blend_row (int row, int worker, gpointer data);

/* The same for colors that lie below a drawing.  Drawing and colors together are opaque. */
void p2p_blend_drawing_row (int row, int worker, gpointer data);

/* Computes one row of the layer of colors, and of the layer of lines if there is one.  Below
 * strength 1 the colors are mixed with the tone of the paper: white, or black if the drawing is
 * light on dark. */
void p2p_blend_layers_row (int row, int worker, gpointer data);
