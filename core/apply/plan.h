/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The plan of an apply: at which size the network works, whether on the whole or on tiles, and what
 * that takes.  Nothing of it depends on the pixels.  P2pApplyPlan in p2p.h tells of it what people
 * want to know. */

#pragma once

#include "budget.h"
#include "models/model.h"
#include "strips.h"
#include "tiles.h"

typedef struct
{
  P2pSizes     sizes;
  P2pModelMode mode;
  P2pTileAxis  across, down;              /* one tile each: the whole */
  P2pStrips    strips;                    /* in which the whole is computed; no levels: at once */

  /* The batch that the tiles' common statistics are taken from; none: no columns and rows. */
  int          sample_w, sample_h, sample_columns, sample_rows;

  guint64      bytes;                     /* at most, with the picture and the result */
  double       flops;                     /* of a tile, or of all strips */
  double       sample_flops;              /* of the batch */
} P2pPlan;

/* Errors: P2P_ERROR_OPTION a bad option; P2P_ERROR_MEMORY nothing fits, naming what would. */
gboolean p2p_plan_make  (P2pModel *model, int width, int height, int channels,
                         const P2pApplyOptions *options, P2pPlan *plan, GError **error);

/* The number of tiles; 1 means the whole. */
int      p2p_plan_tiles (const P2pPlan *plan);
