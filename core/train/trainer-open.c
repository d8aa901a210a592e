/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Begins and resumes trainings: makes a trainer, before its first step. */

#include <errno.h>
#include <glib.h>
#include <math.h>
#include <string.h>

#include "base/intl.h"
#include "files/open.h"
#include "models/model.h"
#include "option-table.h"
#include "trainer-state.h"
#include "trainer.h"

#define CHECKPOINT "checkpoint.safetensors"

const P2pRecipe *
p2p_trainer_recipe (const P2pTrainer *trainer)
{
  return trainer->recipe;
}

gboolean
p2p_trainer_has_title (const P2pTrainer *trainer)
{
  return g_hash_table_contains (trainer->card, "title");
}

char *
p2p_trainer_result (const P2pTrainer *trainer,
                    int               way)
{
  g_autofree char *best = p2p_trainer_model_path (trainer, "best", way);

  return trainer->options.val && g_file_test (best, G_FILE_TEST_EXISTS)
         ? g_steal_pointer (&best) : p2p_trainer_model_path (trainer, "model", way);
}

/* ---- Beginning -------------------------------------------------------------------------- */

static gboolean
make_folder (const char  *path,
             GError     **error)
{
  if (g_mkdir_with_parents (path, 0777) == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
               _("The folder “%s” cannot be made: %s"), path, g_strerror (errno));
  return FALSE;
}

static void
make_absolute (char **path)
{
  char *absolute = *path ? g_canonicalize_filename (*path, NULL) : NULL;

  g_free (*path);
  *path = absolute;
}

/* So that a training can be resumed from another folder. */
static void
make_folders_absolute (P2pTrainOptions *options)
{
  make_absolute (&options->data);
  make_absolute (&options->val);
  make_absolute (&options->lines);
}

static P2pTrainer *
trainer_alloc (const char         *folder,
               int                 n_threads,
               const P2pRanks     *ranks,
               const P2pTrainTell *tell)
{
  P2pTrainer *trainer = g_new0 (P2pTrainer, 1);

  trainer->folder = g_strdup (folder);
  trainer->ranks = ranks;
  trainer->tell = *tell;
  trainer->messages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  trainer->parallel = p2p_parallel_new (n_threads);
  p2p_train_options_init (&trainer->options);
  return trainer;
}

/* Opens the data and makes the networks, once the options are known. */
static gboolean
set_up (P2pTrainer  *trainer,
        GError     **error)
{
  P2pTrainOptions    *options = &trainer->options;
  g_autoptr (P2pCard) card = p2p_trainer_card (trainer, 0, error);

  if (! card || ! p2p_trainer_open_data (trainer, error)
      || (options->teacher && ! p2p_trainer_find_teacher (trainer, error)))
    return FALSE;

  trainer->recipe = p2p_recipe_of (options);
  trainer->epoch_steps = p2p_loader_epoch_steps (trainer->data, options);
  trainer->n_steps = trainer->epoch_steps * (options->n_epochs + options->n_epochs_decay);
  trainer->training = trainer->recipe->new (options, trainer->parallel, trainer->ranks, error);
  return trainer->training != NULL;
}

/* Replaces the generator's initial weights by those of the model options.start_from.  The generator
 * is the first of the recipe's networks. */
static gboolean
start_from (P2pTrainer  *trainer,
            GError     **error)
{
  const char          *name = trainer->options.start_from;
  g_autoptr (P2pModel) model = p2p_model_open (name, NULL, error);
  P2pParams           *params = trainer->recipe->params (trainer->training,
                                                         trainer->recipe->networks[0]);
  P2pParams           *kept = trainer->recipe->model (trainer->training, 0);

  if (! model)
    return FALSE;
  if (p2p_params_start_from (params, model->tensors, error)
      && (kept == params || p2p_params_start_from (kept, model->tensors, error)))
    return TRUE;
  g_prefix_error (error, "%s: ", name);
  return FALSE;
}

