/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* `pix2pix eval` measures how near a model's pictures are to their targets. */

#include "cli.h"

#include "base/intl.h"
#include "models/model.h"
#include "train/crop.h"
#include "train/evaluate.h"
#include "train/option-table.h"
#include "train/sheet.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>

/* The pictures' side in pixels if the card does not say at which size the model was trained. */
#define DEFAULT_SIZE 256

#define MAX_DOTS 10000

typedef struct
{
  char        *model, *data, *mode, *direction;   /* as given, or NULL */
  char        *pictures, *first, *threads, *hint_dots, *lines, *scale, *flat, *back;
  gboolean     json, quiet;

  P2pDataKind  kind;
  gboolean     whole;      /* --scale train: pictures are seen as in the training's validation */
  int          fit;        /* otherwise: their longer side in pixels; 0 keeps their size */
  int          n, n_threads;
  GArray      *dots;       /* guint: the numbers of hints; each gets an evaluation of its own */
  P2pBar      *bar;
  guint        length;     /* entries of the data set that each evaluation sees */
  guint        round;      /* which evaluation is running: an index in dots */
  P2pModel    *network;    /* the opened model */
  P2pModel    *returning;  /* the opened model of --back; NULL: there is none */
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
  g_free (job->scale);
  g_free (job->flat);
  g_free (job->back);
  g_array_unref (job->dots);
  g_clear_pointer (&job->returning, p2p_model_close);
  g_clear_pointer (&job->bar, p2p_bar_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

/* Reads numbers separated by commas.  Without --hint-dots there is one evaluation without hints. */
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
read_scale (Job     *job,
            GError **error)
{
  job->whole = ! job->scale || strcmp (job->scale, "train") == 0;
  if (job->whole || p2p_scale_parse (job->scale, &job->fit))
    return TRUE;
  g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
               _("--scale wants train, native or fit:N with the longer side in pixels, not “%s”"),
               job->scale);
  return FALSE;
}

static gboolean
check_flat (const Job  *job,
            GError    **error)
{
  if (! job->flat || strcmp (job->flat, "inputs") == 0 || strcmp (job->flat, "targets") == 0)
    return TRUE;
  g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION, _("--flat wants inputs or targets, not “%s”"),
               job->flat);
  return FALSE;
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
                                             "folders, colorize, sketch or unpaired"));
      return FALSE;
    }
  if (! p2p_train_options_set (&options, p2p_train_option_find ("mode"), job->mode, error) ||
      (job->direction && ! p2p_train_options_set (&options, p2p_train_option_find ("direction"),
                                                  job->direction, error)))
    return FALSE;
  job->kind = (P2pDataKind) { options.mode, options.b_to_a, .lines = job->lines };
  job->n = G_MAXINT;
  return read_dots (job, error) && read_scale (job, error) && check_flat (job, error) &&
         p2p_cli_integer ("--first", job->first, 1, G_MAXINT, &job->n, error) &&
         p2p_cli_integer ("--threads", job->threads, 1, P2P_CLI_MAX_THREADS, &job->n_threads,
                          error);
}

static gboolean
check_back (const Job  *job,
            GError    **error)
{
  if (! job->back || job->kind.mode == P2P_DATA_UNPAIRED)
    return TRUE;
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_OPTION, _("--back is for --mode unpaired"));
  return FALSE;
}

/* Checks that the input and the output on the card suit the mode. */
static gboolean
check_model (Job       *job,
             P2pModel  *model,
             GError   **error)
{
  job->kind.inputs = model->card->inputs;
  job->kind.output = model->card->output;
  if (! p2p_data_kind_check (&job->kind, error) || ! check_back (job, error))
    return FALSE;
  if (! job->hint_dots || p2p_inputs_take_hints (&model->card->inputs))
    return TRUE;
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_OPTION,
                       _("The model takes no color hints: leave out --hint-dots"));
  return FALSE;
}

/* ---- The work ----------------------------------------------------------------------------- */

static void
leave_out (const Job  *job,
           const char *message)
{
  p2p_bar_clear (job->bar);
  g_printerr (_("pix2pix: left out: %s\n"), message);
}

static void
on_skip (P2pDataset *dataset,
         guint       index,
         const char *message,
         gpointer    data)
{
  leave_out (data, message);
}

