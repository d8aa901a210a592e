/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How fast the network is, for tests/bench:
 *
 *   bench layers NET SIZE THREADS [json]
 *     Measures the default network NET (unet_256, resnet_9) with random weights, layer by layer,
 *     against what sgemm reaches on these threads.  The operations of a convolution are counted as
 *     those of a direct one.  Its normalized squared error is relative to the definition.
 *
 *   bench gemm THREADS
 *     Prints what sgemm reaches, in GFLOP/s.
 *
 *   bench serve MODEL N SIZE image|running THREADS INPUT OUTPUT
 *     Computes OUTPUT from INPUT once (raw floats of N pictures).  Then, for each number that it
 *     reads, it runs that many forwards and prints their milliseconds, so that other programs can
 *     be measured in between.
 *
 *   bench step NGF BATCH THREADS
 *     Does the same with training steps of pix2pix.  unet_256 and PatchGAN have their defaults,
 *     except for the number of channels of their first layers. */

#include "base/blas.h"
#include "models/model.h"
#include "ops/conv.h"
#include "ops/packed.h"
#include "sampled.h"
#include "train/option-table.h"
#include "train/presets.h"
#include "train/recipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS    15
#define GEMM_SIDE 768     /* side of the square matrices that show sgemm's peak */

static double
now_ms (void)
{
  return g_get_monotonic_time () / 1000.0;
}

static int
compare_doubles (const void *a,
                 const void *b)
{
  const double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

/* The median of times in milliseconds.  It is at least the clock's resolution, so one may divide by
 * it. */
static double
median (double *values,
        int     n)
{
  qsort (values, n, sizeof (double), compare_doubles);
  return MAX (values[n / 2], 0.001);
}

static void
fill_random (p2p_real *values,
             gsize     n)
{
  for (gsize i = 0; i < n; i++)
    values[i] = 2.0 * p2p_random_uniform (1, 0, i) - 1.0;
}

/* ---- sgemm -------------------------------------------------------------------------------- */

/* Each chunk multiplies the thread's own matrices A and B into C. */
static void
multiply (int      chunk,
          int      worker,
          gpointer data)
{
  const gsize  n = GEMM_SIDE * GEMM_SIDE;
  p2p_real    *a = (p2p_real *) data + worker * 3 * n;

  p2p_gemm (GEMM_SIDE, GEMM_SIDE, GEMM_SIDE, a, GEMM_SIDE, a + n, GEMM_SIDE, 0, a + 2 * n,
            GEMM_SIDE);
}

/* The GFLOP/s of the best round. */
static double
measure_gemm (P2pParallel *parallel)
{
  const int    n_threads = p2p_parallel_n_threads (parallel);
  const int    n_chunks  = 4 * n_threads;
  const gsize  n         = (gsize) n_threads * 3 * GEMM_SIDE * GEMM_SIDE;
  p2p_real    *matrices  = g_new (p2p_real, n);
  double       best      = G_MAXDOUBLE;

  fill_random (matrices, n);
  for (int round = 0; round < ROUNDS; round++)
    {
      const double start = now_ms ();

      p2p_parallel_for (parallel, n_chunks, multiply, matrices);
      best = MIN (best, now_ms () - start);
    }
  g_free (matrices);
  return 2.0 * GEMM_SIDE * GEMM_SIDE * GEMM_SIDE * n_chunks / best / 1e6;
}

/* ---- Layer by layer ----------------------------------------------------------------------- */

static SampledPicture
picture (const P2pNode *node)
{
  return (SampledPicture) { node->x, node->n, node->h, node->w, node->c };
}

/* The normalized squared error of a convolution that has just run. */
static double
find_error (const P2pNode *node)
{
  const P2pConvAttr *attr = p2p_conv_attr (node);
  const P2pNode     *x = node->inputs[P2P_CONV_X], *bias = node->inputs[P2P_CONV_BIAS];
  const Sampled      definition = {
    picture (attr->transposed ? node : x), picture (attr->transposed ? x : node),
    node->inputs[P2P_CONV_WEIGHT]->param->value, bias ? bias->param->value : NULL,
    attr->k, attr->s, attr->p };

  return sampled_error (&definition, attr->transposed ? sampled_p : sampled_q, node->x,
                        p2p_node_size (node));
}

static gboolean
is_convolution (const P2pNode *node)
{
  return g_str_has_prefix (node->op->name, "conv") && node->algorithm;
}

/* Measures the milliseconds of each node, ROUNDS times, and the errors of convolutions. */
static void
time_nodes (P2pGraph *graph,
            P2pNode  *input,
            double   *times,
            double   *errors)
{
  for (int round = -2; round < ROUNDS; round++)
    {
      fill_random (input->x, p2p_node_size (input));
      for (guint i = 0; i < graph->nodes->len; i++)
        {
          P2pNode     *node  = graph->nodes->pdata[i];
          const double start = now_ms ();

          if (! node->op)
            continue;
          node->op->forward (graph, node);
          if (round >= 0)
            times[i * ROUNDS + round] = now_ms () - start;
          else if (is_convolution (node))
            errors[i] = find_error (node);
        }
    }
}

static void
print_nodes (const P2pGraph *graph,
             double         *times,
             const double   *errors,
             double          peak)
{
  double convolutions = 0.0, rest = 0.0, flops = 0.0;

  printf ("%-18s %-16s %-24s %8s %8s %9s %6s %8s\n", "op", "h×w×c", "algorithm", "MFLOP", "ms",
          "GFLOP/s", "peak", "error");
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      const P2pNode   *node  = graph->nodes->pdata[i];
      g_autofree char *shape = g_strdup_printf ("%d×%d×%d", node->h, node->w, node->c);
      double           ms;

      if (! node->op)
        continue;
      ms = median (times + i * ROUNDS, ROUNDS);
      if (! is_convolution (node))
        {
          rest += ms;
          continue;
        }
      printf ("%-18s %-16s %-24s %8.1f %8.2f %9.1f %5.0f%% %8.0e\n", node->op->name, shape,
              node->algorithm, node->flops / 1e6, ms, node->flops / ms / 1e6,
              100.0 * node->flops / ms / 1e6 / peak, errors[i]);
      convolutions += ms;
      flops += node->flops;
    }
  printf ("convolutions together: %.1f ms, %.1f GFLOP/s, %.0f%% of sgemm's %.1f; "
          "the rest: %.1f ms\n",
          convolutions, flops / convolutions / 1e6, 100.0 * flops / convolutions / 1e6 / peak,
          peak, rest);
}

