/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "train-tell.h"

#include "base/intl.h"
#include "cli.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BAR_WIDTH 10
#define REDRAW    100000   /* least microseconds between two drawings of the bar */

/* ---- During the training ------------------------------------------------------------------ */

void
p2p_cli_train_clear_bar (P2pTeller *teller)
{
  if (teller->shown)
    g_printerr ("\r\033[K");
  teller->shown = FALSE;
}

static char *
losses_text (const P2pTrainProgress *progress)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; progress->names[i]; i++)
    g_string_append_printf (text, "%s%s %.3f", i ? "  " : "", progress->names[i],
                            progress->losses[i]);
  return g_string_free (text, FALSE);
}

/* The terminal's width in columns.  The bar must not be longer, or it would wrap and could not be
 * overwritten. */
static int
terminal_width (void)
{
  struct winsize size;

  return ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static void
draw_bar (P2pTeller              *teller,
          const P2pTrainProgress *progress)
{
  const gint64     now    = g_get_monotonic_time ();
  const int        filled = progress->step * BAR_WIDTH / progress->n_steps;
  g_autofree char *left   = p2p_duration_text (progress->seconds_left);
  g_autofree char *losses = losses_text (progress);
  g_autofree char *line   = NULL, *cut = NULL;
  char             bar[BAR_WIDTH + 1];

  if (teller->shown && now - teller->drawn < REDRAW)
    return;
  memset (bar, '.', BAR_WIDTH);
  memset (bar, '#', MIN (filled, BAR_WIDTH));
  bar[BAR_WIDTH] = 0;

  line = g_strdup_printf (_("[%s] epoch %d/%d  %.2f it/s  %s left  %s"), bar, progress->epoch,
                          progress->n_epochs, progress->steps_per_second, left, losses);
  cut = g_strndup (line, p2p_cli_fit (line, terminal_width () - 1));
  g_printerr ("\r\033[K%s", cut);
  teller->shown = TRUE;
  teller->drawn = now;
}

static void
print_row (const P2pTrainProgress *progress)
{
  g_autofree char *left   = p2p_duration_text (progress->seconds_left);
  g_autofree char *losses = losses_text (progress);
  g_autofree char *step   = g_strdup_printf ("%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
                                             progress->step, progress->n_steps);

  if (progress->steps_per_second > 0.0)
    g_print (_("epoch %d/%d  step %s  %.2f it/s  %s  %s left\n"), progress->epoch,
             progress->n_epochs, step, progress->steps_per_second, losses, left);
  else
    g_print (_("epoch %d/%d  step %s  %s\n"), progress->epoch, progress->n_epochs, step, losses);
}

static void
on_progress (const P2pTrainProgress *progress,
             gpointer                data)
{
  P2pTeller *teller = data;

  if (teller->quiet || ! teller->speaks)
    return;
  if (teller->terminal && ! progress->val)
    {
      draw_bar (teller, progress);
      return;
    }
  if (progress->row_ends)
    {
      p2p_cli_train_clear_bar (teller);
      print_row (progress);
    }
  if (progress->val)
    {
      g_autofree char *text = p2p_metrics_to_text (progress->val);

      g_print (_("epoch %d/%d  validation: %s\n"), progress->epoch, progress->n_epochs, text);
    }
}

static void
on_message (const char *message,
            gpointer    data)
{
  const P2pTeller *teller = data;

  if (! teller->speaks)
    return;
  p2p_cli_train_clear_bar (data);
  g_printerr (_("pix2pix: left out: %s\n"), message);
}

static void
on_warning (const char *message,
            gpointer    data)
{
  const P2pTeller *teller = data;

  if (! teller->speaks)
    return;
  p2p_cli_train_clear_bar (data);
  g_printerr ("pix2pix: %s\n", message);
}

P2pTrainTell
p2p_cli_train_tell (P2pTeller  *teller,
                    const char *command)
{
  return (P2pTrainTell) { on_progress, on_message, on_warning, teller, command };
}

/* ---- At its end --------------------------------------------------------------------------- */

void
p2p_cli_train_dry_run (const P2pTrainer *trainer,
                       const P2pDryRun  *dry)
{
  const P2pRecipe *recipe = p2p_trainer_recipe (trainer);
  g_autofree char *epoch  = g_strdup_printf ("%" G_GUINT64_FORMAT, dry->epoch_steps);
  g_autofree char *steps  = g_strdup_printf ("%" G_GUINT64_FORMAT, dry->n_steps);
  g_autofree char *time   = p2p_duration_text (dry->n_steps * dry->seconds_per_step);

  g_print (_("pictures    %u, %u left out\nsteps       %s, %s in an epoch\n"), dry->entries,
           dry->left_out, steps, epoch);
  for (int i = 0; recipe->networks[i]; i++)
    {
      g_autofree char *count = g_strdup_printf ("%" G_GSIZE_FORMAT, dry->parameters[i]);

      if (dry->parameters[i] > 0)
        g_print (_("network %s   %s parameters\n"), recipe->networks[i], count);
    }
  g_print (_("memory      %.0f MiB\n"), dry->memory / 1048576.0);
  g_print (_("time        %s at %.0f ms a step\n"), time, dry->seconds_per_step * 1000.0);
  g_print (_("first batch %s\n"), dry->sheet);
}

void
p2p_cli_train_stopped (const char *folder)
{
  g_autofree char *quoted = p2p_cli_quote (folder);

  g_print (_("Stopped and saved. To go on:\n  pix2pix train --resume %s\n"), quoted);
}

void
p2p_cli_train_failed (const char   *folder,
                      const GError *error)
{
  g_autofree char *checkpoint = g_build_filename (folder, "checkpoint.safetensors", NULL);
  g_autofree char *quoted     = p2p_cli_quote (folder);

  if (error->domain == G_FILE_ERROR && g_file_test (checkpoint, G_FILE_TEST_EXISTS))
    g_printerr (_("Once this works again, go on from the last checkpoint:\n"
                  "  pix2pix train --resume %s\n"), quoted);
}

/* Returns the command (newly allocated) that installs the model of a way.  A model without a title
 * gets the name of the training's folder as title, because "best" and "model", the names of its
 * file, say nothing. */
static char *
import_command (const P2pTrainer *trainer,
                const char       *folder,
                int               way)
{
  g_autofree char *model  = p2p_trainer_result (trainer, way);
  g_autofree char *full   = g_canonicalize_filename (folder, NULL);
  g_autofree char *name   = g_filename_display_basename (full);
  g_autofree char *title  = g_strconcat ("title=", name, way == 1 ? " (B → A)" : "", NULL);
  g_autofree char *quoted = p2p_cli_quote (title);
  g_autofree char *file   = p2p_cli_quote (model);

  return p2p_trainer_has_title (trainer)
         ? g_strdup_printf ("pix2pix import %s", file)
         : g_strdup_printf ("pix2pix import %s --card %s", file, quoted);
}

void
p2p_cli_train_done (const P2pTrainer *trainer,
                    const char       *folder)
{
  g_autofree char *model = p2p_trainer_result (trainer, 0);
  const int        n_ways = p2p_trainer_recipe (trainer)->n_ways;
  double           steps, waiting;

  p2p_trainer_shares (trainer, &steps, &waiting);
  g_print (_("Done: %s. %.1f %% of the time went into steps, %.1f %% into waiting for "
             "pictures.\n"), model, 100.0 * steps, 100.0 * waiting);
  for (int way = 0; way < n_ways; way++)
    {
      g_autofree char *command = import_command (trainer, folder, way);

      if (way == 0)
        g_print (_("To use it in GIMP (%s) and in pix2pix apply:\n  %s\n"), P2P_CLI_MENU, command);
      else
        g_print ("  %s\n", command);
    }
}
