/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* checkpoint.safetensors: all that a training needs to go on as if it had never stopped.  Of every
 * network NET.value.NAME and, of what is trained, Adam's NET.moment1.NAME and NET.moment2.NAME;
 * options and state as texts in the metadata.  What is random follows from the seed and the
 * step. */

#pragma once

#include "recipe.h"

typedef struct
{
  guint64  step;                      /* steps done */
  int      epochs_ended;              /* epochs whose end has been seen to */
  guint    entries;                   /* of the data set: another one is another course */
  int      left_out;                  /* files that are none of them; −1: the entries count those
                                       * that cannot be read, too */
  gint64   log_length;                /* bytes */
  guint    row_steps;                 /* in the log's row that is not yet written */
  double   row_sums[P2P_MAX_LOSSES];
  double   best;                      /* lowest p2p_metrics_score () of a validation; infinite:
                                       * there was none */
  char    *metrics;                   /* of the last validation, in words; NULL: none */
  char    *created;                   /* date at which the training was begun */
  char    *teacher;                   /* SHA-256 of the teacher's file; empty: there is none; NULL:
                                       * the training begins */
} P2pTrainState;

void       p2p_train_state_clear    (P2pTrainState *state);

/* Writes a checkpoint.  card: texts by key that are for the model's card.
 * Errors: those of p2p_replace_file (); P2P_ERROR_FILE a weight is not finite. */
gboolean   p2p_checkpoint_write     (const char *path, const P2pRecipe *recipe, gpointer training,
                                     const P2pTrainOptions *options, GHashTable *card,
                                     const P2pTrainState *state, GError **error);

/* Reads options, card and state of a checkpoint that was opened with p2p_tensors_peek ().
 * Errors: P2P_ERROR_FILE it is none. */
gboolean   p2p_checkpoint_read      (const P2pTensors *tensors, P2pTrainOptions *options,
                                     GHashTable *card, P2pTrainState *state, GError **error);

/* Then the weights, into the networks of a new training with these options.
 * Errors: P2P_ERROR_FILE it is another training's. */
gboolean   p2p_checkpoint_restore   (const P2pTensors *tensors, const P2pRecipe *recipe,
                                     gpointer training, GError **error);

/* Takes a model's weights for the initial ones of params.
 * Errors: those of p2p_params_match (). */
gboolean   p2p_params_start_from    (P2pParams *params, const P2pTensors *tensors, GError **error);

/* Adds the values of params to tensors, which then point to them. */
void       p2p_params_add_values    (P2pParams *params, const char *prefix, P2pTensors *tensors);

/* Whether all values are finite.
 * Errors: P2P_ERROR_FILE names the first weight that is not. */
gboolean   p2p_params_check         (P2pParams *params, GError **error);
