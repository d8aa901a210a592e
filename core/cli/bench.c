/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* `pix2pix bench` measures how long a forward of a model's network takes on this computer, after
 * warm-up. */

#include "cli.h"

#include "base/intl.h"
#include "base/random.h"
#include "models/model.h"

/* Warm-up ends after either of its two limits, measuring only after both of them. */
#define WARM_UP_RUNS     5
#define WARM_UP_SECONDS  2.0
#define MEASURED_RUNS    10
#define MEASURED_SECONDS 3.0

/* The picture's side in pixels if the card does not say at which size the model was trained. */
#define DEFAULT_SIZE 256

typedef struct
{
  int      width, height;
  int      n_threads;
  gboolean running;
  int      n;                    /* number of forwards that were measured */
  double   median_ms, min_ms;
  double   gflop;                /* floating point operations of one forward, in 10⁹ */
} Result;

static void
fill_input (P2pNode *input)
{
  const gsize n = p2p_node_size (input);

  for (gsize i = 0; i < n; i++)
    input->x[i] = 2.0 * p2p_random_uniform (1, 0, i) - 1.0;
}

/* Returns the milliseconds of one forward.  The input is filled each time, because the forward
 * reuses its memory for other values. */
static double
time_forward (P2pModel *model)
{
  gint64 start;

  fill_input (model->input);
  start = g_get_monotonic_time ();
  p2p_graph_forward (model->graph, 0, NULL, NULL, NULL, NULL);
  return (g_get_monotonic_time () - start) / 1000.0;
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  const double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

static void
measure (P2pModel *model,
         Result   *result)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  const double      *sorted;
  double             total = 0.0;

  for (int i = 0; i < WARM_UP_RUNS && total < WARM_UP_SECONDS * 1000.0; i++)
    total += time_forward (model);

  total = 0.0;
  while (times->len < MEASURED_RUNS || total < MEASURED_SECONDS * 1000.0)
    {
      double time = time_forward (model);

      g_array_append_val (times, time);
      total += time;
    }

  g_array_sort (times, compare_doubles);
  sorted = (const double *) times->data;
  result->n         = times->len;
  result->min_ms    = sorted[0];
  result->median_ms = (sorted[(times->len - 1) / 2] + sorted[times->len / 2]) / 2.0;
  result->gflop     = model->graph->flops / 1e9;
}

static void
print_json (const Result *result)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  p2p_json_double (builder, "median_ms", result->median_ms);
  p2p_json_double (builder, "min_ms", result->min_ms);
  p2p_json_int (builder, "n", result->n);
  p2p_json_double (builder, "gflop", result->gflop);
  p2p_json_double (builder, "gflop_per_s", result->gflop / result->median_ms * 1000.0);
  p2p_json_int (builder, "width", result->width);
  p2p_json_int (builder, "height", result->height);
  p2p_json_int (builder, "threads", result->n_threads);
  p2p_json_string (builder, "statistics", result->running ? "running" : "image");
  json_builder_end_object (builder);
  p2p_json_print (builder);
}

static void
print_text (const Result *result)
{
  g_print (_("%d × %d pixels, %s statistics, %d threads: "
             "median %.1f ms, best %.1f ms of %d forwards (%.1f GFLOP/s)\n"),
           result->width, result->height, result->running ? "running" : "image",
           result->n_threads, result->median_ms, result->min_ms, result->n,
           result->gflop / result->median_ms * 1000.0);
}

/* Sets the picture's size to the size of training, unless --size has set it.  Then rounds it up to
 * multiples that the network can take. */
static void
choose_size (const P2pCard *card,
             Result        *result)
{
  const int side = card->net->side_multiple (&card->options);

  if (result->width == 0)
    result->width = result->height = card->train_size > 0 ? card->train_size : DEFAULT_SIZE;
  result->width  = (result->width + side - 1) / side * side;
  result->height = (result->height + side - 1) / side * side;
}

static gboolean
bench (const char             *name,
       const P2pApplyOptions  *options,
       Result                 *result,
       GError                **error)
{
  g_autoptr (P2pModel) model = p2p_model_open (name, NULL, error);
  P2pModelMode         mode;

  if (! model)
    return FALSE;

  p2p_model_set_threads (model, result->n_threads);
  choose_size (model->card, result);
  mode = p2p_model_mode (model, options);
  result->n_threads = p2p_parallel_n_threads (model->parallel);
  result->running   = mode.running;
  if (! p2p_model_graph (model, result->width, result->height, mode, error))
    return FALSE;

  if (! p2p_graph_allocate (model->graph, error))
    return FALSE;
  measure (model, result);
  return TRUE;
}

int
p2p_cli_bench (int    argc,
               char **argv)
{
  g_autofree char   *name = NULL, *size = NULL, *threads = NULL, *statistics = NULL;
  g_autoptr (GError) error     = NULL;
  P2pApplyOptions    options   = P2P_APPLY_DEFAULTS;
  Result             result    = { 0 };
  gboolean           json      = FALSE;
  const GOptionEntry entries[] = {
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &name,
      N_("the model: an id that “pix2pix models” lists, or a file"), N_("ID|FILE") },
    { "size", 0, 0, G_OPTION_ARG_STRING, &size,
      N_("the size of the picture in pixels (default: as in training)"), "N|WxH" },
    { "threads", 0, 0, G_OPTION_ARG_STRING, &threads,
      N_("threads that compute (default: one for each processor)"), "N" },
    { "statistics", 0, 0, G_OPTION_ARG_STRING, &statistics,
      N_("normalize by the picture's statistics or the training's (default: as the card says)"),
      "image|running" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("print JSON"), NULL },
    { NULL }
  };

  if (! p2p_cli_parse (&argc, &argv, entries, _("- measure how fast a model runs here"),
                       _("Measures the network alone, without reading and writing pictures, after "
                         "a warm-up."),
                       "bench --model facade --size 256") ||
      ! p2p_cli_no_more (argc, argv))
    return P2P_CLI_USAGE;

  if (! name)
    g_set_error_literal (&error, P2P_ERROR, P2P_ERROR_OPTION,
                         _("name a model with --model; “pix2pix models” lists them"));
  if (! name ||
      ! p2p_cli_size ("--size", size, TRUE, &result.width, &result.height, &error) ||
      ! p2p_cli_integer ("--threads", threads, 1, P2P_CLI_MAX_THREADS, &result.n_threads,
                         &error) ||
      ! p2p_cli_statistics ("--statistics", statistics, &options.statistics, &error))
    return p2p_cli_usage (error);

  if (! bench (name, &options, &result, &error))
    {
      p2p_cli_report (error);
      return P2P_CLI_FAILED;
    }

  if (json)
    print_json (&result);
  else
    print_text (&result);
  return P2P_CLI_DONE;
}
