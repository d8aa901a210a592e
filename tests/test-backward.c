/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Backward of every op except the convolutions (test-conv.c), compared with naive loops in double
 * precision in this file.  Built with the float core and with the double core. */

#include "one-op.h"

/* A graph for x, and for b if b_c is not 0, with gradients of both. */
static Fixture
backward_new (P2pStatsUse use,
              int         n,
              int         h,
              int         w,
              int         c,
              int         b_c)
{
  Fixture f = fixture_new (use, TRUE);

  f.graph->options.gradients = P2P_INPUTS | P2P_PARAMS;
  f.x = p2p_input (f.graph, n, h, w, c);
  f.b = b_c ? p2p_input (f.graph, n, h, w, b_c) : NULL;
  return f;
}

/* Runs a forward, and a backward from random dy.  Caller frees the result, which is dy. */
static p2p_real *
run_backward (Fixture    *f,
              const char *what)
{
  gsize     n = p2p_node_size (f->y);
  p2p_real *dy = g_new (p2p_real, n);

  if (f->b)
    p2p_output (f->b);
  run (f, what);
  fill_random (dy, n, 9);
  memcpy (p2p_graph_seed (f->y), dy, n * sizeof (p2p_real));
  p2p_graph_backward (f->graph, P2P_INPUTS | P2P_PARAMS);
  check_guard (f->x, what);
  check_guard (f->y, what);
  return dy;
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
  { "batch",           P2P_NORM_BATCH,    P2P_STATS_OWN,     2, 30, 41,  6 },
  { "batch-deep",      P2P_NORM_BATCH,    P2P_STATS_OWN,     1,  2,  2, 64 },
  { "batch-given",     P2P_NORM_BATCH,    P2P_STATS_GIVEN,   2,  9,  8,  5 },
  { "instance",        P2P_NORM_INSTANCE, P2P_STATS_OWN,     3, 40, 33,  4 },
  { "instance-of-all", P2P_NORM_INSTANCE, P2P_STATS_COLLECT, 3, 11, 13,  7 },
};

/* Channel k of images [first, end) by the definition: Σ_j dy_j · ∂y_j/∂x_i with ∂y_j/∂x_i = weight
 * · scale · (δ_ij − 1/m − x̂_i x̂_j / m). */
static void
naive_norm_backward (const NormCase *t,
                     const Fixture  *f,
                     const p2p_real *dy,
                     int             first,
                     int             end,
                     int             k,
                     double         *dx,
                     double         *d_weight,
                     double         *d_bias)
{
  const P2pParam *weight = p2p_params_lookup (f->params, "norm.weight");
  gsize           from = first * (gsize) t->h * t->w, to = end * (gsize) t->h * t->w;
  double          m = to - from, mean = 0.0, variance = 0.0, sum = 0.0, product = 0.0;

  for (gsize i = from; i < to; i++)
    mean += f->x->x[i * t->c + k] / m;
  for (gsize i = from; i < to; i++)
    variance += pow (f->x->x[i * t->c + k] - mean, 2.0) / m;
  if (t->use == P2P_STATS_GIVEN)
    {
      mean = p2p_stats_lookup (f->stats, "norm")->mean[k];
      variance = p2p_stats_lookup (f->stats, "norm")->variance[k];
    }
  for (gsize i = from; i < to; i++)
    {
      sum += dy[i * t->c + k];
      product += dy[i * t->c + k] * (f->x->x[i * t->c + k] - mean) / sqrt (variance + 1e-5);
    }
  d_weight[k] += product;
  d_bias[k] += sum;
  for (gsize i = from; i < to; i++)
    {
      double normal = (f->x->x[i * t->c + k] - mean) / sqrt (variance + 1e-5);
      double through = t->use == P2P_STATS_GIVEN ? 0.0 : (sum + normal * product) / m;

      dx[i * t->c + k] = (weight ? weight->value[k] : 1.0) / sqrt (variance + 1e-5)
                         * (dy[i * t->c + k] - through);
    }
}

