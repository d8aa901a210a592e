/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A recipe is a training method, as the trainer uses it.  p2p_recipe_of () has the list. */

#pragma once

#include "options.h"
#include "ranks.h"

/* Pictures as the networks see them, with values in [−1, 1]. */
typedef struct
{
  int       n, h, w;
  p2p_real *a;      /* inputs [n,h,w,g.input_nc] */
  p2p_real *b;      /* targets [n,h,w,g.output_nc]; a step writes them if the data has none */
} P2pBatch;

#define P2P_MAX_LOSSES   8
#define P2P_MAX_NETWORKS 8
#define P2P_MAX_WAYS     2

typedef struct
{
  const char        *name;
  const char *const *losses;      /* names of the losses that a step gives; NULL ends them */
  const char *const *networks;    /* names: the generator "G" first, then others; NULL ends them */
  int                n_ways;      /* models that it trains: 1, from A to B; or 2, way 0 from A to B
                                   * and way 1 back, whose input is the other's output */

  /* Makes a training: builds the networks and initializes their weights from the seed.  It copies
   * the options that it needs; parallel and ranks (NULL: there is only one) are not owned.
   * Errors: P2P_ERROR_UNSUPPORTED and P2P_ERROR_OPTION say which number is out of range;
   * P2P_ERROR_MEMORY; those of p2p_distill_new () and of p2p_parts_check (). */
  gpointer    (* new)    (const P2pTrainOptions *options, P2pParallel *parallel,
                          const P2pRanks *ranks, GError **error);
  void        (* free)   (gpointer training);

  /* The parameters of a network (owned by the training), which a checkpoint keeps, with Adam's
   * moments if they are trained.  Loading a checkpoint or a model replaces their values.  NULL:
   * this training has no such network. */
  P2pParams * (* params) (gpointer training, const char *network);

  /* The parameters of a way's generator for the model file (owned by the training): those that are
   * trained, or their moving average. */
  P2pParams * (* model)  (gpointer training, int way);

  /* Trains all networks by one step.  batch has accumulate times as many pictures as the networks
   * see at a time, or those of this rank's parts (parts.h).  All ranks do a step together, and have
   * the same weights and losses afterwards.  step is the step's number, from 0, on which Adam's
   * bias correction and the dropout depend.  losses gets a value for each name in losses.
   * Errors: the networks cannot be built for the batch's shape; P2P_ERROR_MEMORY for them or for
   * the teacher; the same on another rank.  After an error no weight has changed. */
  gboolean    (* step)   (gpointer training, const P2pBatch *batch, double lr, guint64 step,
                          double *losses, GError **error);

  /* Writes to batch->b what takes the place of targets where the data has none: the teacher's
   * pictures for batch->a, or batch->a translated by a way and back again.  NULL: the recipe needs
   * targets.
   * Errors: P2P_ERROR_MEMORY. */
  gboolean    (* answer) (gpointer training, int way, const P2pBatch *batch, GError **error);

  /* A warning that the training goes wrong, with what to try (static, for the caller to translate),
   * or NULL.  The function itself may be NULL. */
  const char *(* warn)   (gpointer training);
} P2pRecipe;

extern const P2pRecipe p2p_recipe_pix2pix;
extern const P2pRecipe p2p_recipe_distill;    /* pix2pix with a teacher, options->teacher */
extern const P2pRecipe p2p_recipe_cyclegan;

/* The recipe that a training with these options follows. */
const P2pRecipe * p2p_recipe_of (const P2pTrainOptions *options);
