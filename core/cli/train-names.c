/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Translates names of options that people know from the public PyTorch implementation and its older
 * versions.  Underscores count as dashes. */

#include "cli.h"

#include "base/intl.h"
#include "train/option-table.h"

#include <string.h>

/* ours is our option that means the same.  If it is NULL, instead says what to use. */
static const struct
{
  const char *theirs, *ours, *instead;
} names[] = {
  { "dataroot", "data" },
  { "name", "output" },
  { "niter", "n-epochs" },
  { "niter-decay", "n-epochs-decay" },
  { "batchSize", "batch-size" },
  { "loadSize", "load-size" },
  { "fineSize", "crop-size" },
  { "resize-or-crop", "preprocess" },
  { "which-direction", "direction" },
  { "which-model-netG", "netG" },
  { "which-model-netD", "netD" },
  { "identity", "lambda-identity" },

  { "checkpoints-dir", NULL,
    N_("-o names the whole path of the training's folder, such as -o checkpoints/facades") },
  { "continue-train", NULL, N_("--resume RUN goes on with the training in the folder RUN") },
  { "dataset-mode", NULL,
    N_("--mode says what is in the folder: aligned, folders, colorize, sketch or unpaired") },
  { "phase", NULL,
    N_("--data names the data set's folder “train”, and --val its folder “val” or “test”") },
  { "input-nc", NULL, N_("--inputs says what goes in: gray has 1 channel, rgb 3, rgba 4") },
  { "output-nc", NULL, N_("--outputs says what comes out: gray has 1 channel, rgb 3, rgba 4") },
  { "save-latest-freq", NULL, N_("--save-minutes says how often a training is saved") },
  { "gpu-ids", NULL, N_("trainings run on the processor, so leave it out") },
  { "display-id", NULL,
    N_("report.html in the training's folder shows its progress, so leave it out") },
};

/* Returns the argument (newly allocated) in our names: "--n_epochs=3" becomes "--n-epochs=3",
 * "--dataroot=x" becomes "--data=x".  Returns NULL with an error for an option that we do not have,
 * and NULL without an error for an argument that stays as it is. */
static char *
translate (const char  *argument,
           GError     **error)
{
  const gsize      length = strcspn (argument, "=");
  g_autofree char *typed = g_strndup (argument + 2, length - 2);
  g_autofree char *name = g_strdelimit (g_strdup (typed), "_", '-');

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i].theirs, name) != 0)
      continue;
    else if (names[i].ours)
      return g_strconcat ("--", names[i].ours, argument + length, NULL);
    else
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION, _("There is no option --%s: %s"), typed,
                   _(names[i].instead));
  return p2p_train_option_find (name) ? g_strconcat ("--", name, argument + length, NULL) : NULL;
}

gboolean
p2p_cli_train_names (int         argc,
                     char      **argv,
                     GPtrArray  *translated,
                     GError    **error)
{
  for (int i = 1; i < argc && strcmp (argv[i], "--") != 0; i++)
    if (g_str_has_prefix (argv[i], "--"))
      {
        GError *problem = NULL;
        char   *argument = translate (argv[i], &problem);

        if (problem)
          {
            g_propagate_error (error, problem);
            return FALSE;
          }
        if (! argument)
          continue;
        argv[i] = argument;
        g_ptr_array_add (translated, argument);
      }
  return TRUE;
}

char *
p2p_cli_quote (const char *argument)
{
  static const char plain[] = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-+=:,./";

  return *argument && ! argument[strspn (argument, plain)] ? g_strdup (argument)
                                                           : g_shell_quote (argument);
}

char *
p2p_cli_train_line (int    argc,
                    char **argv)
{
  GString *line = g_string_new ("pix2pix train");

  for (int i = 1; i < argc; i++)
    {
      g_autofree char *quoted = p2p_cli_quote (argv[i]);

      g_string_append_printf (line, " %s", quoted);
    }
  return g_string_free (line, FALSE);
}
