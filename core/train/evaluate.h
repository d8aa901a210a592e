/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A generator on pictures whose targets are known: as p2p_view_of_validation () shows them, or in
 * their own shape, as they are applied. */

#pragma once

#include "dataset.h"
#include "models/model.h"
#include "recipe.h"

/* Means over the pictures; NAN: there is none of the kind. */
typedef struct
{
  guint  n;            /* pictures */
  double l1;           /* of what the network gives, in [−1, 1] */
  double psnr, ssim;   /* of the pictures */
  double ab_error;     /* of Lab models and sketches: distance in the plane of a and b */
  double gray_error;   /* what that would be of gray: the targets' mean chroma */
  double chroma;       /* mean chroma, as a part of the targets' */

  /* Where hints were given: ab_error of the nearest hint's color, and of spreading, without a
   * network; the share of dots that the network obeys. */
  double nearest_error, spread_error, obeyed;

  /* Texture (texture.h), of chroma where ab_error is told, else of luma. */
  double grid;         /* energy of a grid of period 8 in flat areas; 1: no grid */
  double sharpness;    /* 1: as sharp as the target */
} P2pMetrics;

/* One picture, done: rgb [h,w,3] in [0, 1]. */
typedef struct
{
  const char  *name;
  int          w, h;
  const float *input, *output, *target;
} P2pEvaluated;

typedef struct
{
  /* What runs the network: graph () gives a planned graph for one picture of w × h pixels, with its
   * input and output, which lives until the next call; pictures are seen as in validation.  Or,
   * when it is NULL, a model, which sees pictures in their own shape, their longer side scaled to
   * fit pixels; 0: at their own size. */
  P2pGraph  * (* graph) (int w, int h, P2pNode **input, P2pNode **output, gpointer data,
                         GError **error);
  P2pModel    *model;
  int          fit;

  P2pDataset  *dataset;
  P2pDataKind  kind;           /* the data set's */
  const P2pTrainOptions *options;    /* how the training saw its pictures, and the network */
  guint        n;              /* of so many entries, the first that can be read */
  guint        n_dots;         /* hints that each gets */
  gboolean     flat_targets;   /* the grid is looked for where targets are flat, not inputs */

  /* Makes the targets where the data has none (a recipe's answer ()); NULL: it has. */
  gboolean  (* answer) (gpointer training, const P2pBatch *batch, GError **error);
  gpointer     training;

  /* What is told on the way; may be NULL.  skip gets the message about an entry that cannot be
   * read; tell gets the number of those evaluated before, and FALSE with error stops. */
  void      (* skip) (const char *message, gpointer data);
  gboolean  (* tell) (const P2pEvaluated *evaluated, guint index, gpointer data, GError **error);
  gpointer     data;
} P2pEvaluation;

/* Errors: P2P_ERROR_FILE nothing could be read; P2P_ERROR_MEMORY; G_IO_ERROR_CANCELLED; those of
 * graph () and tell (). */
gboolean p2p_evaluate (const P2pEvaluation *evaluation, GCancellable *cancellable,
                       P2pMetrics *metrics, GError **error);

/* The metrics in words, such as "L1 0.3548, PSNR 12.80, SSIM 0.2379" (newly allocated). */
char *   p2p_metrics_to_text (const P2pMetrics *metrics);

/* One number by which the generators of a training are compared; the lower, the better:
 *
 *   error · (1 − SSIM) · max (sharpness, 1 / sharpness) · max (grid, 1)^⅛
 *
 * error is ab_error where colors are what the network is to find, else L1.  L1 and SSIM alone would
 * choose the most blurred pictures, since a mean of all that might be there is nearest to the
 * target; a picture half as sharp as its target, or twice, is as bad as twice the error.  A grid
 * has gradients as well and could pass for sharpness.  It weighs little, since few windows may tell
 * of it: twice the energy is 9 % worse.  What is NaN is left out. */
double   p2p_metrics_score   (const P2pMetrics *metrics);
