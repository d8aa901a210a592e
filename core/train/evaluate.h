/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Evaluation: runs a generator on pictures whose targets are known, and measures its results.
 * During a training, pictures are seen as p2p_view_of_validation () says.  A finished model sees
 * pictures in their own shape, as it does when it is applied. */

#pragma once

#include "dataset.h"
#include "models/model.h"
#include "ranks.h"
#include "recipe.h"

/* Means over the evaluated pictures, which p2p_evaluate () fills in.  A metric is NaN when it does
 * not apply to the network, or when no picture could be measured. */
typedef struct
{
  guint  n;            /* pictures */
  double l1;           /* mean difference of the network's values, which lie in [−1, 1] */
  double psnr, ssim;   /* of the pictures as RGB (metrics.h) */
  double ab_error;     /* Lab models and sketches: distance in the plane of a and b */
  double gray_error;   /* Lab models: ab_error of a gray picture, the targets' mean chroma */
  double chroma;       /* Lab models: mean chroma, divided by the targets' mean chroma */

  /* Only where hints were given.  The first two are the ab_error of pictures made without the
   * network, in which each pixel has the color of the nearest hint, or the color that was spread to
   * it.  obeyed is the share of hint dots that the network obeys, 0 to 1. */
  double nearest_error, spread_error, obeyed;

  /* Texture (texture.h), measured in chroma for networks that have an ab_error, else in luma. */
  double grid;         /* energy of a grid of period 8 in flat areas; 1: no grid */
  double sharpness;    /* 1: as sharp as the target */

  /* Only where pictures do not belong together; there are then no other metrics but n and grid. */
  double cycle;        /* mean difference of an input from what its result is translated back to */
  double style;        /* distance of the results from the pictures of the other kind (style.h) */
} P2pMetrics;

/* One evaluated picture, as tell () gets it: input, output and target are RGB [h,w,3] in [0, 1] and
 * live as long as the call.  Where there are no targets, target is what the output is translated
 * back to, or the input again if there is no way back. */
typedef struct
{
  const char  *name;
  int          w, h;
  const float *input, *output, *target;
} P2pEvaluated;

/* What p2p_evaluate () is to do.  The caller fills it. */
typedef struct
{
  /* Either graph () or, when graph is NULL, model runs the network.  graph () gives a planned graph
   * for one picture of w × h pixels, and its input and output; they must live until the next call.
   * model runs as in an apply.  Without options it sees pictures in their own shape, with their
   * longer side scaled to fit pixels; fit 0: at their own size. */
  P2pGraph  * (* graph) (int w, int h, P2pNode **input, P2pNode **output, gpointer data,
                         GError **error);
  P2pModel    *model;
  int          fit;

  P2pDataset  *dataset;
  P2pDataset  *like;           /* pictures that results should look like; NULL: entries of dataset
                                * have targets */
  P2pModel    *back;           /* with like: the model of the way back; NULL: without answer (), the
                                * cycle is not measured */
  P2pDataKind  kind;           /* the same as dataset was made with */
  const P2pTrainOptions *options;    /* the training's, whose p2p_view_of_validation () says how
                                      * pictures are seen; may be NULL without graph () */
  const P2pRanks *ranks;       /* they share the pictures, and all get the same metrics; NULL: this
                                * process evaluates all */
  guint        n;              /* pictures to evaluate: the first n that can be read */
  guint        n_dots;         /* hint dots that each picture gets */
  gboolean     flat_targets;   /* TRUE: the grid is measured where the targets are flat; FALSE:
                                * where the inputs are */

  /* Makes the targets where the data has none (a recipe's answer (), for its training and one of
   * its ways); NULL: the data has targets, or back makes them. */
  gboolean  (* answer) (gpointer training, int way, const P2pBatch *batch, GError **error);
  gpointer     training;
  int          way;

  /* Called on the thread that evaluates, on the rank that has the picture; either may be NULL.
   * skip () gets an entry of dataset or like that cannot be read, and the reason.  tell () gets
   * each evaluated picture, and the number of pictures evaluated before it; FALSE with error set
   * stops the evaluation. */
  void      (* skip) (P2pDataset *dataset, guint index, const char *message, gpointer data);
  gboolean  (* tell) (const P2pEvaluated *evaluated, guint index, gpointer data, GError **error);
  gpointer     data;
} P2pEvaluation;

/* Runs the network on the pictures and fills metrics.  If there are ranks, all of them call it, and
 * an error or a cancellation on one of them ends it on all (agree.h).
 * Errors: P2P_ERROR_FILE no picture can be read; P2P_ERROR_MEMORY; G_IO_ERROR_CANCELLED; those of
 * graph (), answer () and tell (). */
gboolean p2p_evaluate (const P2pEvaluation *evaluation, GCancellable *cancellable,
                       P2pMetrics *metrics, GError **error);

/* The metrics in words, such as "L1 0.3548, PSNR 12.80, SSIM 0.2379" (newly allocated). */
char *   p2p_metrics_to_text (const P2pMetrics *metrics);

/* One number that compares the generators of a training; lower is better:
 *
 *   error · (1 − SSIM) · max (sharpness, 1 / sharpness) · max (grid, 1)^⅛
 *
 * error is ab_error where the network's task is to find colors, otherwise L1.  A factor that is NaN
 * is left out.  Where there are no targets, it is style · max (grid, 1)^⅛.
 *
 * L1 and SSIM alone would choose the most blurred results, because the mean of all plausible
 * results is nearest to the target.  So sharpness counts too: a result that is half as sharp as its
 * target, or twice as sharp, is as bad as one with twice the error.  A grid also has gradients,
 * which could pass for sharpness, so it has a factor of its own.  This factor is weak, because few
 * windows may be flat enough to measure the grid: twice the grid energy makes the score 9 %
 * worse. */
double   p2p_metrics_score   (const P2pMetrics *metrics);
