/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Every op except the convolutions (test-conv.c), compared with naive loops in double precision in
 * this file.  Built with the float core and with the double core. */

#include "one-op.h"

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

/* Mean and biased variance of channel k over the images [first, end). */
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
  p2p_params_init (f.params, 5, NULL);
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

/* A flat picture far from zero has no variance, and rounding must not invent one. */
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

/* If statistics should be given but are missing, building the graph fails, and the message says
 * what to do. */
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

          g_assert_cmpfloat_with_epsilon (f.y->x[i], expected, which == 2 ? 2e-7 : 1e-7);
        }
      fixture_clear (&f);
    }
}

/* From values whose tanh equals them in all digits to values whose tanh is 1. */
static void
test_tanh_everywhere (void)
{
  const int n = 64;
  Fixture   f = fixture_new (P2P_STATS_OWN, FALSE);

  f.x = p2p_input (f.graph, 1, n, 2, 1);
  f.y = p2p_tanh (f.x);
  p2p_output (f.x);
  run (&f, "activation");
  for (int i = 0; i < n; i++)
    {
      f.x->x[2 * i] = exp2 (i / 2.0 - 24.0);
      f.x->x[2 * i + 1] = -f.x->x[2 * i];
    }
  f.x->x[0] = INFINITY;
  f.x->x[1] = -INFINITY;
  p2p_graph_forward (f.graph, 0, NULL, NULL, NULL, NULL);
  for (int i = 0; i < 2 * n; i++)
    {
      double expected = tanh (f.x->x[i]);

      g_assert_cmpfloat_with_epsilon (f.y->x[i], expected, 3e-7 * fabs (expected));
    }
  fixture_clear (&f);
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

/* The sum is computed in a place of its own, or in the place of the first input. */
static void
test_add (void)
{
  for (int in_place = 0; in_place < 2; in_place++)
    {
      Fixture              f = fixture_new (P2P_STATS_OWN, FALSE);
      g_autofree p2p_real *a = NULL, *b = NULL;
      gsize                n;

      f.x = p2p_input (f.graph, 2, 61, 47, 5);
      f.b = p2p_input (f.graph, 2, 61, 47, 5);
      f.y = p2p_add (f.x, f.b);
      p2p_output (f.y);
      if (! in_place)
        p2p_output (f.x);
      plan (f.graph);
      g_assert_true ((f.y->x == f.x->x) == in_place);

      n = p2p_node_size (f.y);
      memset (f.graph->arena, GUARD_BYTE, f.graph->arena_size);
      fill_random (f.x->x, n, 7);
      fill_random (f.b->x, n, 8);
      a = g_memdup2 (f.x->x, n * sizeof (p2p_real));
      b = g_memdup2 (f.b->x, n * sizeof (p2p_real));
      forward (f.graph, 1);
      for (gsize i = 0; i < n; i++)
        g_assert_cmpfloat (f.y->x[i], ==, (p2p_real) (a[i] + b[i]));
      check_guard (f.y, "add");
      check_guard (f.b, "add");
      fixture_clear (&f);
    }
}

/* A residual block reads its input inside and again at the end.  If an op inside overwrote the
 * input, its result would be added instead. */
static void
test_add_residual (void)
{
  Fixture              f = fixture_new (P2P_STATS_OWN, FALSE);
  g_autofree p2p_real *x = NULL;
  P2pNode             *first, *inside;

  f.x = p2p_input (f.graph, 1, 9, 7, 3);
  first = p2p_add (f.x, p2p_leaky_relu (f.x, 0.5));
  inside = p2p_tanh (p2p_relu (first));
  f.y = p2p_add (first, inside);
  p2p_output (f.y);
  plan (f.graph);
  fill_random (f.x->x, p2p_node_size (f.x), 7);
  x = g_memdup2 (f.x->x, p2p_node_size (f.x) * sizeof (p2p_real));
  forward (f.graph, 1);
  for (gsize i = 0; i < p2p_node_size (f.y); i++)
    {
      double sum = x[i] + (x[i] > 0 ? x[i] : 0.5 * x[i]);

      g_assert_cmpfloat_with_epsilon (f.y->x[i], sum + tanh (MAX (sum, 0)), 1e-6);
    }
  fixture_clear (&f);
}

static void
test_add_shapes (void)
{
  Fixture            f = fixture_new (P2P_STATS_OWN, FALSE);
  g_autoptr (GError) error = NULL;

  f.x = p2p_input (f.graph, 1, 4, 6, 3);
  f.b = p2p_input (f.graph, 1, 4, 6, 1);
  g_assert_null (p2p_add (f.x, f.b));
  g_assert_false (p2p_graph_plan (f.graph, &error));
  g_assert_nonnull (strstr (error->message, "6×4×3 and 6×4×1 elements cannot be added"));
  fixture_clear (&f);
}

typedef struct
{
  const char *name;
  int         n, h, w, c, p;
} PadCase;

static const PadCase pad_cases[] =
{
  { "first-layer",     1, 20, 33,  3, 3 },
  { "block",           2, 12,  9, 32, 1 },
  { "as-wide",         1,  4,  3,  5, 3 },
  { "repeatedly",      1,  2,  3,  2, 7 },
  { "one-pixel",       2,  1,  1,  4, 3 },
  { "one-pixel-wide",  1,  5,  1,  3, 2 },
  { "one-pixel-high",  1,  1,  6,  1, 2 },
  { "nothing",         1,  3,  4,  2, 0 },
};

/* The end of a walk of i steps from the first of n pixels, backward if i is negative.  It turns
 * around at the edges. */
static int
walk (int i,
      int n)
{
  int at = 0, step = i < 0 ? -1 : 1;

  for (int left = ABS (i); left > 0 && n > 1; left--)
    {
      if (at + step < 0 || at + step >= n)
        step = -step;
      at += step;
    }
  return at;
}

static void
test_pad (gconstpointer data)
{
  const PadCase *t = data;
  Fixture        f = fixture_new (P2P_STATS_OWN, FALSE);

  f.x = p2p_input (f.graph, t->n, t->h, t->w, t->c);
  f.y = p2p_pad_reflect (f.x, t->p);
  run (&f, t->name);
  g_assert_cmpint (f.y->h, ==, t->h + 2 * t->p);
  g_assert_cmpint (f.y->w, ==, t->w + 2 * t->p);
  for (int n = 0; n < t->n; n++)
    for (int i = 0; i < f.y->h; i++)
      for (int j = 0; j < f.y->w; j++)
        for (int k = 0; k < t->c; k++)
          {
            int row = walk (i - t->p, t->h), column = walk (j - t->p, t->w);

            g_assert_cmpfloat (f.y->x[((n * f.y->h + i) * f.y->w + j) * t->c + k], ==,
                               f.x->x[((n * t->h + row) * t->w + column) * t->c + k]);
          }
  fixture_clear (&f);
}

/* Half of the elements become zero, and the others double.  Only the seed decides which. */
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

  for (guint i = 0; i < G_N_ELEMENTS (norm_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/ops/norm/", norm_cases[i].name, NULL);

      g_test_add_data_func (path, &norm_cases[i], test_norm);
    }
  g_test_add_func ("/ops/norm/flat", test_norm_flat);
  g_test_add_func ("/ops/norm/collects", test_norm_collects);
  g_test_add_func ("/ops/norm/without-statistics", test_norm_without_statistics);
  g_test_add_func ("/ops/activations", test_activations);
  g_test_add_func ("/ops/tanh-everywhere", test_tanh_everywhere);
  g_test_add_func ("/ops/concat", test_concat);
  g_test_add_func ("/ops/add", test_add);
  g_test_add_func ("/ops/add/residual", test_add_residual);
  g_test_add_func ("/ops/add/shapes", test_add_shapes);
  for (guint i = 0; i < G_N_ELEMENTS (pad_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/ops/pad/", pad_cases[i].name, NULL);

      g_test_add_data_func (path, &pad_cases[i], test_pad);
    }
  g_test_add_func ("/ops/dropout", test_dropout);

  return g_test_run ();
}
