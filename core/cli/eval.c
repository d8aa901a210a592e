/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* `pix2pix eval`: how near a model's pictures are to their targets. */

#include "cli.h"

#include "base/intl.h"
#include "models/model.h"
#include "train/evaluate.h"
#include "train/option-table.h"
#include "train/sheet.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>

/* Pixels, where the card does not tell the size of training. */
#define DEFAULT_SIZE 256

#define MAX_DOTS 10000

typedef struct
{
  char        *model, *data, *mode, *direction;   /* as given, or NULL */
  char        *pictures, *first, *threads, *hint_dots, *lines;
  gboolean     json, quiet;

  P2pDataKind  kind;
  int          n, n_threads;
  GArray      *dots;       /* guint: numbers of hints, an evaluation each */
  P2pBar      *bar;
  guint        length;     /* entries that are evaluated */
  guint        round;      /* of the evaluations */
} Job;

static void
job_clear (Job *job)
{
  g_free (job->model);
  g_free (job->data);
  g_free (job->mode);
  g_free (job->direction);
  g_free (job->pictures);
  g_free (job->first);
  g_free (job->threads);
  g_free (job->hint_dots);
  g_free (job->lines);
  g_array_unref (job->dots);
  g_clear_pointer (&job->bar, p2p_bar_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

/* Numbers that commas separate; none given: one evaluation without hints. */
static gboolean
read_dots (Job     *job,
           GError **error)
{
  g_auto (GStrv) numbers = g_strsplit (job->hint_dots ? job->hint_dots : "0", ",", -1);

  for (char **number = numbers; *number; number++)
    {
      int dots = 0;

      if (! p2p_cli_integer ("--hint-dots", *number, 0, MAX_DOTS, &dots, error))
        return FALSE;
      g_array_append_vals (job->dots, &(guint) { dots }, 1);
    }
  return TRUE;
}

static gboolean
read_options (Job     *job,
              GError **error)
{
  P2pTrainOptions options = { 0 };

  if (! job->model || ! job->data || ! job->mode)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_OPTION,
                           ! job->model  ? _("name a model with --model; "
                                             "“pix2pix models” lists them")
                           : ! job->data ? _("name the folder of pictures with --data")
                                         : _("say with --mode what is in the folder: aligned, "
                                             "folders, colorize or sketch"));
      return FALSE;
    }
  if (! p2p_train_options_set (&options, p2p_train_option_find ("mode"), job->mode, error) ||
      (job->direction && ! p2p_train_options_set (&options, p2p_train_option_find ("direction"),
                                                  job->direction, error)))
    return FALSE;
  job->kind = (P2pDataKind) { options.mode, options.b_to_a, .lines = job->lines };
  job->n = G_MAXINT;
  return read_dots (job, error) &&
         p2p_cli_integer ("--first", job->first, 1, G_MAXINT, &job->n, error) &&
         p2p_cli_integer ("--threads", job->threads, 1, P2P_CLI_MAX_THREADS, &job->n_threads,
                          error);
}

/* What the card says of the pictures must be what the mode gives. */
static gboolean
check_model (Job       *job,
             P2pModel  *model,
             GError   **error)
{
  job->kind.inputs = model->card->inputs;
  job->kind.output = model->card->output;
  if (! p2p_data_kind_check (&job->kind, error))
    return FALSE;
  if (! job->hint_dots || p2p_inputs_take_hints (&model->card->inputs))
    return TRUE;
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_OPTION,
                       _("The model takes no color hints: leave out --hint-dots"));
  return FALSE;
}

/* ---- The work ----------------------------------------------------------------------------- */

static void
on_skip (const char *message,
         gpointer    data)
{
  const Job *job = data;

  p2p_bar_clear (job->bar);
  g_printerr (_("pix2pix: left out: %s\n"), message);
}

