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

typedef struct
{
  int           w, h;
  const guint8 *level;     /* [h, w] */
  const guint8 *height;    /* [h, w]: tells which of a pixel's neighbors is the lowest */
  int           reach;     /* pixels that a color travels in each direction, so that it does not run
                            * along corridors, */
  int           ink;       /* except where the level is this or higher */
} P2pFlood;

/* source [h, w] holds the indices of pixels, y · w + x.  On entry it is the pixel itself where the
 * color is known, and P2P_FLOOD_UNKNOWN elsewhere; on return each pixel has a source, and a source
 * is its own.  When parallel is cancelled, source has no meaning afterwards.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_flood       (const P2pFlood *flood, int *source, P2pParallel *parallel,
                          GError **error);

/* The most bytes that flooding takes besides source and the flood's own planes. */
guint64  p2p_flood_bytes (int width, int height);
