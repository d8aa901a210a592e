/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Convolutions, forward and backward, compared with naive loops in double precision in this file.
 * Built with the float core and with the double core. */

#include "files/half.h"
#include "one-op.h"

/* Winograd's transforms round once more.  The gradient of their weight is a sum over all tiles, in
 * an order that depends on OpenBLAS and the processor. */
#ifdef P2P_DOUBLE
#define WINOGRAD_ROUNDING ROUNDING
#define SUM_ROUNDING      ROUNDING
#else
#define WINOGRAD_ROUNDING 1e-11
#define SUM_ROUNDING      1e-10
#endif

typedef struct
{
  const char *name;
  gboolean    transposed;
  int         n, h, w, c, out, k, s, p, extra;
  gboolean    bias;
} ConvCase;

/* These weights are large enough for halves to stay halves. */
static const ConvCase half_cases[] =
{
  { "down",                   FALSE, 1,   8,   8, 256, 264, 4, 2, 1, 0, FALSE },
  { "down-to-one-pixel",      FALSE, 1,   2,   2, 512, 256, 4, 2, 1, 0, FALSE },
  { "up",                     TRUE,  1,   4,   4, 264, 256, 4, 2, 1, 0, FALSE },
  { "up-from-one-pixel",      TRUE,  1,   1,   1, 256, 512, 4, 2, 1, 0, FALSE },
  { "many-rows",              FALSE, 1,  15,  22, 384, 328, 3, 2, 1, 0, FALSE },
  { "winograd",               FALSE, 1,  34,  31, 256, 272, 4, 2, 1, 0, FALSE },
};