static void
test_norm (gconstpointer data)
{
  const NormCase      *t = data;
  Fixture              f = backward_new (t->use, t->n, t->h, t->w, t->c, 0);
  gsize                size = (gsize) t->n * t->h * t->w * t->c;
  g_autofree double   *dx = g_new (double, size);
  g_autofree double   *d_weight = g_new0 (double, t->c), *d_bias = g_new0 (double, t->c);
  g_autofree p2p_real *dy = NULL;
  gboolean             each = t->kind == P2P_NORM_INSTANCE && t->use == P2P_STATS_OWN;

  if (t->use == P2P_STATS_GIVEN)
    for (int k = 0; k < t->c; k++)
      {
        p2p_stats_get (f.stats, "norm", t->c)->mean[k] = 0.1 * k;
        p2p_stats_get (f.stats, "norm", t->c)->variance[k] = 0.5 + k;
      }
  f.y = p2p_norm (p2p_sub (p2p_at (f.graph), "norm"), f.x, t->kind);
  p2p_params_init (f.params, 5, NULL);
  p2p_params_train (f.params);
  for (int i = 1; i < P2P_MAX_INPUTS && f.y->inputs[i]; i++)
    f.y->inputs[i]->x = f.y->inputs[i]->param->value;
  dy = run_backward (&f, t->name);

  for (int first = 0; first < t->n; first += each ? 1 : t->n)
    for (int k = 0; k < t->c; k++)
      naive_norm_backward (t, &f, dy, first, each ? first + 1 : t->n, k, dx, d_weight, d_bias);
  g_assert_cmpfloat (nmse (f.x->g, dx, size), <=, ROUNDING);
  if (t->kind == P2P_NORM_BATCH)
    {
      g_assert_cmpfloat (nmse (p2p_params_lookup (f.params, "norm.weight")->gradient, d_weight,
                               t->c), <=, ROUNDING);
      g_assert_cmpfloat (nmse (p2p_params_lookup (f.params, "norm.bias")->gradient, d_bias, t->c),
                         <=, ROUNDING);
    }
  fixture_clear (&f);
}

