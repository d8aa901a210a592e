/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A training from its first step to its last, with all that is kept of it in a folder:
 *
 *   model.safetensors       the generator as it is, with its card
 *   best.safetensors        the one whose validation had the best score (p2p_metrics_score ())
 *   checkpoint.safetensors  what the training goes on from (checkpoint.h)
 *   log.csv                 its course (log.h)
 *   samples/                input, output and target beside each other
 *   report.html             all of this to look at (report.h)
 */

#pragma once

#include "progress.h"
#include "recipe.h"

typedef struct _P2pTrainer P2pTrainer;

/* Begins a training in a folder, which is made.  options, checked, are taken over (and cleared);
 * card: texts by key for the model's card, referenced; n_threads 0: one per processor.
 * Errors: P2P_ERROR_OPTION there is a training in the folder, or a text that cards do not have;
 * those of p2p_dataset_new () and of the networks. */
P2pTrainer * p2p_trainer_new    (const char *folder, P2pTrainOptions *options, GHashTable *card,
                                 int n_threads, const P2pTrainTell *tell, GError **error);

/* Goes on with the training in a folder.  changes: new values of options, by name.
 * Errors: P2P_ERROR_NOT_FOUND there is none; P2P_ERROR_OPTION the data has changed. */
P2pTrainer * p2p_trainer_resume (const char *folder, GHashTable *changes, int n_threads,
                                 const P2pTrainTell *tell, GError **error);
void         p2p_trainer_free   (P2pTrainer *trainer);

/* Trains until the end, or until stop is cancelled: then the step is finished and all is saved.
 * finished tells which.
 * Errors: P2P_ERROR_FILE a loss is not finite or too large; G_FILE_ERROR nothing can be written:
 * the last checkpoint stays as it is. */
gboolean     p2p_trainer_run    (P2pTrainer *trainer, GCancellable *stop, gboolean *finished,
                                 GError **error);

/* What a training would take. */
typedef struct
{
  char   *sheet;             /* path of a picture of the first batch, A beside B, 16 rows at most */
  guint   entries, left_out; /* pictures to train with, and files that will not do */
  guint64 n_steps, epoch_steps;
  gsize   parameters[P2P_MAX_NETWORKS];     /* that are trained, of each network; 0: none are */
  guint64 memory;            /* bytes, the most there was */
  double  seconds_per_step;  /* measured */
} P2pDryRun;

/* Shows the first batch and trains a few steps to measure; none of it is kept but the picture. */
gboolean     p2p_trainer_dry_run (P2pTrainer *trainer, P2pDryRun *dry, GError **error);

/* Which part of the time since the run began went into steps, and into waiting for pictures. */
void         p2p_trainer_shares (const P2pTrainer *trainer, double *steps, double *waiting);

const P2pRecipe * p2p_trainer_recipe (const P2pTrainer *trainer);

/* Whether the model's card was given a title. */
gboolean     p2p_trainer_has_title (const P2pTrainer *trainer);

/* The path (newly allocated) of the model to use: the best one by validation, or where there is
 * none, the last one. */
char *       p2p_trainer_result (const P2pTrainer *trainer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pTrainer, p2p_trainer_free)