static gboolean
on_picture (const P2pEvaluated  *evaluated,
            guint                index,
            gpointer             data,
            GError             **error)
{
  const Job           *job  = data;
  const float *const   all[] = { evaluated->input, evaluated->output, evaluated->target };
  const guint          dots = g_array_index (job->dots, guint, job->round);
  g_autofree char     *name = job->hint_dots
                              ? g_strdup_printf ("%s-%u.png", evaluated->name, dots)
                              : g_strconcat (evaluated->name, ".png", NULL);
  g_autofree char     *path = NULL;
  g_autoptr (P2pImage) sheet = NULL;

  p2p_bar_update ((job->round + (index + 1.0) / job->length) / job->dots->len, job->bar);
  if (! job->pictures)
    return TRUE;
  sheet = p2p_sheet_row (evaluated->w, evaluated->h, all, G_N_ELEMENTS (all), error);
  path = g_build_filename (job->pictures, name, NULL);
  return sheet && p2p_image_save (sheet, path, error);
}

/* Opens the folder of pictures and reports the files that are left out. */
static P2pDataset *
open_data (Job     *job,
           GError **error)
{
  g_autoptr (P2pDataset) dataset = p2p_dataset_new (job->data, &job->kind, P2P_DATA_VALIDATE,
                                                    (P2pSize) { 1, 1 }, error);

  for (P2pDataset *one = dataset; one; one = p2p_dataset_partner (one))
    {
      const GPtrArray *left_out = p2p_dataset_listing (one)->left_out;

      for (guint i = 0; i < left_out->len; i++)
        leave_out (job, left_out->pdata[i]);
    }
  return dataset && p2p_dataset_check (dataset, job->data, error) ? g_steal_pointer (&dataset)
                                                                 : NULL;
}

/* Sets options to those of the model's training, so that pictures are seen as its validation saw
 * them.  If the card does not have them, or they do not agree with its train_size, the training is
 * assumed to have seen squares of that size, or of DEFAULT_SIZE if that is unknown. */
static void
read_training (const P2pCard   *card,
               P2pTrainOptions *options)
{
  const char *text = p2p_card_text (card, "options");
  const int   side = card->train_size ? card->train_size : DEFAULT_SIZE;

  p2p_train_options_init (options);
  if (! text || ! p2p_train_options_from_text (options, text) ||
      p2p_view_train_size (options) != card->train_size)
    {
      p2p_train_options_clear (options);
      p2p_train_options_init (options);
      options->crop_size = (P2pSize) { side, side };
    }
  p2p_train_options_from_card (options, card);
}

/* The P2pEvaluation's graph ().  Statistics and dropout are as the model's card says. */
static P2pGraph *
get_graph (int        w,
           int        h,
           P2pNode  **input,
           P2pNode  **output,
           gpointer   data,
           GError   **error)
{
  const P2pApplyOptions options = P2P_APPLY_DEFAULTS;
  P2pModel             *model   = ((const Job *) data)->network;
  P2pGraph             *graph   = p2p_model_graph (model, w, h, p2p_model_mode (model, &options),
                                                   error);

  *input  = model->input;
  *output = model->output;
  return graph;
}

/* Opens the model of --back, and checks that it goes from the model's output to its input. */
static gboolean
open_back (Job     *job,
           GError **error)
{
  const P2pInputs back = p2p_inputs_of_output (job->kind.output);

  if (! job->back)
    return TRUE;
  job->returning = p2p_model_open (job->back, NULL, error);
  if (! job->returning)
    return FALSE;
  p2p_model_set_threads (job->returning, job->n_threads);
  if (p2p_inputs_equal (&job->returning->card->inputs, &back) &&
      p2p_outputs[job->returning->card->output].channels
      == p2p_inputs_channels (&job->kind.inputs))
    return TRUE;
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_OPTION,
                       _("The model of --back does not take what the model makes, or does not make "
                         "what it takes: name the model of the way back with --back"));
  return FALSE;
}

static void
tell_warnings (const Job  *job,
               P2pDataset *dataset)
{
  char *warning;

  while ((warning = p2p_dataset_take_warning (dataset)))
    {
      p2p_bar_clear (job->bar);
      g_printerr ("pix2pix: %s\n", warning);
      g_free (warning);
    }
}

/* Runs one evaluation for each number of hints.  metrics has room for all of them. */
static gboolean
evaluate (Job         *job,
          P2pModel    *model,
          P2pMetrics  *metrics,
          GError     **error)
{
  g_autoptr (P2pDataset)   dataset = open_data (job, error);
  g_auto (P2pTrainOptions) training = { 0 };
  P2pEvaluation            evaluation = {
    /* A graph alone has no frame. */
    .graph = job->whole && ! model->card->frame ? get_graph : NULL, .model = model,
    .options = job->whole ? &training : NULL, .fit = job->fit, .dataset = dataset,
    .like = dataset ? p2p_dataset_partner (dataset) : NULL, .kind = job->kind, .n = job->n,
    .flat_targets = job->flat && strcmp (job->flat, "targets") == 0,
    .skip = on_skip, .tell = on_picture, .data = job,
  };
  GCancellable            *cancellable;
  gboolean                 done = TRUE;

  if (! dataset || ! open_back (job, error))
    return FALSE;
  read_training (model->card, &training);
  evaluation.back = job->returning;
  job->network = model;
  if (job->pictures && g_mkdir_with_parents (job->pictures, 0777))
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                   _("The folder “%s” cannot be made: %s"), job->pictures, g_strerror (errno));
      return FALSE;
    }
  job->length = MIN ((guint) job->n, p2p_dataset_length (dataset));
  cancellable = p2p_cli_cancel_on_signals ();
  for (job->round = 0; done && job->round < job->dots->len; job->round++)
    {
      evaluation.n_dots = g_array_index (job->dots, guint, job->round);
      done = p2p_evaluate (&evaluation, cancellable, metrics + job->round, error);
      tell_warnings (job, dataset);
    }
  return done;
}