/* Running statistics change only in training, with momentum 0.1 and the unbiased variance. */
static void
test_running (gconstpointer data)
{
  gboolean  train = GPOINTER_TO_INT (data);
  Fixture   f = fixture_new (P2P_STATS_OWN, FALSE);
  P2pParam *mean, *variance;
  double    m = 2 * 5 * 7, sum = 0.0, square = 0.0;

  f.graph->options.train = train;
  f.x = p2p_input (f.graph, 2, 5, 7, 1);
  f.y = p2p_norm (p2p_sub (p2p_at (f.graph), "norm"), f.x, P2P_NORM_BATCH);
  p2p_params_init (f.params, 5, NULL);
  for (int i = 1; i < P2P_MAX_INPUTS && f.y->inputs[i]; i++)
    f.y->inputs[i]->x = f.y->inputs[i]->param->value;
  mean = p2p_params_lookup (f.params, "norm.running_mean");
  variance = p2p_params_lookup (f.params, "norm.running_var");
  *mean->value = 3.0;
  *variance->value = 2.0;
  run (&f, "running");

  for (int i = 0; i < m; i++)
    sum += f.x->x[i];
  for (int i = 0; i < m; i++)
    square += pow (f.x->x[i] - sum / m, 2.0);
  g_assert_cmpfloat_with_epsilon (*mean->value, train ? 0.9 * 3.0 + 0.1 * sum / m : 3.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (*variance->value,
                                  train ? 0.9 * 2.0 + 0.1 * square / (m - 1.0) : 2.0, 1e-6);
  fixture_clear (&f);
}

/* ---- Element by element ----------------------------------------------------------------- */

typedef struct
{
  const char *name;
  P2pNode * (* build) (P2pNode *x);
  double   (* slope) (double x, double n);    /* n is the number of elements */
} ElementCase;

static P2pNode *
leaky (P2pNode *x)
{
  return p2p_leaky_relu (x, 0.2);
}

static double
leaky_slope (double x, double n)
{
  return x > 0 ? 1.0 : 0.2;
}

static double
relu_slope (double x, double n)
{
  return x > 0;
}

static double
tanh_slope (double x, double n)
{
  return 1.0 - tanh (x) * tanh (x);
}

static P2pNode *
bce (P2pNode *x)
{
  return p2p_loss_bce (x, 1.0);
}

static double
bce_slope (double x, double n)
{
  return -1.0 / (1.0 + exp (x)) / n;
}

static P2pNode *
mse (P2pNode *x)
{
  return p2p_loss_mse (x, 1.0);
}

static double
mse_slope (double x, double n)
{
  return 2.0 * (x - 1.0) / n;
}

static P2pNode *
hinge (P2pNode *x)
{
  return p2p_loss_hinge (x, -1.0);
}

static double
hinge_slope (double x, double n)
{
  return (x > -1.0) / n;
}

static P2pNode *
linear (P2pNode *x)
{
  return p2p_loss_linear (x, 1.0);
}

static double
linear_slope (double x, double n)
{
  return -1.0 / n;
}

static const ElementCase element_cases[] =
{
  { "relu",       p2p_relu, relu_slope },
  { "leaky-relu", leaky,    leaky_slope },
  { "tanh",       p2p_tanh, tanh_slope },
  { "loss-bce",   bce,      bce_slope },
  { "loss-mse",   mse,      mse_slope },
  { "loss-hinge", hinge,    hinge_slope },
  { "loss-linear", linear,  linear_slope },
};

static void
test_element (gconstpointer data)
{
  const ElementCase   *t = data;
  Fixture              f = backward_new (P2P_STATS_OWN, 1, 111, 113, 3, 0);
  gsize                n = p2p_node_size (f.x);
  g_autofree double   *dx = g_new (double, n);
  g_autofree p2p_real *dy = NULL;

  f.y = t->build (f.x);
  dy = run_backward (&f, t->name);
  for (gsize i = 0; i < n; i++)
    dx[i] = t->slope (f.x->x[i], n) * dy[p2p_node_size (f.y) == 1 ? 0 : i];
  g_assert_cmpfloat (nmse (f.x->g, dx, n), <=, ROUNDING);
  fixture_clear (&f);
}

static void
test_l1 (void)
{
  Fixture              f = backward_new (P2P_STATS_OWN, 2, 50, 60, 3, 3);
  gsize                n = p2p_node_size (f.x);
  g_autofree p2p_real *dy = NULL;

  f.y = p2p_loss_l1 (f.x, f.b);
  dy = run_backward (&f, "l1");
  for (gsize i = 0; i < n; i++)
    {
      const double slope = f.x->x[i] > f.b->x[i] ? *dy : -*dy;

      g_assert_cmpfloat (f.x->g[i], ==, (p2p_real) (slope / (double) n));
      g_assert_cmpfloat (f.b->g[i], ==, 0.0);
    }
  fixture_clear (&f);
}

/* The gradient passes, doubled, where dropout kept the value. */
static void
test_dropout (void)
{
  Fixture              f = backward_new (P2P_STATS_OWN, 1, 64, 64, 8, 0);
  g_autofree p2p_real *dy = NULL;

  f.y = p2p_dropout (p2p_sub (p2p_at (f.graph), "drop"), f.x, 0.5);
  dy = run_backward (&f, "dropout");
  for (gsize i = 0; i < p2p_node_size (f.x); i++)
    g_assert_cmpfloat (f.x->g[i], ==, f.y->x[i] == 0 ? 0 : 2 * dy[i]);
  fixture_clear (&f);
}

/* ---- Copies ----------------------------------------------------------------------------- */

static void
test_concat (void)
{
  Fixture              f = backward_new (P2P_STATS_OWN, 2, 31, 37, 5, 3);
  g_autofree p2p_real *dy = NULL;

  f.y = p2p_concat (f.x, f.b);
  dy = run_backward (&f, "concat");
  for (gsize i = 0; i < p2p_node_size (f.y); i++)
    {
      gsize pixel = i / 8, k = i % 8;

      g_assert_cmpfloat (dy[i], ==, k < 5 ? f.x->g[pixel * 5 + k] : f.b->g[pixel * 3 + k - 5]);
    }
  fixture_clear (&f);
}

static void
test_add (void)
{
  Fixture              f = backward_new (P2P_STATS_OWN, 2, 61, 47, 5, 5);
  gsize                bytes = p2p_node_size (f.x) * sizeof (p2p_real);
  g_autofree p2p_real *dy = NULL;

  f.y = p2p_add (f.x, f.b);
  dy = run_backward (&f, "add");
  g_assert_cmpmem (f.x->g, bytes, dy, bytes);
  g_assert_cmpmem (f.b->g, bytes, dy, bytes);
  fixture_clear (&f);
}

/* Counts how often each pixel was read, weighted with the seed of each place. */
static void
test_pad (void)
{
  Fixture            f = backward_new (P2P_STATS_OWN, 2, 6, 9, 3, 0);
  g_autofree double *reads = g_new0 (double, p2p_node_size (f.x));
  p2p_real          *seed;

  f.y = p2p_pad_reflect (f.x, 2);
  run (&f, "pad");
  for (gsize i = 0; i < p2p_node_size (f.y); i++)
    for (gsize j = 0; j < p2p_node_size (f.x); j++)
      reads[j] += f.y->x[i] == f.x->x[j] ? i % 7 : 0.0;    /* all values differ */
  seed = p2p_graph_seed (f.y);
  for (gsize i = 0; i < p2p_node_size (f.y); i++)
    seed[i] = i % 7;
  p2p_graph_backward (f.graph, P2P_INPUTS);
  for (gsize j = 0; j < p2p_node_size (f.x); j++)
    g_assert_cmpfloat (f.x->g[j], ==, reads[j]);
  fixture_clear (&f);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (norm_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/backward/norm/", norm_cases[i].name, NULL);

      g_test_add_data_func (path, &norm_cases[i], test_norm);
    }
  g_test_add_data_func ("/backward/norm/running", GINT_TO_POINTER (TRUE), test_running);
  g_test_add_data_func ("/backward/norm/not-running", GINT_TO_POINTER (FALSE), test_running);
  for (guint i = 0; i < G_N_ELEMENTS (element_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/backward/", element_cases[i].name, NULL);

      g_test_add_data_func (path, &element_cases[i], test_element);
    }
  g_test_add_func ("/backward/loss-l1", test_l1);
  g_test_add_func ("/backward/dropout", test_dropout);
  g_test_add_func ("/backward/concat", test_concat);
  g_test_add_func ("/backward/add", test_add);
  g_test_add_func ("/backward/pad", test_pad);

  return g_test_run ();
}