static gboolean
on_picture (const P2pEvaluated  *evaluated,
            guint                index,
            gpointer             data,
            GError             **error)
{
  const Job           *job  = data;
  const float         *all[] = { evaluated->input, evaluated->output, evaluated->target };
  const guint          dots = g_array_index (job->dots, guint, job->round);
  g_autofree char     *name = job->hint_dots
                              ? g_strdup_printf ("%s-%u.png", evaluated->name, dots)
                              : g_strconcat (evaluated->name, ".png", NULL);
  g_autofree char     *path = NULL;
  g_autoptr (P2pImage) sheet = NULL;

  p2p_bar_update ((job->round + (index + 1.0) / job->length) / job->dots->len, job->bar);
  if (! job->pictures)
    return TRUE;
  sheet = p2p_sheet_new (1, 3, evaluated->side);
  for (int i = 0; i < 3; i++)
    p2p_sheet_put (sheet, evaluated->side, 0, i, all[i]);
  path = g_build_filename (job->pictures, name, NULL);
  return p2p_image_save (sheet, path, error);
}

/* Opens the folder and tells what is left out of it. */
static P2pDataset *
open_data (Job     *job,
           GError **error)
{
  g_autoptr (P2pDataset) dataset = p2p_dataset_new (job->data, &job->kind, P2P_DATA_VALIDATE, 1,
                                                    error);
  const GPtrArray       *left_out = dataset ? p2p_dataset_listing (dataset)->left_out : NULL;

  for (guint i = 0; dataset && i < left_out->len; i++)
    on_skip (left_out->pdata[i], job);
  return dataset && p2p_dataset_check (dataset, job->data, error) ? g_steal_pointer (&dataset)
                                                                 : NULL;
}

/* metrics [as many as numbers of dots] */
static gboolean
evaluate (Job         *job,
          P2pModel    *model,
          P2pMetrics  *metrics,
          GError     **error)
{
  const int              side = model->card->train_size ? model->card->train_size : DEFAULT_SIZE;
  g_autoptr (P2pDataset) dataset = open_data (job, error);
  const P2pApplyOptions  options = P2P_APPLY_DEFAULTS;
  P2pModelMode           mode = p2p_model_mode (model, &options);
  P2pGraph              *graph = dataset ? p2p_model_graph (model, side, side, mode, error) : NULL;
  P2pEvaluation          evaluation = { graph, model->input, model->output, dataset, job->kind,
                                        job->n, .skip = on_skip, .tell = on_picture, .data = job };

  if (! graph)
    return FALSE;
  if (job->pictures && g_mkdir_with_parents (job->pictures, 0777))
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                   _("The folder “%s” cannot be made: %s"), job->pictures, g_strerror (errno));
      return FALSE;
    }
  job->length = MIN ((guint) job->n, p2p_dataset_length (dataset));
  for (job->round = 0; job->round < job->dots->len; job->round++)
    {
      evaluation.n_dots = g_array_index (job->dots, guint, job->round);
      if (! p2p_evaluate (&evaluation, p2p_cli_cancel_on_signals (), metrics + job->round, error))
        return FALSE;
    }
  return TRUE;
}

static void
add_metrics (JsonBuilder      *builder,
             const P2pMetrics *metrics)
{
  p2p_json_int (builder, "pictures", metrics->n);
  p2p_json_double (builder, "l1", metrics->l1);
  p2p_json_double (builder, "psnr", metrics->psnr);
  if (! isnan (metrics->ssim))
    p2p_json_double (builder, "ssim", metrics->ssim);
  if (! isnan (metrics->ab_error))
    p2p_json_double (builder, "ab_error", metrics->ab_error);
  if (! isnan (metrics->gray_error))
    p2p_json_double (builder, "ab_error_of_gray", metrics->gray_error);
  if (! isnan (metrics->chroma))
    p2p_json_double (builder, "chroma_ratio", metrics->chroma);
  if (! isnan (metrics->nearest_error))
    p2p_json_double (builder, "ab_error_of_nearest_hint", metrics->nearest_error);
  if (! isnan (metrics->spread_error))
    p2p_json_double (builder, "ab_error_of_spreading", metrics->spread_error);
  if (! isnan (metrics->obeyed))
    p2p_json_double (builder, "dots_obeyed", metrics->obeyed);
}

