/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The result: what the network gives over the picture, strength of it, with the picture's alpha or,
 * if the network gives one, with that.  Colors below a drawing are merged with the drawing, or kept
 * apart from it in layers. */

#pragma once

#include "drawing.h"
#include "models/card.h"
#include "pictures/image.h"
#include "pictures/resize.h"

typedef struct
{
  const P2pImage   *image;
  P2pOutput         output;             /* what the planes are */
  float             strength, chroma;
  P2pSource         after;              /* the network's planes, of the picture's size */
  const P2pDrawing *drawing;            /* what lies over the network's colors, if anything does */
  P2pImage         *result;             /* of layers: the colors */
  P2pImage         *lines;              /* of layers: the drawing; NULL: the picture serves */
} P2pBlend;

/* Computes a row of the result; data: the P2pBlend.  For p2p_parallel_for (). */
void p2p_blend_row (int row, int worker, gpointer data);

/* The same where the network's colors lie below a drawing, which is opaque with them. */
void p2p_blend_drawing_row (int row, int worker, gpointer data);

/* Computes a row of the layers: colors on paper, and the drawing. */
void p2p_blend_layers_row (int row, int worker, gpointer data);
