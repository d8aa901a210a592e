/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* `pix2pix apply`: picture files in, picture files out.  Everything that can be wrong with the
 * command line is found before the first picture is computed. */

#include "cli.h"

#include "card.h"
#include "image.h"
#include "intl.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

typedef struct
{
  char            *model;
  char            *scale, *statistics, *noise, *strength, *threads;   /* as given, or NULL */
  char            *out;
  char           **inputs;
  gboolean         quiet;

  P2pApplyOptions  options;
  int              n_threads;
  GPtrArray       *outputs;    /* a path for each input */
} Job;

static void
job_clear (Job *job)
{
  g_free (job->model);
  g_free (job->scale);
  g_free (job->statistics);
  g_free (job->noise);
  g_free (job->strength);
  g_free (job->threads);
  g_free (job->out);
  g_strfreev (job->inputs);
  g_clear_pointer (&job->outputs, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

/* ---- The command line --------------------------------------------------------------------- */

static gboolean
parse_scale (const char       *text,
             P2pApplyOptions  *options,
             GError          **error)
{
  int fit;

  if (! text)
    return TRUE;

  if (! p2p_scale_parse (text, &fit))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("--scale wants native or fit:N, the longer side in pixels, not “%s”"), text);
      return FALSE;
    }
  options->scale = text;
  return TRUE;
}

static gboolean
read_options (Job     *job,
              GError **error)
{
  P2pApplyOptions *options = &job->options;

  *options = (P2pApplyOptions) P2P_APPLY_DEFAULTS;
  options->noise = job->noise != NULL;

  if (! job->inputs || ! job->out || ! job->model)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_OPTION,
                           ! job->model    ? _("name a model with --model; "
                                               "“pix2pix models” lists them")
                           : ! job->inputs ? _("name the pictures to work on")
                                           : _("say with -o where the result goes"));
      return FALSE;
    }

  return parse_scale (job->scale, options, error) &&
         p2p_cli_statistics ("--statistics", job->statistics, &options->statistics, error) &&
         p2p_cli_seed ("--noise", job->noise, &options->seed, error) &&
         p2p_cli_number ("--strength", job->strength, 0.0, 1.0, &options->strength, error) &&
         p2p_cli_integer ("--threads", job->threads, 1, P2P_CLI_MAX_THREADS, &job->n_threads,
                          error);
}

/* What a file is, under whatever names; NULL when it does not exist. */
static char *
get_identity (const char *path)
{
  GStatBuf status;

  if (g_stat (path, &status))
    return NULL;
  return g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                          (guint64) status.st_dev, (guint64) status.st_ino);
}

/* The input's name in the folder of results, as PNG. */
static char *
name_in_folder (const char *folder,
                const char *input)
{
  g_autofree char *base = g_path_get_basename (input);
  g_autofree char *name = NULL;
  char            *dot  = strrchr (base, '.');

  if (dot && dot != base)
    *dot = 0;
  name = g_strconcat (base, ".png", NULL);
  return g_build_filename (folder, name, NULL);
}

static gboolean
name_outputs (Job     *job,
              GError **error)
{
  job->outputs = g_ptr_array_new_with_free_func (g_free);

  if (g_file_test (job->out, G_FILE_TEST_IS_DIR))
    {
      for (char **input = job->inputs; *input; input++)
        g_ptr_array_add (job->outputs, name_in_folder (job->out, *input));
      return TRUE;
    }

  if (job->inputs[1] || g_str_has_suffix (job->out, G_DIR_SEPARATOR_S))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("there is no folder “%s”: make it first"), job->out);
      return FALSE;
    }
  g_ptr_array_add (job->outputs, g_strdup (job->out));
  return p2p_image_can_save (job->out, error);
}

/* No result may take the place of a picture that is read, or of another result. */
static gboolean
check_outputs (const Job  *job,
               GError    **error)
{
  g_autoptr (GHashTable) read    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) written = g_hash_table_new (g_str_hash, g_str_equal);

  for (char **input = job->inputs; *input; input++)
    {
      char *identity = get_identity (*input);

      if (identity)
        g_hash_table_add (read, identity);
    }

  for (guint i = 0; i < job->outputs->len; i++)
    {
      char            *output   = job->outputs->pdata[i];
      g_autofree char *identity = get_identity (output);

      if (identity && g_hash_table_contains (read, identity))
        {
          g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                       _("“%s” would take the place of a picture that is read: "
                         "choose another name or folder"), output);
          return FALSE;
        }
      if (! g_hash_table_add (written, output))
        {
          g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                       _("two pictures would both become “%s”: apply them one after the other"),
                       output);
          return FALSE;
        }
    }
  return TRUE;
}

/* ---- Ctrl-C ------------------------------------------------------------------------------- */

static gboolean
on_signal (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_CONTINUE;
}

