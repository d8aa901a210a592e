/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The plan of an apply: the working size, whether the network runs on the whole picture, in strips
 * or in tiles, and how much memory and computation that takes.  The plan does not depend on the
 * values of pixels.  P2pApplyPlan in p2p.h is the part of it that people want to know. */

#pragma once

#include "budget.h"
#include "models/model.h"
#include "strips.h"
#include "tiles.h"

/* p2p_plan_make () fills it; apply.c and network.c read it. */
typedef struct
{
  P2pSizes     sizes;
  P2pModelMode mode;
  P2pTileAxis  across, down;              /* one tile on each axis: the whole picture.  They cover
                                           * the card's frame, too */
  P2pStrips    strips;                    /* levels 0: no strips */

  /* The batch of samples that the tiles' common norm statistics are collected from: a sample's size
   * in pixels, and the number of samples.  All are 0 if no statistics are collected. */
  int          sample_w, sample_h, sample_columns, sample_rows;

  guint64      bytes;                     /* at most, with the picture and the result */
  double       flops;                     /* of one tile, or of all strips */
  double       sample_flops;              /* of the samples' batch */
} P2pPlan;

/* Plans an apply to a picture of width × height pixels with so many channels.
 * Errors: P2P_ERROR_OPTION an option makes no sense; P2P_ERROR_MEMORY nothing fits into the memory
 * budget, and the message says how much would be needed. */
gboolean p2p_plan_make  (P2pModel *model, int width, int height, int channels,
                         const P2pApplyOptions *options, P2pPlan *plan, GError **error);

/* The number of tiles; 1 means the whole. */
int      p2p_plan_tiles (const P2pPlan *plan);
