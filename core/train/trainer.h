/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A training from its first step to its last.  It keeps everything in a folder:
 *
 *   model.safetensors       the generator at the last save, with its card
 *   best.safetensors        the generator with the best validation (p2p_metrics_score ())
 *   model-back.safetensors, best-back.safetensors   the same for the way back, if there is one
 *   checkpoint.safetensors  what the training goes on from (checkpoint.h)
 *   log.csv                 losses and metrics (log.h)
 *   samples/                sheets with input, output and target side by side
 *   report.html             a page that shows how the training goes (report.h)
 *   first-batch.png         the first batch, from a dry run
 */

#pragma once

#include "progress.h"
#include "recipe.h"

typedef struct _P2pTrainer P2pTrainer;

/* Begins a training in a folder, which it makes.  options have passed p2p_train_options_check ();
 * the trainer takes over what they own, also on error, and zeroes the caller's.  card: texts for
 * the model's card by key, of which the trainer keeps a reference.  n_threads: threads that
 * compute; 0: one per processor.  ranks: all of them make the same trainer; NULL: there is only
 * one.  *tell is copied; its data and command must live longer.
 * Errors: P2P_ERROR_OPTION the folder holds a training already; those of p2p_dataset_new (), of
 * making the card, and of the recipe's new (). */
P2pTrainer * p2p_trainer_new    (const char *folder, P2pTrainOptions *options, GHashTable *card,
                                 int n_threads, const P2pRanks *ranks, const P2pTrainTell *tell,
                                 GError **error);

/* Resumes the training in a folder.  changes: new values of options, texts by name.  n_threads,
 * ranks and tell: as for p2p_trainer_new ().
 * Errors: P2P_ERROR_NOT_FOUND there is no checkpoint; P2P_ERROR_FILE the checkpoint is damaged;
 * P2P_ERROR_OPTION the folder of pictures holds another number of them, or the options do not go
 * together; those of opening the data and the teacher. */
P2pTrainer * p2p_trainer_resume (const char *folder, GHashTable *changes, int n_threads,
                                 const P2pRanks *ranks, const P2pTrainTell *tell, GError **error);
void         p2p_trainer_free   (P2pTrainer *trainer);

/* Trains until the end, or until stop is cancelled from another thread; then it finishes the step
 * and saves everything.  *finished tells whether it was the end.  All ranks stop together.
 * Errors: P2P_ERROR_FILE a loss is not finite or too large; G_FILE_ERROR a file cannot be written;
 * those of a step; P2P_ERROR_OPTION the ranks are not alike.  The last checkpoint then stays as it
 * is, except that an error in reading pictures saves one if there are ranks. */
gboolean     p2p_trainer_run    (P2pTrainer *trainer, GCancellable *stop, gboolean *finished,
                                 GError **error);

/* What a training would take.  p2p_trainer_dry_run () fills it. */
typedef struct
{
  char   *sheet;             /* path of a picture of the first batch, input beside target, with 16
                              * rows at most; the caller frees it */
  guint   entries, left_out; /* pictures to train with, and files that cannot be used */
  guint64 n_steps, epoch_steps;
  gsize   parameters[P2P_MAX_NETWORKS];     /* trained numbers of each network; 0: not trained */
  guint64 memory;            /* bytes, the process's peak */
  double  seconds_per_step;  /* of the fastest of a few steps */
} P2pDryRun;

/* Trains a few steps to measure them, and writes a picture of the first batch.  Nothing else is
 * kept, but the trainer's weights have changed, so p2p_trainer_run () must not follow. */
gboolean     p2p_trainer_dry_run (P2pTrainer *trainer, P2pDryRun *dry, GError **error);

/* The fractions of the time since the run began that were spent in steps, and in waiting for
 * pictures. */
void         p2p_trainer_shares (const P2pTrainer *trainer, double *steps, double *waiting);

const P2pRecipe * p2p_trainer_recipe (const P2pTrainer *trainer);

/* Whether the user's texts for the model's card have a title. */
gboolean     p2p_trainer_has_title (const P2pTrainer *trainer);

/* The path of the model of a way to use (newly allocated): best.safetensors if the training
 * validates and has written it, else model.safetensors; for way 1 best-back or model-back. */
char *       p2p_trainer_result (const P2pTrainer *trainer, int way);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pTrainer, p2p_trainer_free)
