/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The training's loop.  All random choices, and the order of the pictures, follow from the seed and
 * the number of the step, so a training that is resumed from a checkpoint does exactly what it
 * would have done without a break.
 *
 * If there are ranks, each runs this loop.  They have the same state, except that rank 0 alone
 * writes to the training's folder. */

#include <math.h>

#include "agree.h"
#include "base/intl.h"
#include "loader.h"
#include "p2p.h"
#include "report.h"
#include "trainer-state.h"
#include "trainer.h"

/* A larger loss means that the training has failed.  Losses are computed from logits and from
 * values in [−1, 1], which stay within a few units in a training that works. */
#define MAX_LOSS 1e6

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
  if (trainer->log && ! p2p_log_add (trainer->log, &row, error))
    return FALSE;
  tell_progress (trainer, &row, val);
  return TRUE;
}

/* Saves if ranks cannot go on with their pictures, because only one of their machines may have
 * trouble.  Returns whether they can, which all of them know.  A training that is stopped is saved
 * later. */
static gboolean
save_unless (P2pTrainer  *trainer,
             gboolean     done,
             GError     **error)
{
  if (! done && ! g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && trainer->ranks
      && p2p_trainer_writes (trainer))
    p2p_trainer_save (trainer, NULL);
  return done;
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
  gboolean  done = save_unless (trainer, p2p_trainer_look_at (trainer, load, error), error);

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

  if (validates && ! save_unless (trainer, p2p_trainer_validate (trainer, stop, error), error))
    return FALSE;
  state->epochs_ended = epoch;
  if (! end_row (trainer, validates ? &trainer->metrics : NULL, error))
    return FALSE;
  if (! p2p_trainer_writes (trainer))
    return TRUE;
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
  return p2p_trainer_writes (trainer)
         && (g_get_monotonic_time () - trainer->saved) / 60e6 >= trainer->options.save_minutes;
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

static gboolean
open_log (P2pTrainer  *trainer,
          GError     **error)
{
  g_autofree char *path = p2p_trainer_path (trainer, "log.csv");

  trainer->log = p2p_log_new (path, trainer->recipe->losses, trainer->state.log_length, error);
  return trainer->log != NULL;
}

/* Prepares the training's folder. */
static gboolean
begin (P2pTrainer  *trainer,
       GError     **error)
{
  if (! p2p_trainer_writes (trainer))
    return TRUE;
  if (! open_log (trainer, error))
    return FALSE;
  p2p_trainer_remove_leftovers (trainer);
  return trainer->first > 0 || p2p_trainer_save_sample (trainer, error);
}

/* Trains until the end, an error, or stop.  FALSE if it is an error. */
static gboolean
train (P2pTrainer    *trainer,
       P2pLoader     *loader,
       GCancellable  *stop,
       GError       **error)
{
  const int n_epochs = trainer->options.n_epochs + trainer->options.n_epochs_decay;

  while (trainer->state.epochs_ended < n_epochs
         && ! p2p_agree_any (trainer->ranks, g_cancellable_is_cancelled (stop)))
    {
      g_autoptr (GError) problem = NULL;

      if (p2p_trainer_writes (trainer))
        p2p_report_renew (trainer);
      if (p2p_agree (trainer->ranks, advance (trainer, loader, stop, &problem), &problem))
        continue;
      /* It is not a failure if a validation is stopped. */
      if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  return TRUE;
}

gboolean
p2p_trainer_run (P2pTrainer    *trainer,
                 GCancellable  *stop,
                 gboolean      *finished,
                 GError       **error)
{
  const int             n_epochs = trainer->options.n_epochs + trainer->options.n_epochs_decay;
  g_autoptr (P2pLoader) loader = NULL;

  if (! p2p_trainer_compare_ranks (trainer, error))
    return FALSE;
  trainer->began = trainer->saved = g_get_monotonic_time ();
  trainer->first = trainer->state.step;
  loader = p2p_loader_new (trainer->data, &trainer->options, trainer->ranks, trainer->state.step,
                           trainer->n_steps);
  if (! p2p_agree (trainer->ranks, begin (trainer, error), error))
    return FALSE;
  if (! train (trainer, loader, stop, error))
    {
      trainer->failed = TRUE;
      if (trainer->log)
        p2p_report_write (trainer, NULL);
      return FALSE;
    }
  *finished = trainer->state.epochs_ended >= n_epochs;

  /* The end of the last epoch has saved everything, unless it was before this run. */
  trainer->stopped = ! *finished;
  return (*finished && trainer->state.step > trainer->first)
         || p2p_agree (trainer->ranks,
                       ! p2p_trainer_writes (trainer) || p2p_trainer_save (trainer, error), error);
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