static void
print_json (const P2pGraph *graph,
            double         *times,
            const double   *errors,
            double          peak)
{
  const char *comma = "";

  printf ("{\"isa\": \"%s\", \"sgemm_gflops\": %.1f, \"layers\": [", p2p_isa_name (), peak);
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      const P2pNode *node = graph->nodes->pdata[i];
      double         ms;

      if (! node->op)
        continue;
      ms = median (times + i * ROUNDS, ROUNDS);
      printf ("%s\n  {\"op\": \"%s\", \"scope\": \"%s\", \"shape\": [%d, %d, %d], "
              "\"algorithm\": \"%s\", \"ms\": %.3f, \"gflops\": %.1f, \"of_peak\": %.3f, "
              "\"error\": %.1e}",
              comma, node->op->name, node->scope, node->h, node->w, node->c,
              node->algorithm ? node->algorithm : "", ms, node->flops / ms / 1e6,
              node->flops / ms / 1e6 / peak, errors[i]);
      comma = ",";
    }
  printf ("]}\n");
}

static void
bench_layers (const P2pNet *net,
              int           size,
              int           n_threads,
              gboolean      json)
{
  g_autoptr (P2pParallel)  parallel = p2p_parallel_new (n_threads);
  g_autoptr (P2pParams)    params   = p2p_params_new ();
  P2pGraphOptions          options  = { P2P_STATS_OWN, NULL, FALSE };
  g_autoptr (P2pStats)     stats    = NULL;
  g_autoptr (P2pGraph)     declared = p2p_graph_new (params, parallel, &options);
  g_autoptr (P2pGraph)     graph    = NULL;
  g_autoptr (GError)       error    = NULL;
  g_autofree double       *times    = NULL, *errors = NULL;
  P2pNode                 *input;

  net->build (p2p_at (declared), p2p_input (declared, 1, size, size, 3), &net->defaults);
  p2p_params_init (params, 1, NULL);
  stats = p2p_stats_from_params (params);

  options = (P2pGraphOptions) { P2P_STATS_GIVEN, stats, FALSE };
  graph   = p2p_graph_new (params, parallel, &options);
  input   = p2p_input (graph, 1, size, size, 3);
  p2p_output (net->build (p2p_at (graph), input, &net->defaults));
  if (! p2p_graph_plan (graph, &error))
    g_error ("%s", error->message);
  /* The ops have allocated what they keep only after the first forward. */
  if (! p2p_graph_forward (graph, 0, NULL, NULL, NULL, &error))
    g_error ("%s", error->message);

  times = g_new0 (double, graph->nodes->len * ROUNDS);
  errors = g_new0 (double, graph->nodes->len);
  time_nodes (graph, input, times, errors);
  (json ? print_json : print_nodes) (graph, times, errors, measure_gemm (parallel));
}

static void
bench_gemm (int n_threads)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (n_threads);

  printf ("%.1f\n", measure_gemm (parallel));
}

/* ---- For comparisons ---------------------------------------------------------------------- */

static double
time_forward (P2pModel   *model,
              const char *values)
{
  double start;

  memcpy (model->input->x, values, p2p_node_size (model->input) * sizeof (p2p_real));
  start = now_ms ();
  p2p_graph_forward (model->graph, 0, NULL, NULL, NULL, NULL);
  return now_ms () - start;
}

