/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "train-tell.h"

#include "base/intl.h"
#include "cli.h"

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
