/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The result: what the network gives over the picture, strength of it, with the picture's alpha or,
 * if the network gives one, with that. */

#pragma once

#include "models/card.h"
#include "pictures/image.h"
#include "pictures/resize.h"

typedef struct
{
  const P2pImage *image;
  P2pOutput       output;             /* what the planes are */
  float           strength, chroma;
  P2pSource       after;              /* the network's planes, of the picture's size */
  P2pImage       *result;
} P2pBlend;

/* Computes a row of the result; data: the P2pBlend.  For p2p_parallel_for (). */
void p2p_blend_row (int row, int worker, gpointer data);
