/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The training's loop.  All random choices, and the order of the pictures, follow from the seed and
 * the number of the step, so a training that is resumed from a checkpoint does exactly what it
 * would have done without a break. */

#include <errno.h>
#include <glib.h>
#include <math.h>
#include <string.h>

#include "base/intl.h"
#include "files/open.h"
#include "loader.h"
#include "models/model.h"
#include "option-table.h"
#include "report.h"
#include "trainer-state.h"
#include "trainer.h"

#define CHECKPOINT "checkpoint.safetensors"

/* A larger loss means that the training has failed.  Losses are computed from logits and from
 * values in [−1, 1], which stay within a few units in a training that works. */
#define MAX_LOSS 1e6

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

static P2pTrainer *
trainer_alloc (const char         *folder,
               const P2pTrainTell *tell,
               int                 n_threads)
{
  P2pTrainer *trainer = g_new0 (P2pTrainer, 1);

  trainer->folder = g_strdup (folder);
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
  trainer->training = trainer->recipe->new (options, trainer->parallel, error);
  return trainer->training != NULL;
}

static gboolean
open_log (P2pTrainer  *trainer,
          GError     **error)
{
  g_autofree char *path = p2p_trainer_path (trainer, "log.csv");

  trainer->log = p2p_log_new (path, trainer->recipe->losses, trainer->state.log_length, error);
  return trainer->log != NULL;
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
                 const P2pTrainTell  *tell,
                 GError             **error)
{
  g_autoptr (P2pTrainer) trainer = trainer_alloc (folder, tell, n_threads);
  g_autoptr (GDateTime)  now = g_date_time_new_now_local ();
  g_autofree char       *checkpoint = p2p_trainer_path (trainer, CHECKPOINT);

  trainer->options = *options;
  memset (options, 0, sizeof *options);
  trainer->card = g_hash_table_ref (card);
  trainer->state.best = INFINITY;
  trainer->state.created = g_date_time_format (now, "%Y-%m-%d");
  make_absolute (&trainer->options.data);
  make_absolute (&trainer->options.val);
  make_absolute (&trainer->options.lines);

  if (g_file_test (checkpoint, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("“%s” holds a training already: go on with it by --resume, or choose another "
                     "folder"), folder);
      return NULL;
    }
  if (! set_up (trainer, error) || ! make_folder (folder, error)
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
  make_absolute (&trainer->options.data);
  make_absolute (&trainer->options.val);
  make_absolute (&trainer->options.lines);
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
                    const P2pTrainTell  *tell,
                    GError             **error)
{
  g_autoptr (P2pTrainer) trainer = trainer_alloc (folder, tell, n_threads);
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

/* ---- Steps ------------------------------------------------------------------------------ */

static int
current_epoch (const P2pTrainer *trainer)
{
  return trainer->state.step / trainer->epoch_steps;
}

static gboolean
check_losses (const P2pTrainer  *trainer,
              const double      *losses,
              GError           **error)
{
  for (int i = 0; trainer->recipe->losses[i]; i++)
    if (! (fabs (losses[i]) <= MAX_LOSS))
      {
        g_autofree char *step = g_strdup_printf ("%" G_GUINT64_FORMAT, trainer->state.step + 1);

        g_set_error (error, P2P_ERROR, P2P_ERROR_FILE,
                     _("The training has failed: the loss %s is %g in step %s (epoch %d). A lower "
                       "--lr may help; the last checkpoint stays as it is"),
                     trainer->recipe->losses[i], losses[i], step, current_epoch (trainer) + 1);
        return FALSE;
      }
  return TRUE;
}

static void
tell_progress (P2pTrainer       *trainer,
               const P2pLogRow  *row,
               const P2pMetrics *val)
{
  const P2pTrainState *state = &trainer->state;
  double               losses[P2P_MAX_LOSSES];
  P2pTrainProgress     progress = {
    state->step, trainer->n_steps, (state->step - 1) / trainer->epoch_steps + 1,
    trainer->options.n_epochs + trainer->options.n_epochs_decay,
    p2p_trainer_speed (trainer), p2p_trainer_seconds_left (trainer), trainer->recipe->losses,
    row ? row->losses : losses, row != NULL, val,
  };

  for (int i = 0; i < P2P_MAX_LOSSES; i++)
    losses[i] = state->row_steps ? state->row_sums[i] / state->row_steps : 0.0;
  trainer->tell.progress (&progress, trainer->tell.data);
}

/* Reports what the recipe finds wrong with the course of the training. */
static void
warn_of_course (P2pTrainer *trainer)
{
  const char *warning = trainer->recipe->warn ? trainer->recipe->warn (trainer->training) : NULL;

  if (warning)
    p2p_trainer_warning (trainer, _(warning));
}

/* Writes the present row of the log, if it has steps or metrics, and begins a new one. */
static gboolean
end_row (P2pTrainer        *trainer,
         const P2pMetrics  *val,
         GError           **error)
{
  P2pTrainState *state = &trainer->state;
  const int      epoch = (state->step - 1) / trainer->epoch_steps;
  P2pLogRow      row = { state->step, epoch + 1,
                         p2p_train_options_rate (&trainer->options, epoch) };

  if (state->row_steps == 0 && ! val)
    return TRUE;
  for (int i = 0; i < P2P_MAX_LOSSES; i++)
    {
      row.losses[i] = state->row_steps ? state->row_sums[i] / state->row_steps : NAN;
      state->row_sums[i] = 0.0;
    }
  if (val)
    row.val = *val;
  state->row_steps = 0;
  warn_of_course (trainer);
  if (! p2p_log_add (trainer->log, &row, error))
    return FALSE;
  tell_progress (trainer, &row, val);
  return TRUE;
}

static gboolean
do_step (P2pTrainer  *trainer,
         P2pLoader   *loader,
         double      *losses,
         GError     **error)
{
  gint64    start = g_get_monotonic_time (), loaded;
  P2pLoad  *load = p2p_loader_take (loader);
  double    rate = p2p_train_options_rate (&trainer->options, current_epoch (trainer));
  gboolean  done = p2p_trainer_look_at (trainer, load, error);

  loaded = g_get_monotonic_time ();
  if (done)
    done = trainer->recipe->step (trainer->training, &load->batch, rate, trainer->state.step,
                                  losses, error);
  p2p_loader_give_back (loader, load);
  trainer->waiting_seconds += (loaded - start) / 1e6;
  trainer->step_seconds += (g_get_monotonic_time () - loaded) / 1e6;
  return done && check_losses (trainer, losses, error);
}

/* Does what is due at the end of an epoch: validates, writes the log's row, and saves.  It is done
 * once for each epoch, also if the training is resumed there. */
static gboolean
end_epoch (P2pTrainer    *trainer,
           GCancellable  *stop,
           GError       **error)
{
  const P2pTrainOptions *options = &trainer->options;
  P2pTrainState         *state = &trainer->state;
  const int              epoch = state->epochs_ended + 1;
  const gboolean         last = state->step == trainer->n_steps;
  const gboolean         validates = trainer->val
                                     && (epoch % options->val_epoch_freq == 0 || last);
  const gboolean         saves = epoch % options->save_epoch_freq == 0 || last;
  const gboolean         shows = saves || epoch == 1;   /* people wait for the first samples */

  if (validates && ! p2p_trainer_validate (trainer, stop, error))
    return FALSE;
  state->epochs_ended = epoch;
  if (! end_row (trainer, validates ? &trainer->metrics : NULL, error))
    return FALSE;
  if (validates && p2p_metrics_score (&trainer->metrics) < state->best)
    {
      state->best = p2p_metrics_score (&trainer->metrics);
      if (! p2p_trainer_save_model (trainer, "best", error))
        return FALSE;
    }
  return (! shows || p2p_trainer_save_sample (trainer, error))
         && (! saves || p2p_trainer_save (trainer, error));
}

static gboolean
is_time_to_save (const P2pTrainer *trainer)
{
  return (g_get_monotonic_time () - trainer->saved) / 60e6 >= trainer->options.save_minutes;
}

/* Does a step, and what is due after it. */
static gboolean
advance (P2pTrainer    *trainer,
         P2pLoader     *loader,
         GCancellable  *stop,
         GError       **error)
{
  P2pTrainState *state = &trainer->state;
  double         losses[P2P_MAX_LOSSES] = { 0.0 };

  /* There is no step to do if the run before was stopped in the validation at an epoch's end.  Then
   * the validation is done again. */
  if (state->step < trainer->epoch_steps * (state->epochs_ended + 1))
    {
      if (! do_step (trainer, loader, losses, error))
        return FALSE;
      state->step++;
      state->row_steps++;
      for (int i = 0; i < P2P_MAX_LOSSES; i++)
        state->row_sums[i] += losses[i];
      if (state->step % trainer->epoch_steps != 0
          && state->row_steps >= (guint) trainer->options.print_freq
          && ! end_row (trainer, NULL, error))
        return FALSE;
      tell_progress (trainer, NULL, NULL);
    }

  if (state->step == trainer->epoch_steps * (state->epochs_ended + 1)
      && ! end_epoch (trainer, stop, error))
    return FALSE;
  return ! is_time_to_save (trainer) || p2p_trainer_save (trainer, error);
}

gboolean
p2p_trainer_run (P2pTrainer    *trainer,
                 GCancellable  *stop,
                 gboolean      *finished,
                 GError       **error)
{
  const int             n_epochs = trainer->options.n_epochs + trainer->options.n_epochs_decay;
  g_autoptr (P2pLoader) loader = NULL;
  g_autoptr (GError)    problem = NULL;

  if (! open_log (trainer, error))
    return FALSE;
  p2p_trainer_remove_leftovers (trainer);
  loader = p2p_loader_new (trainer->data, &trainer->options, trainer->state.step,
                           trainer->n_steps);
  trainer->began = trainer->saved = g_get_monotonic_time ();
  trainer->first = trainer->state.step;
  if (trainer->first == 0 && ! p2p_trainer_save_sample (trainer, error))
    return FALSE;
  while (trainer->state.epochs_ended < n_epochs && ! g_cancellable_is_cancelled (stop))
    {
      p2p_report_renew (trainer);
      if (! advance (trainer, loader, stop, &problem))
        break;
    }
  *finished = trainer->state.epochs_ended >= n_epochs;

  /* It is not a failure if a validation is stopped. */
  if (problem && ! g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      trainer->failed = TRUE;
      p2p_report_write (trainer, NULL);
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }

  /* The end of the last epoch has saved everything, unless it was before this run. */
  trainer->stopped = ! *finished;
  return (*finished && trainer->state.step > trainer->first) || p2p_trainer_save (trainer, error);
}

void
p2p_trainer_shares (const P2pTrainer *trainer,
                    double           *steps,
                    double           *waiting)
{
  const double seconds = (g_get_monotonic_time () - trainer->began) / 1e6;

  *steps = trainer->step_seconds / seconds;
  *waiting = trainer->waiting_seconds / seconds;
}