static const ConvCase conv_cases[] =
{
  { "first-layer",            FALSE, 1,  64,  64,   3,  16, 4, 2, 1, 0, FALSE },
  { "wide-row-in-parts",      FALSE, 1,   4, 700,   5,   8, 4, 2, 1, 0, TRUE },
  { "batch-of-three",         FALSE, 3,  16,  12,   8,  20, 4, 2, 1, 0, TRUE },
  { "many-channels",          FALSE, 1,   8,   8, 512, 256, 4, 2, 1, 0, FALSE },
  { "bottleneck-one-pixel",   FALSE, 1,   2,   2, 128, 160, 4, 2, 1, 0, FALSE },
  { "stride-1-of-patchgan",   FALSE, 1,  31,  17,  24,   1, 4, 1, 1, 0, TRUE },
  { "3x3-of-resnet",          FALSE, 2,  18,  14,  32,  32, 3, 1, 0, 0, TRUE },
  { "3x3-to-one-pixel",       FALSE, 1,   3,   3,  64,  72, 3, 1, 0, 0, TRUE },
  { "3x3-to-one-row",         FALSE, 2,   3,  40,   8,   9, 3, 1, 0, 0, FALSE },
  { "3x3-halves",             FALSE, 1,  20,  28,  16,  32, 3, 2, 1, 0, TRUE },
  { "3x3-halves-one-pixel",   FALSE, 2,   1,   1,   8,   6, 3, 2, 1, 0, TRUE },
  { "3x3-halves-two-pixels",  FALSE, 1,   2,   2, 128, 256, 3, 2, 1, 0, FALSE },
  { "7x7-of-resnet",          FALSE, 1,  22,  26,   3,  24, 7, 1, 0, 0, FALSE },
  { "7x7-to-one-pixel",       FALSE, 1,   7,   7,   3,  16, 7, 1, 0, 0, TRUE },
  { "7x7-last-layer",         FALSE, 1,  39, 157,  24,   3, 7, 1, 0, 0, TRUE },
  { "7x7-last-layer-gray",    FALSE, 2,  12,  11,  16,   1, 7, 1, 0, 0, TRUE },
  { "4x4-of-patchgan",        FALSE, 1,  32,  32,  32,  48, 4, 1, 1, 0, TRUE },
  { "4x4-up-stride-1",        TRUE,  2,  19,  22,  16,  32, 4, 1, 1, 0, FALSE },
  { "3x3-up-stride-1",        TRUE,  1,  24,  21,  32,  16, 3, 1, 1, 0, TRUE },
  { "4x4-many-tiles",         FALSE, 1,  96,  93,  16,  32, 4, 2, 1, 0, FALSE },
  { "4x4-up-many-tiles",      TRUE,  2,  30,  35,  32,  16, 4, 2, 1, 0, TRUE },
  { "4x4-large-weight",       FALSE, 1,  40,  41, 272, 256, 4, 2, 1, 0, FALSE },
  { "3x3-many-tiles",         FALSE, 1,  41,  43,  16,  48, 3, 1, 0, 0, FALSE },
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
  { "up-3x3-from-one-pixel",  TRUE,  2,   1,   1,  24,  12, 3, 2, 1, 1, TRUE },
  { "up-3x3-from-one-row",    TRUE,  1,   1,  30,  16,  80, 3, 2, 1, 1, FALSE },
  { "up-3x3-to-few",          TRUE,  1,  21,  70,   8,   2, 3, 2, 1, 1, FALSE },
  { "up-kernel-below-stride", TRUE,  1,   5,   6,   8,  80, 1, 2, 0, 0, FALSE },
  { "4x4-winograd",           FALSE, 1,  35,  32,  16,  48, 4, 2, 1, 0, TRUE },
  { "4x4-winograd-own-tiles", FALSE, 2,  66,  70,  16,  80, 4, 2, 1, 0, FALSE },
  { "4x4-winograd-padding-0", FALSE, 1,  34,  37,  16,  16, 4, 2, 0, 0, FALSE },
  { "4x4-winograd-rounds",    FALSE, 1,  68,  72, 272, 256, 4, 2, 1, 0, TRUE },
  { "3x3-winograd",           FALSE, 1,  34,  31,  32,  16, 3, 1, 0, 0, TRUE },
  { "3x3-winograd-padded",    FALSE, 3,  17,  22,  16,  32, 3, 1, 1, 0, FALSE },
  { "3x3-winograd-own-tiles", FALSE, 1,  95,  93,  16,  16, 3, 1, 1, 0, FALSE },
  { "up-winograd",            TRUE,  1,  15,  14,  32,  48, 4, 2, 1, 0, TRUE },
  { "up-winograd-own-tiles",  TRUE,  2,  33,  30,  16,  80, 4, 2, 1, 0, FALSE },
  { "up-winograd-large",      TRUE,  1,  15,  13, 256, 272, 4, 2, 1, 0, TRUE },
  { "up-winograd-padding-0",  TRUE,  1,  13,  16,  16,  16, 4, 2, 0, 1, FALSE },
  { "up-stride-1",            TRUE,  1,   7,   9,   8,  30, 3, 1, 1, 0, TRUE },
};

/* A pixel of y and a pixel of x under one tap of the kernel.  It stands for all products of their
 * channels. */
typedef struct
{
  gsize y, x, tap;    /* indices of the first element of each */
} Pair;

typedef struct
{
  const ConvCase *t;
  const p2p_real *x, *weight, *dy;
  double         *y, *dx, *d_weight;
} Naive;

/* The naive loops compute thousands of millions of products.  The sanitizers are for the core's
 * loops. */
#define NAIVE __attribute__ ((no_sanitize ("address", "undefined")))

/* The index of output o and input c in the weight. */
NAIVE static inline gsize
weight_at (const ConvCase *t,
           const Pair     *pair,
           int             o,
           int             c)
{
  return (gsize) (t->transposed ? c * t->out + o : o * t->c + c) * t->k * t->k + pair->tap;
}

