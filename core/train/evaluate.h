/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A generator on pictures whose targets are known, as p2p_view_of_validation () shows them. */

#pragma once

#include "dataset.h"
#include "graph/graph.h"

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
  /* Gives a planned graph for one picture of w × h pixels, with its input and output, which lives
   * until the next call. */
  P2pGraph  * (* graph) (int w, int h, P2pNode **input, P2pNode **output, gpointer data,
                         GError **error);

  P2pDataset  *dataset;
  P2pDataKind  kind;           /* the data set's */
  const P2pTrainOptions *options;    /* how the training saw its pictures, and the network */
  guint        n;              /* of so many entries, the first that can be read */
  guint        n_dots;         /* hints that each gets */

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
