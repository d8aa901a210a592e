/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The plan of an apply: at which size the network works, whether on the whole or on tiles, and what
 * that takes.  Nothing of it depends on the pixels. */

#pragma once

#include "models/model.h"
#include "strips.h"
#include "tiles.h"

typedef struct
{
  int          width, height, channels;   /* the picture's */
  int          result_channels;
  int          work_w, work_h;            /* at which the network works */
  P2pModelMode mode;
  P2pTileAxis  across, down;              /* one tile each: the whole */
  P2pStrips    strips;                    /* in which the whole is computed; no levels: at once */

  /* The batch that the tiles' common statistics are taken from; none: no columns and rows. */
  int          sample_w, sample_h, sample_columns, sample_rows;

  guint64      bytes;                     /* at most, with the picture and the result */
  double       flops;                     /* of a tile, or of all strips */
  double       sample_flops;              /* of the batch */
} P2pWork;

/* Errors: P2P_ERROR_OPTION a bad option; P2P_ERROR_MEMORY nothing fits, naming what would. */
gboolean p2p_work_plan   (P2pModel *model, int width, int height, int channels,
                          const P2pApplyOptions *options, P2pWork *work, GError **error);

/* Whether the numbers among the options make sense.  Errors as above. */
gboolean p2p_work_check  (const P2pApplyOptions *options, GError **error);

/* The longer side of the working size that options ask for; 0: native.  Errors as above. */
gboolean p2p_work_fit    (const P2pModel *model, const P2pApplyOptions *options, int *fit,
                          GError **error);

int      p2p_work_tiles  (const P2pWork *work);

/* Whether the working size is another than the picture's. */
gboolean p2p_work_scales (const P2pWork *work);
