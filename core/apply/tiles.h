/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Cuts a picture into tiles of one size, and tells how much each tile counts where tiles overlap.
 * A layout consists of two axes: tiles stand in columns and rows, and the weight of a tile at a
 * pixel is the product of its weights on both axes.  All functions here treat one axis.  tiles.c
 * has an example. */

#pragma once

#include "p2p.h"

/* What a layout must obey on one axis, in pixels.  The planner fills it. */
typedef struct
{
  int side;       /* length of the picture */
  int multiple;   /* sizes of tiles are multiples of it */
  int align;      /* starts of tiles are multiples of it, so that the strides keep their phase */
  int margin;     /* the halo: so many pixels at a tile's edge are wrong, because the network does
                   * not see beyond the edge; 0: the receptive field is the whole picture */
  int overlap;    /* of neighboring tiles; −1: two margins, or a quarter of a tile if margin is 0 */
} P2pTileRules;

/* A layout on one axis, in pixels.  p2p_tile_axis () fills it. */
typedef struct
{
  int n;          /* number of tiles */
  int size;       /* of each tile */
  int extent;     /* what the tiles cover: the picture, and mirrored pixels beyond its end */
  int align, margin;   /* as in the rules */
} P2pTileAxis;

/* Returns a layout of n tiles that are as small as possible and cover the side.  A tile is never
 * shorter than least pixels, unless the side is.  The layout has fewer tiles if fewer of that size
 * cover the side. */
P2pTileAxis p2p_tile_axis    (const P2pTileRules *rules, int n, int least);

/* Returns the largest number of tiles that the side can be cut into, with tiles of at least least
 * pixels. */
int         p2p_tile_most    (const P2pTileRules *rules, int least);

/* Returns the smallest number of tiles that cover the side.  The length of a tile is a multiple of
 * rules->multiple, from least to most pixels.  If the side is shorter than least, the length is the
 * side rounded up.  Returns 0 if most is too small for this. */
int         p2p_tile_fewest  (const P2pTileRules *rules, int least, int most);

/* Returns the first pixel of tile i; tiles count from 0. */
int         p2p_tile_start   (const P2pTileAxis *axis, int i);

/* weights [size] gets the weight of tile i at each of its pixels: 1, or less where the tile passes
 * over into a neighbor.  At each pixel the weights of all tiles add up to 1. */
void        p2p_tile_weights (const P2pTileAxis *axis, int i, float *weights);

/* Returns the first pixel of sample i of n samples of size pixels, which are spread evenly over the
 * side. */
int         p2p_tile_sample  (const P2pTileAxis *axis, int size, int n, int i);
