/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* `pix2pix import` makes a model file with a card from another program's weights, from another
 * model file or from the result of a training.  Without --output the model file goes to the user's
 * folder, where GIMP and the program find models. */

#include "cli.h"

#include <string.h>

#include "base/intl.h"
#include "models/convert.h"
#include "models/models.h"
#include "models/networks.h"
#include "models/upsampling.h"

typedef struct
{
  char     **inputs;
  char      *output;     /* --output, or else find_place () sets a path in the user's folder */
  char      *network;    /* NULL for the generator, if it is clear which network that is */
  char     **settings;   /* KEY=VALUE; may be NULL */
  gboolean   f16;
  gboolean   force;
  gboolean   quiet;

  char      *id;         /* of a model that goes to the user's folder, else NULL */
} Job;

static void
job_clear (Job *job)
{
  g_strfreev (job->inputs);
  g_free (job->output);
  g_free (job->network);
  g_strfreev (job->settings);
  g_free (job->id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

static gboolean
check_job (const Job *job,
           GError   **error)
{
  if (! job->inputs || g_strv_length (job->inputs) != 1)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION, _("import wants one model file"));
  else if (job->output && ! g_str_has_suffix (job->output, ".safetensors"))
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("--output wants the name of the model to write, ending in .safetensors"));
  else
    return TRUE;
  return FALSE;
}

/* Makes the card.  The settings for inputs and output must be in the metadata before, because they
 * cannot be guessed from an unusual number of channels, and p2p_card_new () would fail. */
static P2pCard *
make_card (const P2pTensors *tensors,
           char            **settings,
           GError          **error)
{
  for (char **setting = settings; setting && *setting; setting++)
    {
      g_auto (GStrv) parts = g_strsplit (*setting, "=", 2);

      if (parts[0] && parts[1]
          && (strcmp (parts[0], "inputs") == 0 || strcmp (parts[0], "output") == 0))
        g_hash_table_insert (tensors->metadata, g_strconcat ("p2p.", parts[0], NULL),
                             g_strdup (parts[1]));
    }
  return p2p_card_new (tensors, error);
}

static gboolean
set_card (P2pCard  *card,
          char    **settings,
          GError  **error)
{
  for (char **setting = settings; setting && *setting; setting++)
    {
      const char      *equals = strchr (*setting, '=');
      g_autofree char *key = equals ? g_strndup (*setting, equals - *setting) : NULL;

      if (! key)
        {
          g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                       _("--card wants KEY=VALUE, not “%s”"), *setting);
          return FALSE;
        }
      if (! p2p_card_set (card, key, equals + 1, error))
        return FALSE;
    }

  return TRUE;
}

/* Sets the id and the path of a model that goes to the user's folder, and makes the folder. */
static gboolean
find_place (Job      *job,
            P2pCard  *card,
            GError  **error)
{
  g_autofree char *there  = NULL;
  g_autofree char *folder = NULL;

  job->id = p2p_model_make_id (card, job->inputs[0]);
  there   = p2p_models_find (job->id, NULL);
  if (there && ! job->force)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("there is already a model “%s”, %s. Give this one another name with --card "
                     "title=…, or replace the other one with --force"), job->id, there);
      return FALSE;
    }

  job->output = p2p_models_own_path (job->id);
  folder      = g_path_get_dirname (job->output);
  g_mkdir_with_parents (folder, 0700);   /* if it fails, so does the writing */
  /* The copy is no conversion, or a change of the original .pth would replace it. */
  g_hash_table_remove (card->texts, "source");
  return TRUE;
}

static void
tell (const Job     *job,
      const P2pCard *card,
      gsize          n_parameters)
{
  g_autofree char *in = g_filename_display_name (job->inputs[0]);
  g_autofree char *out = g_filename_display_name (job->output);
  g_autofree char *network = p2p_net_describe (card->net, &card->options);
  const char      *assumed = p2p_upsampling_assumed (card);
  g_autofree char *count = g_strdup_printf ("%" G_GSIZE_FORMAT, n_parameters);

  g_print ("%s: %s\n", in, network);
  if (assumed)
    g_print ("%s\n", assumed);
  g_print (_("%s: %s parameters\n"), out, count);
  if (job->id)
    {
      g_autofree char *id = p2p_cli_quote (job->id);

      g_print (_("The model can now be used in GIMP (%s) and here:\n"
                 "  pix2pix apply --model %s PICTURE -o RESULT.png\n"), P2P_CLI_MENU, id);
    }
}

static int
import (Job *job)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (P2pTensors) tensors = p2p_network_open (job->inputs[0], job->network, &error);
  g_autoptr (P2pCard)    card = tensors ? make_card (tensors, job->settings, &error) : NULL;
  gsize                  n_parameters;

  if (card && (! p2p_conversion_direction (card, job->inputs[0], &error) ||
               ! set_card (card, job->settings, &error)))
    return p2p_cli_usage (error);
  if (card && (job->output || find_place (job, card, &error))
      && p2p_convert (g_steal_pointer (&tensors), card, job->output, job->f16, &n_parameters,
                      &error))
    {
      if (! job->quiet)
        tell (job, card, n_parameters);
      return P2P_CLI_DONE;
    }

  if (error->domain == P2P_ERROR)    /* errors of other domains are about the output */
    g_prefix_error (&error, "%s: ", job->inputs[0]);
  p2p_cli_report (error);
  return P2P_CLI_FAILED;
}

int
p2p_cli_import (int    argc,
                char **argv)
{
  g_auto (Job)       job = { 0 };
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &job.output,
      N_("the model file to write (default: a file named after the title, where GIMP and pix2pix "
         "find it)"), N_("OUT.safetensors") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &job.force,
      N_("without --output: replace a model that already has the name"), NULL },
    { "network", 0, 0, G_OPTION_ARG_STRING, &job.network,
      N_("the network to take from a file with several"), N_("NAME") },
    { "f16", 0, 0, G_OPTION_ARG_NONE, &job.f16,
      N_("write weights with 16 bits: half the size, nearly the same pictures"), NULL },
    { "card", 0, 0, G_OPTION_ARG_STRING_ARRAY, &job.settings,
      N_("set a key of the card: title, description, inputs, scale, licence …"), N_("KEY=VALUE") },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &job.quiet, N_("do not say what was recognized"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &job.inputs, NULL, NULL },
    { NULL }
  };

  if (! p2p_cli_parse (&argc, &argv, entries, _("IN - make a model file from PyTorch's weights"),
                       _("IN is a file that PyTorch has saved (.pth), or a .safetensors file. No "
                         "code in it is run."),
                       "import latest_net_G.pth -o house.safetensors --f16 --card title=House"))
    return P2P_CLI_USAGE;

  if (! check_job (&job, &error))
    return p2p_cli_usage (error);

  return import (&job);
}