static void
tell_json (const Job        *job,
           const P2pMetrics *metrics)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  p2p_json_path (builder, "model", job->model);
  p2p_json_path (builder, "data", job->data);
  if (! job->hint_dots)
    add_metrics (builder, metrics);
  else
    {
      json_builder_set_member_name (builder, "hints");
      json_builder_begin_array (builder);
      for (guint i = 0; i < job->dots->len; i++)
        {
          json_builder_begin_object (builder);
          p2p_json_int (builder, "dots", g_array_index (job->dots, guint, i));
          add_metrics (builder, metrics + i);
          json_builder_end_object (builder);
        }
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
  p2p_json_print (builder);
}

static int
run (Job *job)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (P2pModel) model = p2p_model_open (job->model, NULL, &error);
  g_autofree P2pMetrics *metrics = g_new0 (P2pMetrics, job->dots->len);

  if (model)
    p2p_model_set_threads (model, job->n_threads);
  job->bar = p2p_bar_new (job->quiet);
  if (! model || ! check_model (job, model, &error) ||
      ! evaluate (job, model, metrics, &error))
    {
      p2p_bar_clear (job->bar);
      p2p_cli_report (error);
      return P2P_CLI_FAILED;
    }

  p2p_bar_clear (job->bar);
  if (job->json)
    tell_json (job, metrics);
  for (guint i = 0; i < job->dots->len && ! job->json; i++)
    {
      g_autofree char *text = p2p_metrics_to_text (metrics + i);

      if (job->hint_dots)
        g_print (_("%u hints, "), g_array_index (job->dots, guint, i));
      g_print (_("%u pictures: %s\n"), metrics[i].n, text);
    }
  return P2P_CLI_DONE;
}

int
p2p_cli_eval (int    argc,
              char **argv)
{
  g_auto (Job)       job   = { .dots = g_array_new (FALSE, FALSE, sizeof (guint)) };
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &job.model,
      N_("the model: an id that “pix2pix models” lists, or a file"), N_("ID|FILE") },
    { "data", 'd', 0, G_OPTION_ARG_FILENAME, &job.data, N_("the pictures"), N_("FOLDER") },
    { "mode", 0, 0, G_OPTION_ARG_STRING, &job.mode,
      N_("pairs in one picture (A left, B right), pairs in the folders A and B, any pictures to "
         "color, or colored drawings"), "aligned|folders|colorize|sketch" },
    { "direction", 0, 0, G_OPTION_ARG_STRING, &job.direction,
      N_("what becomes what (default: AtoB)"), "AtoB|BtoA" },
    { "hint-dots", 0, 0, G_OPTION_ARG_STRING, &job.hint_dots,
      N_("give each picture so many hints of its true colors, an evaluation for each number"),
      "N,N…" },
    { "lines", 0, 0, G_OPTION_ARG_FILENAME, &job.lines,
      N_("of sketch: drawn lines by the drawings' names, instead of lines made of the drawings"),
      N_("FOLDER") },
    { "first", 0, 0, G_OPTION_ARG_STRING, &job.first, N_("only the first N pictures"), "N" },
    { "pictures", 0, 0, G_OPTION_ARG_FILENAME, &job.pictures,
      N_("also write input, output and target beside each other"), N_("FOLDER") },
    { "threads", 0, 0, G_OPTION_ARG_STRING, &job.threads,
      N_("threads that compute (default: one for each processor)"), "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &job.json, N_("print JSON"), NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &job.quiet, N_("no progress bar"), NULL },
    { NULL }
  };

  if (! p2p_cli_parse (&argc, &argv, entries, _("- compare a model's pictures with targets"),
                       _("Pictures are scaled to the size of training; L1 is in [-1, 1], PSNR and "
                         "SSIM (11 × 11\nGaussian window, σ 1.5) are of the pictures. "
                         "Statistics and dropout are as the model's card says."),
                       "eval --model facade --data facades/val --mode aligned --direction BtoA"))
    return P2P_CLI_USAGE;

  if (! p2p_cli_no_more (argc, argv))
    return P2P_CLI_USAGE;
  if (! read_options (&job, &error))
    return p2p_cli_usage (error);
  return run (&job);
}