static void
add_metrics (JsonBuilder      *builder,
             const P2pMetrics *metrics)
{
  p2p_json_int (builder, "pictures", metrics->n);
  if (! isnan (metrics->l1))
    p2p_json_double (builder, "l1", metrics->l1);
  if (! isnan (metrics->psnr))
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
  if (! isnan (metrics->cycle))
    p2p_json_double (builder, "cycle", metrics->cycle);
  if (! isnan (metrics->style))
    p2p_json_double (builder, "style", metrics->style);
  if (! isnan (metrics->grid))
    p2p_json_double (builder, "grid_energy", metrics->grid);
  if (! isnan (metrics->sharpness))
    p2p_json_double (builder, "sharpness", metrics->sharpness);
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

/* What --help says about the metrics. */
static const char legend[] =
  N_("L1         mean absolute difference from the target, for values in [-1, 1]\n"
     "PSNR       peak signal-to-noise ratio in dB; higher is nearer to the target\n"
     "SSIM       structural similarity (11 × 11 Gaussian window, σ 1.5); 1 means equal\n"
     "grid       energy of a grid of period 8 in flat areas; 1 means no grid\n"
     "sharpness  mean gradient divided by the target's; 1 means equally sharp\n"
     "cycle      unpaired: mean difference from the input after the way there and back\n"
     "style      unpaired: distance of colors and texture from the other folder, in Lab\n"
     "\n"
     "Grid and sharpness are measured in luma, or in chroma for models that find colors.\n"
     "Statistics and dropout are as the model's card says.");

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
         "color, colored drawings, or pictures in the folders A and B that are no pairs"),
      "aligned|folders|colorize|sketch|unpaired" },
    { "back", 0, 0, G_OPTION_ARG_FILENAME, &job.back,
      N_("for unpaired: the model of the way back, which is needed to measure the cycle"),
      N_("ID|FILE") },
    { "direction", 0, 0, G_OPTION_ARG_STRING, &job.direction,
      N_("which side becomes which (default: AtoB)"), "AtoB|BtoA" },
    { "hint-dots", 0, 0, G_OPTION_ARG_STRING, &job.hint_dots,
      N_("give each picture N hints with its true colors; several numbers make one evaluation "
         "each"), "N,N…" },
    { "lines", 0, 0, G_OPTION_ARG_FILENAME, &job.lines,
      N_("for sketch: a folder of line drawings, named like the pictures, to use instead of lines "
         "that are computed from the pictures"), N_("FOLDER") },
    { "scale", 0, 0, G_OPTION_ARG_STRING, &job.scale,
      N_("the size of the pictures: train shows them as in the training (default), native at their "
         "own size, fit:N in their own shape with a longer side of N pixels"),
      "train|native|fit:N" },
    { "flat", 0, 0, G_OPTION_ARG_STRING, &job.flat,
      N_("measure the grid where the model's inputs are flat (default), or where the targets are "
         "flat"), "inputs|targets" },
    { "first", 0, 0, G_OPTION_ARG_STRING, &job.first, N_("use only the first N pictures"), "N" },
    { "pictures", 0, 0, G_OPTION_ARG_FILENAME, &job.pictures,
      N_("also write pictures of input, output and target side by side"), N_("FOLDER") },
    { "threads", 0, 0, G_OPTION_ARG_STRING, &job.threads,
      N_("threads that compute (default: one for each processor)"), "N" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &job.json, N_("print JSON"), NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &job.quiet, N_("no progress bar"), NULL },
    { NULL }
  };

  if (! p2p_cli_parse (&argc, &argv, entries, _("- compare a model's pictures with targets"),
                       _(legend),
                       "eval --model facade --data facades/val --mode aligned --direction BtoA"))
    return P2P_CLI_USAGE;

  if (! p2p_cli_no_more (argc, argv))
    return P2P_CLI_USAGE;
  if (! read_options (&job, &error))
    return p2p_cli_usage (error);
  return run (&job);
}
