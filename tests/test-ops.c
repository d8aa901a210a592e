/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Every op against naive loops in double precision, written here.  Built with the float core and with
 * the double core. */

#include <string.h>

#include "ops.h"
#include "plan.h"
#include "testing.h"

#define GUARD_BYTE 0x5a

/* A graph with one op under test; its values are guarded by bytes that no op may touch. */
typedef struct
{
  P2pParams   *params;
  P2pParallel *parallel;
  P2pStats    *stats;
  P2pGraph    *graph;
  P2pNode     *x, *b, *y;    /* inputs and result */
} Fixture;

static Fixture
fixture_new (P2pStatsUse stats_use,
             gboolean    dropout)
{
  Fixture f = { p2p_params_new (), p2p_parallel_new (2), p2p_stats_new () };

  f.graph = p2p_graph_new (f.params, f.parallel,
                           &(P2pGraphOptions) { stats_use, f.stats, dropout });
  return f;
}

static void
fixture_clear (Fixture *f)
{
  p2p_graph_free (f->graph);
  p2p_stats_free (f->stats);
  p2p_params_free (f->params);
  p2p_parallel_free (f->parallel);
}

/* The bytes behind a value, up to the next multiple of the alignment. */
static void
check_guard (const P2pNode *node,
             const char    *what)
{
  const guint8 *end = (const guint8 *) (node->x + p2p_node_size (node));

  for (int i = 0; i < P2P_GUARD; i++)
    if (end[i] != GUARD_BYTE)
      g_error ("%s: byte %d behind %s was written to", what, i, node->scope);
}

static void
run (Fixture    *f,
     const char *what)
{
  p2p_output (f->y);
  if (f->x)
    p2p_output (f->x);
  plan (f->graph);
  memset (f->graph->arena, GUARD_BYTE, f->graph->arena_size);
  if (f->x)
    fill_random (f->x->x, p2p_node_size (f->x), 7);
  if (f->b)
    fill_random (f->b->x, p2p_node_size (f->b), 8);
  forward (f->graph, 1);
  check_guard (f->y, what);
  if (f->x)
    check_guard (f->x, what);
}

/* ---- Convolutions ----------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  gboolean    transposed;
  int         n, h, w, c, out, k, s, p, extra;
  gboolean    bias;
} ConvCase;

static const ConvCase conv_cases[] =
{
  { "first-layer",            FALSE, 1,  64,  64,   3,  16, 4, 2, 1, 0, FALSE },
  { "wide-row-in-parts",      FALSE, 1,   4, 700,   5,   8, 4, 2, 1, 0, TRUE },
  { "batch-of-three",         FALSE, 3,  16,  12,   8,  20, 4, 2, 1, 0, TRUE },
  { "many-channels",          FALSE, 1,   8,   8, 512, 256, 4, 2, 1, 0, FALSE },
  { "bottleneck-one-pixel",   FALSE, 1,   2,   2, 128, 160, 4, 2, 1, 0, FALSE },
  { "stride-1-of-patchgan",   FALSE, 1,  31,  17,  24,   1, 4, 1, 1, 0, TRUE },
  { "3x3-of-resnet",          FALSE, 2,  18,  14,  32,  32, 3, 1, 0, 0, TRUE },
  { "7x7-of-resnet",          FALSE, 1,  22,  26,   3,  24, 7, 1, 0, 0, FALSE },
  { "1x1",                    FALSE, 1,   9,  11,   6,  10, 1, 1, 0, 0, TRUE },
  { "odd-channels",           FALSE, 1,  16,  16,   7, 133, 3, 2, 1, 0, TRUE },
  { "up",                     TRUE,  1,  16,  16,  48,  40, 4, 2, 1, 0, FALSE },
  { "up-from-one-pixel",      TRUE,  1,   1,   1, 160, 128, 4, 2, 1, 0, FALSE },
  { "up-wide-row-in-parts",   TRUE,  1,   3, 300,   9,  11, 4, 2, 1, 0, TRUE },
  { "up-batch",               TRUE,  3,   8,   6,  64,  72, 4, 2, 1, 0, TRUE },
  { "up-last-layer",          TRUE,  1,  40, 150,  32,   3, 4, 2, 1, 0, TRUE },
  { "up-last-layer-batch",    TRUE,  2,   5,   7,  16,   3, 4, 2, 1, 0, TRUE },
  { "up-last-layer-gray",     TRUE,  1,  17,  66,  16,   1, 4, 2, 1, 0, FALSE },
  { "up-3x3-of-resnet",       TRUE,  1,  12,  10,  32,  24, 3, 2, 1, 1, TRUE },
  { "up-3x3-to-few",          TRUE,  1,  21,  70,   8,   2, 3, 2, 1, 1, FALSE },
  { "up-kernel-below-stride", TRUE,  1,   5,   6,   8,  80, 1, 2, 0, 0, FALSE },
  { "up-stride-1",            TRUE,  1,   7,   9,   8,  30, 3, 1, 1, 0, TRUE },
};

/* y [n,h',w',out] by the definition. */
static double *
naive_conv (const ConvCase *t,
            const P2pNode  *x,
            const P2pNode  *y,
            const p2p_real *weight,
            const p2p_real *bias)
{
  double *sum = g_new0 (double, p2p_node_size (y));

  for (int n = 0; n < t->n; n++)
    for (int i = 0; i < (t->transposed ? t->h : y->h); i++)
      for (int j = 0; j < (t->transposed ? t->w : y->w); j++)
        for (int ky = 0; ky < t->k; ky++)
          for (int kx = 0; kx < t->k; kx++)
            {
              /* (i, j) and its neighbour under this tap: output and input, or the other way round. */
              int other_i = i * t->s - t->p + ky, other_j = j * t->s - t->p + kx;
              int iy = t->transposed ? i : other_i, ix = t->transposed ? j : other_j;
              int oy = t->transposed ? other_i : i, ox = t->transposed ? other_j : j;

              if (iy < 0 || iy >= t->h || ix < 0 || ix >= t->w
                  || oy < 0 || oy >= y->h || ox < 0 || ox >= y->w)
                continue;
              for (int o = 0; o < t->out; o++)
                for (int c = 0; c < t->c; c++)
                  {
                    int kernel = t->transposed ? c * t->out + o : o * t->c + c;

                    sum[((n * y->h + oy) * y->w + ox) * t->out + o] +=
                      (double) x->x[((n * t->h + iy) * t->w + ix) * t->c + c]
                      * weight[(kernel * t->k + ky) * t->k + kx];
                  }
            }
  for (gsize i = 0; i < p2p_node_size (y) && bias; i++)
    sum[i] += bias[i % t->out];

  return sum;
}

