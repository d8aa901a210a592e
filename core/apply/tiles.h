/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How a picture is cut into tiles of one size, and how much each counts where they overlap. A
 * layout is two axes: the tiles stand in rows and columns, and their weights multiply. */

#pragma once

#include "p2p.h"

typedef struct
{
  int side;       /* pixels of the picture */
  int multiple;   /* tiles' sizes are multiples of it */
  int align;      /* and their starts of this: the networks' strides keep their phase */
  int margin;     /* pixels inside a tile's edge that the missing surroundings falsify: the halo */
  int overlap;    /* of neighbours, in pixels; −1: a quarter of the tile, or the two margins */
} P2pTileRules;

typedef struct
{
  int n;          /* tiles */
  int size;       /* of each */
  int extent;     /* pixels that they cover: the side, and what is mirrored beyond it */
  int align, margin;
} P2pTileAxis;

/* The smallest tiles, not below least pixels, of which n cover the side; fewer where fewer do. */
P2pTileAxis p2p_tile_axis    (const P2pTileRules *rules, int n, int least);

/* The largest number of tiles of at least least pixels that the side is cut into. */
int         p2p_tile_most    (const P2pTileRules *rules, int least);

/* The smallest number of tiles of at most most pixels that cover the side; 0: none does. */
int         p2p_tile_fewest  (const P2pTileRules *rules, int least, int most);

/* The first pixel of tile i, from 0. */
int         p2p_tile_start   (const P2pTileAxis *axis, int i);

/* What tile i counts at each of its pixels: 1 or, towards a neighbour, less; the weights of all
 * tiles at a pixel add up to 1. weights [size]. */
void        p2p_tile_weights (const P2pTileAxis *axis, int i, float *weights);

/* The first pixel of sample i of n that are spread over the side, size pixels wide. */
int         p2p_tile_sample  (const P2pTileAxis *axis, int size, int n, int i);