P2pTrainer *
p2p_trainer_new (const char          *folder,
                 P2pTrainOptions     *options,
                 GHashTable          *card,
                 int                  n_threads,
                 const P2pRanks      *ranks,
                 const P2pTrainTell  *tell,
                 GError             **error)
{
  g_autoptr (P2pTrainer) trainer = trainer_alloc (folder, n_threads, ranks, tell);
  g_autoptr (GDateTime)  now = g_date_time_new_now_local ();
  g_autofree char       *checkpoint = p2p_trainer_path (trainer, CHECKPOINT);

  trainer->options = *options;
  memset (options, 0, sizeof *options);
  trainer->card = g_hash_table_ref (card);
  trainer->state.best = INFINITY;
  trainer->state.created = g_date_time_format (now, "%Y-%m-%d");
  make_folders_absolute (&trainer->options);

  if (p2p_trainer_writes (trainer) && g_file_test (checkpoint, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("“%s” holds a training already: go on with it by --resume, or choose another "
                     "folder"), folder);
      return NULL;
    }
  if (! set_up (trainer, error)
      || (p2p_trainer_writes (trainer) && ! make_folder (folder, error))
      || (trainer->options.start_from && ! start_from (trainer, error)))
    return NULL;
  trainer->state.entries = p2p_dataset_entries (trainer->data);
  trainer->state.left_out = p2p_dataset_left_out (trainer->data);
  return g_steal_pointer (&trainer);
}

/* ---- Resuming --------------------------------------------------------------------------- */

static gboolean
change_options (P2pTrainer  *trainer,
                GHashTable  *changes,
                GError     **error)
{
  g_autofree char *val = g_strdup (trainer->options.val);
  GHashTableIter   iter;
  gpointer         name, text;

  g_hash_table_iter_init (&iter, changes);
  while (g_hash_table_iter_next (&iter, &name, &text))
    if (! p2p_train_options_set (&trainer->options, p2p_train_option_find (name), text, error))
      return FALSE;
  make_folders_absolute (&trainer->options);
  /* The best score so far cannot be compared with scores on other pictures. */
  if (g_strcmp0 (val, trainer->options.val) != 0)
    trainer->state.best = INFINITY;
  return p2p_train_options_check (&trainer->options, NULL, error);
}

static gboolean
check_data (const P2pTrainer  *trainer,
            GError           **error)
{
  const P2pTrainState *state = &trainer->state;
  const guint          there = p2p_dataset_entries (trainer->data);
  const guint64        ended = trainer->epoch_steps * state->epochs_ended;

  if (there == state->entries && state->step >= ended
      && state->step <= ended + trainer->epoch_steps)
    return TRUE;
  if (there == state->entries)
    return p2p_damaged (error, _("The checkpoint is damaged: its epochs and steps do not agree"));
  g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
               _("“%s” holds %u pictures now, but held %u when the training was begun: bring back "
                 "those pictures, or begin another training with --start-from"),
               trainer->options.data, there, state->entries);
  return FALSE;
}

P2pTrainer *
p2p_trainer_resume (const char          *folder,
                    GHashTable          *changes,
                    int                  n_threads,
                    const P2pRanks      *ranks,
                    const P2pTrainTell  *tell,
                    GError             **error)
{
  g_autoptr (P2pTrainer) trainer = trainer_alloc (folder, n_threads, ranks, tell);
  g_autofree char       *path = p2p_trainer_path (trainer, CHECKPOINT);
  g_autoptr (P2pTensors) tensors = NULL;

  trainer->card = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (! g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_NOT_FOUND,
                   _("There is no checkpoint in “%s”: the training ended before it saved one. "
                     "Begin it again"), folder);
      return NULL;
    }
  tensors = p2p_tensors_peek (path, error);
  if (! tensors
      || ! p2p_checkpoint_read (tensors, &trainer->options, trainer->card, &trainer->state, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  if (! change_options (trainer, changes, error) || ! set_up (trainer, error)
      || ! check_data (trainer, error)
      || ! p2p_checkpoint_restore (tensors, trainer->recipe, trainer->training, error))
    return NULL;
  return g_steal_pointer (&trainer);
}

void
p2p_trainer_free (P2pTrainer *trainer)
{
  if (! trainer)
    return;
  if (trainer->training)
    trainer->recipe->free (trainer->training);
  p2p_log_free (trainer->log);
  p2p_dataset_free (trainer->data);
  p2p_dataset_free (trainer->val);
  p2p_train_state_clear (&trainer->state);
  p2p_train_options_clear (&trainer->options);
  g_hash_table_unref (trainer->card);
  g_hash_table_unref (trainer->messages);
  p2p_parallel_free (trainer->parallel);
  g_free (trainer->folder);
  g_free (trainer);
}