static gpointer
wait_for_signals (gpointer context)
{
  while (TRUE)
    g_main_context_iteration (context, TRUE);
  return NULL;
}

/* From now on Ctrl-C cancels, so that nothing is left half written.  A thread that waits for the
 * signals can do what a signal handler must not; it and what it uses stay until the process
 * ends. */
static GCancellable *
cancel_on_signals (void)
{
  static const int  numbers[]   = { SIGINT, SIGTERM };
  GCancellable     *cancellable = g_cancellable_new ();
  GMainContext     *context     = g_main_context_new ();

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (GSource) source = NULL;
      struct sigaction    action;

      /* What the shell has us ignore, in the background, stays ignored. */
      if (sigaction (numbers[i], NULL, &action) == 0 && action.sa_handler == SIG_IGN)
        continue;

      source = g_unix_signal_source_new (numbers[i]);
      g_source_set_callback (source, on_signal, cancellable, NULL);
      g_source_attach (source, context);
    }
  g_thread_unref (g_thread_new ("signals", wait_for_signals, context));
  return cancellable;
}

/* ---- The work ----------------------------------------------------------------------------- */

static gboolean
apply_one (P2pModel      *model,
           const Job     *job,
           guint          index,
           P2pBar        *bar,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr (P2pImage) image  = NULL;
  g_autoptr (P2pImage) result = NULL;
  g_autofree char     *name   = g_filename_display_basename (job->inputs[index]);
  g_autofree char     *label  = g_strdup_printf ("%u/%u %s", index + 1, job->outputs->len, name);

  p2p_bar_label (bar, label);

  image = p2p_image_load (job->inputs[index], error);
  if (! image)
    return FALSE;

  result = p2p_apply (model, image, &job->options, p2p_bar_update, bar, cancellable, error);
  if (! result || g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      g_prefix_error (error, "%s: ", name);
      return FALSE;
    }

  p2p_bar_update (1.0, bar);
  return p2p_image_save (result, job->outputs->pdata[index], error);
}

static int
apply_all (const Job *job)
{
  GCancellable        *cancellable = cancel_on_signals ();
  g_autoptr (GError)   error       = NULL;
  g_autoptr (P2pModel) model       = p2p_model_open (job->model, &error);
  g_autoptr (P2pBar)   bar         = NULL;
  int                  status      = P2P_CLI_DONE;

  if (! model)
    {
      p2p_cli_report (error);
      return P2P_CLI_FAILED;
    }
  p2p_model_set_threads (model, job->n_threads);

  bar = p2p_bar_new (job->quiet);
  for (guint i = 0; i < job->outputs->len && ! g_cancellable_is_cancelled (cancellable); i++)
    {
      g_autoptr (GError) problem = NULL;

      if (apply_one (model, job, i, bar, cancellable, &problem))
        continue;

      p2p_bar_clear (bar);
      p2p_cli_report (problem);
      status = P2P_CLI_FAILED;
    }
  return g_cancellable_is_cancelled (cancellable) ? P2P_CLI_FAILED : status;
}

int
p2p_cli_apply (int    argc,
               char **argv)
{
  g_auto (Job)       job   = { 0 };
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &job.model,
      N_("the model: an id that “pix2pix models” lists, or a file"), N_("ID|FILE") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &job.out,
      N_("the result (.png or .jpg), or a folder for the results of several pictures"),
      N_("OUT|FOLDER") },
    { "scale", 0, 0, G_OPTION_ARG_STRING, &job.scale,
      N_("working size: the picture's own, or its longer side in pixels (default: the model's)"),
      "native|fit:N" },
    { "statistics", 0, 0, G_OPTION_ARG_STRING, &job.statistics,
      N_("normalise by the picture's statistics or those of training (default: the model's)"),
      "image|running" },
    { "noise", 0, 0, G_OPTION_ARG_STRING, &job.noise,
      N_("vary the result: dropout with this seed"), N_("SEED") },
    { "strength", 0, 0, G_OPTION_ARG_STRING, &job.strength,
      N_("mix with the original: 0 leaves it, 1 is the full result"), "0…1" },
    { "threads", 0, 0, G_OPTION_ARG_STRING, &job.threads,
      N_("threads that compute (default: one for each processor)"), "N" },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &job.quiet, N_("no progress bar"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &job.inputs, NULL, NULL },
    { NULL }
  };

  if (! p2p_cli_parse (&argc, &argv, entries, _("IN… - turn pictures into others"),
                       _("Errors of one picture do not keep the others from being done."),
                       "apply --model facade labels.png -o photo.png"))
    return P2P_CLI_USAGE;

  if (! read_options (&job, &error) || ! name_outputs (&job, &error) ||
      ! check_outputs (&job, &error))
    return p2p_cli_usage (error);

  return apply_all (&job);
}