static void
test_conv (gconstpointer data)
{
  const ConvCase    *t = data;
  Fixture            f = fixture_new (P2P_STATS_OWN, FALSE);
  P2pAt              at = p2p_sub (p2p_at (f.graph), "layer");
  g_autofree double *expected = NULL;
  P2pParam          *bias;
  double             error;

  f.x = p2p_input (f.graph, t->n, t->h, t->w, t->c);
  f.y = t->transposed ? p2p_conv_transpose (at, f.x, t->out, t->k, t->s, t->p, t->extra, t->bias)
                      : p2p_conv (at, f.x, t->out, t->k, t->s, t->p, t->bias);
  p2p_params_init (f.params, 3);
  bias = p2p_params_lookup (f.params, "layer.bias");
  if (bias)
    {
      fill_random (bias->value, bias->n, 4);
      f.y->inputs[2]->x = bias->value;
    }
  run (&f, t->name);

  expected = naive_conv (t, f.x, f.y, p2p_params_lookup (f.params, "layer.weight")->value,
                         bias ? bias->value : NULL);
  error = nmse (f.y->x, expected, p2p_node_size (f.y));
  if (! (error <= ROUNDING))
    g_error ("%s (%s): squared error %g against the naive loop", t->name, f.y->algorithm, error);
  fixture_clear (&f);
}

/* ---- Norms ------------------------------------------------------------------------------ */

typedef struct
{
  const char  *name;
  P2pNormKind  kind;
  P2pStatsUse  use;
  int          n, h, w, c;
} NormCase;

static const NormCase norm_cases[] =
{
  { "batch-own",        P2P_NORM_BATCH,    P2P_STATS_OWN,     2, 30, 41,  6 },
  { "batch-deep",       P2P_NORM_BATCH,    P2P_STATS_OWN,     1,  2,  2, 64 },
  { "batch-given",      P2P_NORM_BATCH,    P2P_STATS_GIVEN,   2,  9,  8,  5 },
  { "instance-own",     P2P_NORM_INSTANCE, P2P_STATS_OWN,     3, 40, 33,  4 },
  { "instance-collect", P2P_NORM_INSTANCE, P2P_STATS_COLLECT, 3, 11, 13,  7 },
  { "instance-given",   P2P_NORM_INSTANCE, P2P_STATS_GIVEN,   1, 12, 10,  3 },
};

