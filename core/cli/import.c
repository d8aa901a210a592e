/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* `pix2pix import`: makes a model file, with its card, of another program's, an older one or a
 * training's.  Without --output it goes where GIMP and the program find models. */

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
  char      *output;     /* NULL: the user's folder of models */
  char      *network;    /* NULL: the one that is the generator */
  char     **settings;   /* KEY=VALUE; may be NULL */
  gboolean   f16;
  gboolean   force;
  gboolean   quiet;

  char      *id;         /* of a model that goes into the user's folder */
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

/* FALSE with error when the command line makes no sense. */
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

/* Channels do not tell what nine of them are: what the network takes and gives must be known
 * first. */
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

/* Finds the place in the user's folder, and makes the folder. */
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
                   _("there is a model “%s” already, %s. --card title=… gives this one another "
                     "name, --force puts it in the other's place"), job->id, there);
      return FALSE;
    }

  job->output = p2p_models_own_path (job->id);
  folder      = g_path_get_dirname (job->output);
  g_mkdir_with_parents (folder, 0700);   /* if it fails, so does the writing */
  /* A copy is nobody's conversion, to be made again when another file changes. */
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

      g_print (_("It is among the models now, in GIMP (%s) and here:\n"
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

  if (card && ! set_card (card, job->settings, &error))
    return p2p_cli_usage (error);
  if (card && (job->output || find_place (job, card, &error))
      && p2p_convert (g_steal_pointer (&tensors), card, job->output, job->f16, &n_parameters,
                      &error))
    {
      if (! job->quiet)
        tell (job, card, n_parameters);
      return P2P_CLI_DONE;
    }

  if (error->domain == P2P_ERROR)    /* others tell of the output */
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
      N_("the model file to write; without it, one where GIMP and pix2pix find it, by its title"),
      N_("OUT.safetensors") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &job.force,
      N_("without --output: take the place of a model that has the name already"), NULL },
    { "network", 0, 0, G_OPTION_ARG_STRING, &job.network,
      N_("which network of a file with several"), N_("NAME") },
    { "f16", 0, 0, G_OPTION_ARG_NONE, &job.f16,
      N_("weights with 16 bits: half the size, nearly the same pictures"), NULL },
    { "card", 0, 0, G_OPTION_ARG_STRING_ARRAY, &job.settings,
      N_("set a key of the card: title, description, inputs, scale, licence …"), N_("KEY=VALUE") },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &job.quiet, N_("do not tell what was recognised"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &job.inputs, NULL, NULL },
    { NULL }
  };

  if (! p2p_cli_parse (&argc, &argv, entries, _("IN - make a model file of PyTorch's weights"),
                       _("IN is a .pth of PyTorch 1.6 or newer, or a .safetensors. Nothing in it "
                         "is run."),
                       "import latest_net_G.pth -o house.safetensors --f16 --card title=House"))
    return P2P_CLI_USAGE;

  if (! check_job (&job, &error))
    return p2p_cli_usage (error);

  return import (&job);
}