static void
serve (const char  *model_path,
       int          n,
       int          size,
       gboolean     running,
       int          n_threads,
       const char  *input_path,
       const char  *output_path)
{
  g_autoptr (GError)    error  = NULL;
  g_autoptr (P2pModel)  model  = p2p_model_open (model_path, NULL, &error);
  g_autofree char      *values = NULL;
  const P2pModelMode    mode   = { .running = running };
  gsize                 n_bytes;
  char                  line[32];

  if (model)
    p2p_model_set_threads (model, n_threads);
  if (! model || ! p2p_model_batch (model, n, size, size, mode, &error)
      || ! g_file_get_contents (input_path, &values, &n_bytes, &error))
    g_error ("%s", error->message);
  g_assert (n_bytes == p2p_node_size (model->input) * sizeof (p2p_real));

  p2p_graph_allocate (model->graph, NULL);
  time_forward (model, values);
  if (! g_file_set_contents (output_path, (const char *) model->output->x,
                             p2p_node_size (model->output) * sizeof (p2p_real), &error))
    g_error ("%s", error->message);

  printf ("ready\n");
  fflush (stdout);
  while (fgets (line, sizeof line, stdin))
    {
      for (int i = atoi (line); i > 0; i--)
        printf ("%.3f ", time_forward (model, values));
      printf ("\n");
      fflush (stdout);
    }
}

/* ---- Training ----------------------------------------------------------------------------- */

/* Sets the options that words holds, or a preset's options, as on a command line. */
static void
set_options (P2pTrainOptions  *options,
             char            **words)
{
  for (; *words; words++)
    {
      const P2pTrainOption *option = p2p_train_option_find (*words + strspn (*words, "-"));
      g_autoptr (GError)    error = NULL;
      const char           *wants = NULL;

      if (strcmp (*words, "--preset") == 0)
        {
          if (! p2p_train_preset_set (p2p_train_preset_find (*++words, &error), options, &error))
            g_error ("%s", error->message);
          continue;
        }
      if (! option)
        g_error ("no option %s", *words);
      p2p_train_option_help (option, &wants);
      if (! p2p_train_options_set (options, option, wants ? *++words : "true", &error))
        g_error ("%s", error->message);
    }
}

static P2pTrainOptions
train_options (int    ngf,
               int    batch,
               char **words)
{
  P2pTrainOptions options;

  p2p_train_options_init (&options);
  options.g.ngf = options.ndf = ngf;
  options.batch_size = batch;
  set_options (&options, words);
  options.g.input_nc = options.g.output_nc = 3;
  return options;
}

static void
serve_steps (int    ngf,
             int    batch_size,
             int    n_threads,
             char **words)
{
  P2pTrainOptions         options  = train_options (ngf, batch_size, words);
  const int               n        = options.batch_size * options.accumulate;
  const P2pSize           crop     = options.crop_size;
  const gsize             size     = (gsize) n * crop.width * crop.height * 3;
  g_autofree p2p_real    *values   = g_new (p2p_real, 2 * size);
  const P2pBatch          batch    = { n, crop.height, crop.width, values, values + size };
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (n_threads);
  const P2pRecipe        *recipe   = p2p_recipe_of (&options);
  gpointer                training = recipe->new (&options, parallel, NULL, NULL);
  double                  losses[P2P_MAX_LOSSES];
  guint64                 step     = 0;
  char                    line[32];

  fill_random (values, 2 * size);
  recipe->step (training, &batch, 2e-4, step++, losses, NULL);
  printf ("ready\n");
  fflush (stdout);
  while (fgets (line, sizeof line, stdin))
    {
      for (int i = atoi (line); i > 0; i--)
        {
          const double start = now_ms ();

          recipe->step (training, &batch, 2e-4, step++, losses, NULL);
          printf ("%.3f ", now_ms () - start);
        }
      printf ("\n");
      fflush (stdout);
    }
  recipe->free (training);
}

int
main (int    argc,
      char **argv)
{
  if ((argc == 5 || argc == 6) && ! strcmp (argv[1], "layers") && p2p_net_by_name (argv[2]))
    bench_layers (p2p_net_by_name (argv[2]), atoi (argv[3]), atoi (argv[4]), argc == 6);
  else if (argc == 3 && ! strcmp (argv[1], "gemm"))
    bench_gemm (atoi (argv[2]));
  else if (argc == 9 && ! strcmp (argv[1], "serve"))
    serve (argv[2], atoi (argv[3]), atoi (argv[4]), ! strcmp (argv[5], "running"), atoi (argv[6]),
           argv[7], argv[8]);
  else if (argc >= 5 && ! strcmp (argv[1], "step"))
    serve_steps (atoi (argv[2]), atoi (argv[3]), atoi (argv[4]), argv + 5);
  else
    {
      fprintf (stderr, "usage: bench layers NET SIZE THREADS [json]\n"
                       "       bench gemm THREADS\n"
                       "       bench serve MODEL N SIZE image|running THREADS INPUT OUTPUT\n"
                       "       bench step NGF BATCH THREADS [OPTION OF A TRAINING…]\n");
      return 2;
    }
  return 0;
}
