/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A training method as the trainer sees it: one file each (pix2pix.c). */

#pragma once

#include "options.h"

/* Pictures as the networks see them, in [−1, 1]. */
typedef struct
{
  int       n, h, w;
  p2p_real *a;      /* [n,h,w,g.input_nc] */
  p2p_real *b;      /* [n,h,w,g.output_nc]; where the data has no targets, a step writes it */
} P2pBatch;

#define P2P_MAX_LOSSES   8
#define P2P_MAX_NETWORKS 4

typedef struct
{
  const char        *name;
  const char *const *losses;      /* what a step tells, in order; NULL ends them */
  const char *const *networks;    /* "G" first, "D" and others; NULL ends them */

  /* Builds the networks; weights are initialised from the seed.  Copies what it needs.
   * Errors: P2P_ERROR_UNSUPPORTED, P2P_ERROR_OPTION say which number is out of range. */
  gpointer    (* new)    (const P2pTrainOptions *options, P2pParallel *parallel, GError **error);
  void        (* free)   (gpointer training);

  /* The parameters of a network (owned by the training): what a checkpoint holds, with Adam's
   * moments where it is trained, and what is loaded over the initial values.  NULL: this training
   * has no such network. */
  P2pParams * (* params) (gpointer training, const char *network);

  /* The generator's parameters as a model has them: those that are trained, or their average. */
  P2pParams * (* model)  (gpointer training);

  /* One step of all networks, with accumulate times as many pictures as they see at a time: step
   * counts from 0 (Adam's bias correction, dropout's seed).
   * losses [as many as names].
   * Errors: the networks cannot be built for the batch's shape; P2P_ERROR_MEMORY for them or the
   * teacher; then no weight has changed. */
  gboolean    (* step)   (gpointer training, const P2pBatch *batch, double lr, guint64 step,
                          double *losses, GError **error);

  /* Writes the teacher's pictures of batch->a to batch->b; NULL: the recipe has no teacher.
   * Errors: P2P_ERROR_MEMORY. */
  gboolean    (* answer) (gpointer training, const P2pBatch *batch, GError **error);
} P2pRecipe;

extern const P2pRecipe p2p_recipe_pix2pix;
extern const P2pRecipe p2p_recipe_distill;    /* the same with a teacher: options->teacher */
