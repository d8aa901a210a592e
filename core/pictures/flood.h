/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A watershed: finds for each pixel of a drawing the pixel that it takes its color from, which is
 * called its source.
 *
 * Pixels are flooded in the order of their levels, the lowest first, each with the source of its
 * lowest neighbor that has one.  Colors thus climb each line from both sides and meet where it is
 * highest, as water from two valleys meets on the ridge (Vincent, Soille: Watersheds in Digital
 * Spaces, IEEE TPAMI 13, 1991).  Pixels that no color reaches are valleys, which become their own
 * sources. */

#pragma once

#include "base/parallel.h"

#define P2P_FLOOD_UNKNOWN (-1)

/* What is flooded.  The caller fills it; p2p_flood () only reads it. */
typedef struct
{
  int           w, h;
  const guint8 *level;     /* [h, w], the order in which pixels are flooded, lowest first */
  const guint8 *height;    /* [h, w], tells which neighbor of a pixel is the lowest */
  int           reach;     /* pixels that a color travels at most in each direction, so that it does
                            * not run along corridors, */
  int           ink;       /* except onto pixels whose level is this or higher */
} P2pFlood;

/* Finds the source of each pixel.  source [h, w] holds indices of pixels, y · w + x.  On entry the
 * source of a pixel is the pixel itself where the color is known, and P2P_FLOOD_UNKNOWN elsewhere.
 * On return each pixel has a source, and each source is its own source.  When parallel is
 * cancelled, source has no meaning afterwards.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_flood       (const P2pFlood *flood, int *source, P2pParallel *parallel,
                          GError **error);

/* The most bytes that p2p_flood () takes besides source, level and height. */
guint64  p2p_flood_bytes (int width, int height);
