/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* checkpoint.safetensors: everything that a training needs to go on as if it had never stopped.
 *
 *   NET.value.NAME                        weights and running statistics of the network NET
 *   NET.moment1.NAME, NET.moment2.NAME    Adam's moments of the weights that are trained
 *   metadata option.NAME                  the training's options
 *   metadata card.KEY                     texts for the model's card
 *   metadata state.NAME                   P2pTrainState, and the recipe's name
 *
 * It needs no state of a random generator, because all random numbers follow from the seed and the
 * step. */

#pragma once

#include "recipe.h"

/* How far a training is.  The trainer (trainer.c, save.c) keeps it up to date; a checkpoint keeps
 * it for the next process. */
typedef struct
{
  guint64  step;                      /* steps done */
  int      epochs_ended;              /* epochs that are done, with their validation */
  guint    entries;                   /* pictures of the data set; with another number the
                                       * training cannot go on */
  int      left_out;                  /* files of the data set's folder that are not entries; −1:
                                       * the checkpoint is of an earlier version, whose entries
                                       * include files that cannot be read */
  gint64   log_length;                /* bytes of log.csv up to this state */
  guint    row_steps;                 /* steps in the row of the log that is not yet written */
  double   row_sums[P2P_MAX_LOSSES];  /* sums of each loss over these steps */
  double   best;                      /* lowest p2p_metrics_score () of a validation; infinite:
                                       * there was no validation */
  char    *metrics[P2P_MAX_WAYS];     /* of each way's last validation, in words; NULL: there was
                                       * none */
  char    *created;                   /* date on which the training was begun */
  char    *teacher;                   /* SHA-256 of the teacher's file; "": a resumed training has
                                       * no teacher; NULL: a new training has not opened one */
} P2pTrainState;

/* Frees the texts of state, but not state itself. */
void       p2p_train_state_clear    (P2pTrainState *state);

/* Writes a checkpoint to path.  training was made by recipe's new ().  card: texts for the model's
 * card, by key.
 * Errors: those of p2p_replace_file (); P2P_ERROR_FILE a weight is not finite. */
gboolean   p2p_checkpoint_write     (const char *path, const P2pRecipe *recipe, gpointer training,
                                     const P2pTrainOptions *options, GHashTable *card,
                                     const P2pTrainState *state, GError **error);

/* Reads the texts of a checkpoint that p2p_tensors_peek () has opened: sets options, adds to card,
 * and fills state, which the caller clears also when it fails.
 * Errors: P2P_ERROR_FILE the file is not a checkpoint; P2P_ERROR_OPTION an option has a value that
 * it cannot have. */
gboolean   p2p_checkpoint_read      (const P2pTensors *tensors, P2pTrainOptions *options,
                                     GHashTable *card, P2pTrainState *state, GError **error);

/* Reads the weights and Adam's moments into the networks of training, which was made with the
 * options that p2p_checkpoint_read () has read.
 * Errors: P2P_ERROR_FILE a network is missing, or has weights of other shapes. */
gboolean   p2p_checkpoint_restore   (const P2pTensors *tensors, const P2pRecipe *recipe,
                                     gpointer training, GError **error);

/* Replaces the initial weights of params by those of a model.  Running statistics that the model
 * does not have stay as they are.
 * Errors: those of p2p_params_match (). */
gboolean   p2p_params_start_from    (P2pParams *params, const P2pTensors *tensors, GError **error);

/* Adds the values of params to tensors, named prefix + each parameter's name.  The values are not
 * copied, so params must live longer than tensors. */
void       p2p_params_add_values    (P2pParams *params, const char *prefix, P2pTensors *tensors);

/* Whether all values are finite.
 * Errors: P2P_ERROR_FILE names the first weight that is not. */
gboolean   p2p_params_check         (P2pParams *params, GError **error);