/* Mean and biased variance of channel k over images [first, end). */
static void
naive_moments (const P2pNode *x,
               int            first,
               int            end,
               int            k,
               double        *mean,
               double        *variance)
{
  gsize pixels = (gsize) x->h * x->w;

  *mean = *variance = 0.0;
  for (gsize i = first * pixels; i < end * pixels; i++)
    *mean += x->x[i * x->c + k] / ((end - first) * (double) pixels);
  for (gsize i = first * pixels; i < end * pixels; i++)
    *variance += pow (x->x[i * x->c + k] - *mean, 2.0) / ((end - first) * (double) pixels);
}

static double *
naive_norm (const NormCase *t,
            const Fixture  *f,
            const P2pStat  *given)
{
  double         *expected = g_new (double, p2p_node_size (f->y));
  const P2pParam *weight = p2p_params_lookup (f->params, "norm.weight");
  const P2pParam *bias = p2p_params_lookup (f->params, "norm.bias");
  gsize           pixels = (gsize) t->h * t->w;
  gboolean        each = t->kind == P2P_NORM_INSTANCE && t->use == P2P_STATS_OWN;

  for (int n = 0; n < t->n; n++)
    for (int k = 0; k < t->c; k++)
      {
        double mean, variance;

        naive_moments (f->x, each ? n : 0, each ? n + 1 : t->n, k, &mean, &variance);
        if (t->use == P2P_STATS_GIVEN)
          {
            mean = given->mean[k];
            variance = given->variance[k];
          }
        for (gsize i = n * pixels; i < (n + 1) * pixels; i++)
          expected[i * t->c + k] = (f->x->x[i * t->c + k] - mean) / sqrt (variance + 1e-5)
                                   * (weight ? weight->value[k] : 1.0)
                                   + (bias ? bias->value[k] : 0.0);
      }

  return expected;
}

static void
test_norm (gconstpointer data)
{
  const NormCase    *t = data;
  Fixture            f = fixture_new (t->use, FALSE);
  P2pStat           *given = NULL;
  g_autofree double *expected = NULL;

  if (t->use == P2P_STATS_GIVEN)
    {
      given = p2p_stats_get (f.stats, "norm", t->c);
      fill_random (given->mean, t->c, 11);
      for (int k = 0; k < t->c; k++)
        given->variance[k] = 0.5 + k;
    }
  f.x = p2p_input (f.graph, t->n, t->h, t->w, t->c);
  f.y = p2p_norm (p2p_sub (p2p_at (f.graph), "norm"), f.x, t->kind);
  p2p_params_init (f.params, 5);
  for (int i = 1; i < 3 && t->kind == P2P_NORM_BATCH; i++)
    {
      fill_random (f.y->inputs[i]->param->value, t->c, 20 + i);
      f.y->inputs[i]->x = f.y->inputs[i]->param->value;
    }
  run (&f, t->name);

  expected = naive_norm (t, &f, given);
  g_assert_cmpfloat (nmse (f.y->x, expected, p2p_node_size (f.y)), <=, ROUNDING);
  fixture_clear (&f);
}

/* A flat picture far from zero has no variance; rounding must not invent one. */
static void
test_norm_flat (void)
{
  Fixture f = fixture_new (P2P_STATS_OWN, FALSE);

  f.x = p2p_input (f.graph, 1, 50, 50, 3);
  f.y = p2p_norm (p2p_sub (p2p_at (f.graph), "norm"), f.x, P2P_NORM_INSTANCE);
  p2p_output (f.y);
  plan (f.graph);
  for (gsize i = 0; i < p2p_node_size (f.x); i++)
    f.x->x[i] = 1000.25;
  forward (f.graph, 1);
  for (gsize i = 0; i < p2p_node_size (f.y); i++)
    g_assert_cmpfloat (f.y->x[i], ==, 0.0);
  fixture_clear (&f);
}

static void
test_norm_collects (void)
{
  Fixture  f = fixture_new (P2P_STATS_COLLECT, FALSE);
  P2pStat *stat;

  f.x = p2p_input (f.graph, 2, 20, 30, 4);
  f.y = p2p_norm (p2p_sub (p2p_at (f.graph), "norm"), f.x, P2P_NORM_INSTANCE);
  run (&f, "collect");
  stat = p2p_stats_lookup (f.stats, "norm");
  g_assert_nonnull (stat);
  for (int k = 0; k < 4; k++)
    {
      double mean, variance;

      naive_moments (f.x, 0, 2, k, &mean, &variance);
      g_assert_cmpfloat_with_epsilon (stat->mean[k], mean, 1e-6);
      g_assert_cmpfloat_with_epsilon (stat->variance[k], variance, 1e-6);
    }
  fixture_clear (&f);
}