NAIVE static void
visit_forward (const Naive *naive,
               const Pair  *pair)
{
  for (int o = 0; o < naive->t->out; o++)
    for (int c = 0; c < naive->t->c; c++)
      naive->y[pair->y + o] += (double) naive->x[pair->x + c]
                               * naive->weight[weight_at (naive->t, pair, o, c)];
}

NAIVE static void
visit_backward (const Naive *naive,
                const Pair  *pair)
{
  for (int o = 0; o < naive->t->out; o++)
    for (int c = 0; c < naive->t->c; c++)
      {
        gsize  weight = weight_at (naive->t, pair, o, c);
        double dy = naive->dy[pair->y + o];

        naive->dx[pair->x + c] += dy * naive->weight[weight];
        naive->d_weight[weight] += dy * naive->x[pair->x + c];
      }
}

/* Calls visit for all pairs of the definition. */
static void
for_pairs (const Naive   *naive,
           const P2pNode *y,
           void        (* visit) (const Naive *naive, const Pair *pair))
{
  const ConvCase *t = naive->t;

  for (int n = 0; n < t->n; n++)
    for (int i = 0; i < (t->transposed ? t->h : y->h); i++)
      for (int j = 0; j < (t->transposed ? t->w : y->w); j++)
        for (int tap = 0; tap < t->k * t->k; tap++)
          {
            /* (i, j) and its neighbor under this tap are output and input, or the reverse. */
            int other_i = i * t->s - t->p + tap / t->k, other_j = j * t->s - t->p + tap % t->k;
            int iy = t->transposed ? i : other_i, ix = t->transposed ? j : other_j;
            int oy = t->transposed ? other_i : i, ox = t->transposed ? other_j : j;

            if (iy >= 0 && iy < t->h && ix >= 0 && ix < t->w
                && oy >= 0 && oy < y->h && ox >= 0 && ox < y->w)
              visit (naive, &(Pair) { (gsize) ((n * y->h + oy) * y->w + ox) * t->out,
                                      (gsize) ((n * t->h + iy) * t->w + ix) * t->c, tap });
          }
}

static Fixture
conv_new (const ConvCase *t,
          guint           gradients)
{
  Fixture   f = fixture_new (P2P_STATS_OWN, FALSE);
  P2pAt     at;
  P2pParam *bias;

  f.graph->options.gradients = gradients;
  at = p2p_sub (p2p_at (f.graph), "layer");
  f.x = p2p_input (f.graph, t->n, t->h, t->w, t->c);
  f.y = t->transposed ? p2p_conv_transpose (at, f.x, t->out, t->k, t->s, t->p, t->extra, t->bias)
                      : p2p_conv (at, f.x, t->out, t->k, t->s, t->p, t->bias);
  p2p_params_init (f.params, 3, NULL);
  f.y->inputs[1]->x = p2p_params_lookup (f.params, "layer.weight")->value;
  bias = p2p_params_lookup (f.params, "layer.bias");
  if (bias)
    {
      fill_random (bias->value, bias->n, 4);
      f.y->inputs[2]->x = bias->value;
    }
  return f;
}

static void
check_near (const ConvCase *t,
            const char     *what,
            const Fixture  *f,
            double          limit,
            const p2p_real *values,
            const double   *expected,
            gsize           n)
{
  double error = nmse (values, expected, n);

  if (! (error <= limit))
    g_error ("%s (%s): squared error of %s %g against the naive loop", t->name, f->y->algorithm,
             what, error);
}

static void
check_forward (const ConvCase *t,
               Fixture        *f,
               const p2p_real *weight)
{
  const P2pParam    *bias = p2p_params_lookup (f->params, "layer.bias");
  g_autofree double *y = g_new0 (double, p2p_node_size (f->y));
  Naive              naive = { t, .weight = weight, .y = y };

  run (f, t->name);
  naive.x = f->x->x;
  for_pairs (&naive, f->y, visit_forward);
  for (gsize i = 0; i < p2p_node_size (f->y) && bias; i++)
    y[i] += bias->value[i % t->out];
  check_near (t, "the result", f,
              strcmp (f->y->algorithm, "winograd") ? ROUNDING : WINOGRAD_ROUNDING, f->y->x, y,
              p2p_node_size (f->y));
}