/* Given statistics that are not there fail when the graph is built, and the message says what to do. */
static void
test_norm_without_statistics (void)
{
  Fixture            f = fixture_new (P2P_STATS_GIVEN, FALSE);
  g_autoptr (GError) error = NULL;

  f.x = p2p_input (f.graph, 1, 4, 4, 2);
  g_assert_null (p2p_norm (p2p_sub (p2p_at (f.graph), "norm"), f.x, P2P_NORM_INSTANCE));
  g_assert_false (p2p_graph_plan (f.graph, &error));
  g_assert_nonnull (strstr (error->message, "use the statistics of the image"));
  fixture_clear (&f);
}

/* ---- The rest --------------------------------------------------------------------------- */

static void
test_activations (void)
{
  for (int which = 0; which < 3; which++)
    {
      Fixture f = fixture_new (P2P_STATS_OWN, FALSE);

      f.x = p2p_input (f.graph, 1, 111, 113, 3);
      f.y = which == 0 ? p2p_relu (f.x) : which == 1 ? p2p_leaky_relu (f.x, 0.2) : p2p_tanh (f.x);
      run (&f, "activation");
      for (gsize i = 0; i < p2p_node_size (f.y); i++)
        {
          double x = f.x->x[i];
          double expected = which == 0 ? (x > 0 ? x : 0)
                            : which == 1 ? (x > 0 ? x : 0.2 * x) : tanh (x);

          g_assert_cmpfloat_with_epsilon (f.y->x[i], expected, 1e-7);
        }
      fixture_clear (&f);
    }
}

static void
test_concat (void)
{
  Fixture f = fixture_new (P2P_STATS_OWN, FALSE);

  f.x = p2p_input (f.graph, 2, 31, 37, 5);
  f.b = p2p_input (f.graph, 2, 31, 37, 3);
  f.y = p2p_concat (f.x, f.b);
  p2p_output (f.b);
  run (&f, "concat");
  for (gsize i = 0; i < p2p_node_size (f.y); i++)
    {
      gsize pixel = i / 8, k = i % 8;

      g_assert_cmpfloat (f.y->x[i], ==,
                         k < 5 ? f.x->x[pixel * 5 + k] : f.b->x[pixel * 3 + k - 5]);
    }
  fixture_clear (&f);
}

/* Half of the elements go, the others double, and the seed alone decides which. */
static void
test_dropout (void)
{
  Fixture              f = fixture_new (P2P_STATS_OWN, TRUE);
  g_autofree p2p_real *first = NULL;
  gsize                n, zeros = 0, same = 0;

  f.x = p2p_input (f.graph, 1, 64, 64, 8);
  f.y = p2p_dropout (p2p_sub (p2p_at (f.graph), "drop"), f.x, 0.5);
  run (&f, "dropout");
  n = p2p_node_size (f.y);
  for (gsize i = 0; i < n; i++)
    {
      zeros += f.y->x[i] == 0;
      g_assert_true (f.y->x[i] == 0 || f.y->x[i] == 2 * f.x->x[i]);
    }
  g_assert_cmpfloat_with_epsilon (zeros / (double) n, 0.5, 0.02);

  first = g_memdup2 (f.y->x, n * sizeof (p2p_real));
  forward (f.graph, 1);
  g_assert_cmpmem (first, n * sizeof (p2p_real), f.y->x, n * sizeof (p2p_real));
  forward (f.graph, 2);
  for (gsize i = 0; i < n; i++)
    same += (first[i] == 0) == (f.y->x[i] == 0);
  g_assert_cmpfloat_with_epsilon (same / (double) n, 0.5, 0.02);
  fixture_clear (&f);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (conv_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/ops/conv/", conv_cases[i].name, NULL);

      g_test_add_data_func (path, &conv_cases[i], test_conv);
    }
  for (guint i = 0; i < G_N_ELEMENTS (norm_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/ops/norm/", norm_cases[i].name, NULL);

      g_test_add_data_func (path, &norm_cases[i], test_norm);
    }
  g_test_add_func ("/ops/norm/flat", test_norm_flat);
  g_test_add_func ("/ops/norm/collects", test_norm_collects);
  g_test_add_func ("/ops/norm/without-statistics", test_norm_without_statistics);
  g_test_add_func ("/ops/activations", test_activations);
  g_test_add_func ("/ops/concat", test_concat);
  g_test_add_func ("/ops/dropout", test_dropout);

  return g_test_run ();
}