static void
test_conv (gconstpointer data)
{
  const ConvCase *t = data;
  Fixture         f = conv_new (t, 0);

  check_forward (t, &f, p2p_params_lookup (f.params, "layer.weight")->value);
  fixture_clear (&f);
}

/* The weight is stored as halves in the model's file and stays there until it is prepared. */
static void
test_conv_halves (gconstpointer data)
{
  const ConvCase      *t = data;
  Fixture              f = conv_new (t, 0);
  P2pParam            *weight = p2p_params_lookup (f.params, "layer.weight");
  p2p_real            *value = weight->value;
  g_autofree guint16  *halves = g_new (guint16, weight->n);

  for (gsize i = 0; i < weight->n; i++)
    {
      float rounded;

      halves[i] = GUINT16_TO_LE (p2p_half (value[i]));
      p2p_widen (P2P_F16, &halves[i], 1, &rounded);
      value[i] = rounded;
    }
  weight->source = halves;
  weight->dtype = P2P_F16;
  weight->value = NULL;
  check_forward (t, &f, value);
  weight->value = value;
  fixture_clear (&f);
}

/* Backward adds to the parameters' gradients, which are 1 here, and leaves the guards alone. */
static void
test_conv_backward (gconstpointer data)
{
  const ConvCase      *t = data;
  Fixture              f = conv_new (t, P2P_INPUTS | P2P_PARAMS);
  P2pParam            *weight = p2p_params_lookup (f.params, "layer.weight");
  P2pParam            *bias = p2p_params_lookup (f.params, "layer.bias");
  gsize                n_x = p2p_node_size (f.x), n_y = p2p_node_size (f.y);
  g_autofree double   *dx = g_new0 (double, n_x), *d_weight = g_new0 (double, weight->n);
  g_autofree double   *d_bias = g_new0 (double, t->out);
  g_autofree p2p_real *dy = g_new (p2p_real, n_y);
  Naive                naive = { t, NULL, weight->value, dy, NULL, dx, d_weight };

  p2p_params_train (f.params);
  for (gsize i = 0; i < weight->n; i++)
    d_weight[i] = weight->gradient[i] = 1.0;
  for (int i = 0; i < t->out && bias; i++)
    d_bias[i] = bias->gradient[i] = 1.0;
  run (&f, t->name);
  fill_random (dy, n_y, 9);
  memcpy (p2p_graph_seed (f.y), dy, n_y * sizeof (p2p_real));
  p2p_graph_backward (f.graph, P2P_INPUTS | P2P_PARAMS);
  check_guard (f.x, t->name);

  naive.x = f.x->x;
  for_pairs (&naive, f.y, visit_backward);
  for (gsize i = 0; i < n_y; i++)
    d_bias[i % t->out] += dy[i];
  check_near (t, "the input's gradient", &f, WINOGRAD_ROUNDING, f.x->g, dx, n_x);
  check_near (t, "the weight's gradient", &f, SUM_ROUNDING, weight->gradient, d_weight, weight->n);
  if (bias)
    check_near (t, "the bias's gradient", &f, ROUNDING, bias->gradient, d_bias, t->out);
  fixture_clear (&f);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (conv_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/conv/", conv_cases[i].name, NULL);
      g_autofree char *backward = g_strconcat (path, "/backward", NULL);

      g_test_add_data_func (path, &conv_cases[i], test_conv);
      g_test_add_data_func (backward, &conv_cases[i], test_conv_backward);
    }

  for (guint i = 0; i < G_N_ELEMENTS (half_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/conv/halves/", half_cases[i].name, NULL);

      g_test_add_data_func (path, &half_cases[i], test_conv_halves);
    }

  return g_test_run ();
}
