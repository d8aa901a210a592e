/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Doubling by nearest neighbor before a 3×3 convolution, and by linear interpolation before a 2×2
 * one.  Both are computed as a transposed convolution with a computed weight, and compared with
 * naive loops over the doubled picture in double precision in this file.  Built with the float core
 * and with the double core. */

#include "files/half.h"
#include "one-op.h"

#ifdef P2P_DOUBLE
#define LIMIT ROUNDING
#else
#define LIMIT 1e-10
#endif

typedef struct
{
  const char *name;
  const char *algorithm, *train_algorithm;
  int         n, h, w, c, out;
  gboolean    bias;
  int         k;
} Case;

static const Case cases[] =
{
  { "direct",          "direct",          "direct",          2,  9,  7,  12,  34, TRUE, 3 },
  { "winograd",        "winograd",        "winograd",        1, 15, 14,  32,  48, FALSE, 3 },
  { "last-layer",      "taps as columns", "taps as columns", 1, 40, 35,  32,   3, TRUE, 3 },
  { "last-layer-gray", "taps as columns", "taps as columns", 2, 17, 66,   9,   1, TRUE, 3 },
  { "from-one-pixel",  "direct",          "plain",           1,  1,  1, 160, 128, FALSE, 3 },
  { "from-a-row",      "direct",          "plain",           1,  1,  3,  96, 130, TRUE, 3 },
  { "one-channel",     "taps as columns", "taps as columns", 1,  5,  6,   1,   1, FALSE, 3 },
  { "odd-channels",    "direct",          "plain",           1,  4,  5, 103, 133, TRUE, 3 },
  { "smooth",          "direct",          "direct",          2,  9,  7,  12,  34, TRUE, 2 },
  { "smooth-winograd", "winograd",        "winograd",        1, 15, 14,  32,  48, FALSE, 2 },
  { "smooth-last",     "taps as columns", "taps as columns", 1, 40, 35,  32,   3, TRUE, 2 },
  { "smooth-pixel",    "direct",          "plain",           1,  1,  1, 160, 128, FALSE, 2 },
};

static Fixture
resize_new (const Case *t,
            guint       gradients)
{
  Fixture   f = fixture_new (P2P_STATS_OWN, FALSE);
  P2pParam *bias;

  f.graph->options.gradients = gradients;
  f.x = p2p_input (f.graph, t->n, t->h, t->w, t->c);
  f.y = p2p_conv_resize (p2p_sub (p2p_at (f.graph), "layer"), f.x, t->out, t->k, t->bias);
  g_assert_cmpstr (f.y->algorithm, ==, gradients ? t->train_algorithm : t->algorithm);
  p2p_params_init (f.params, 3, NULL);
  bias = p2p_params_lookup (f.params, "layer.bias");
  if (bias)
    {
      fill_random (bias->value, bias->n, 4);
      f.y->inputs[2]->x = bias->value;
    }
  return f;
}

/* Called for each pixel of the result, pixel of x under its kernel, and tap.  y and x are the
 * indices of the pixels' first elements; part is how much of the pixel is in the doubled picture's
 * pixel under the tap. */
typedef void (* Visit) (const Case *t, gsize y, gsize x, int tap, double part, gpointer data);

/* Doubled by nearest neighbor, with zeros around. */
static void
for_taps_3 (const Case *t,
            gsize       y,
            int         n,
            int         i,
            int         j,
            Visit       visit,
            gpointer    data)
{
  for (int tap = 0; tap < 9; tap++)
    {
      int row = i + tap / 3 - 1, column = j + tap % 3 - 1;

      if (row >= 0 && row < 2 * t->h && column >= 0 && column < 2 * t->w)
        visit (t, y, (gsize) ((n * t->h + row / 2) * t->w + column / 2) * t->c, tap, 1.0, data);
    }
}

/* The doubled picture has one more pixel.  Place p is the mean of the places p − 1 and p of the
 * picture doubled by nearest neighbor, with zeros around. */
static void
for_taps_2 (const Case *t,
            gsize       y,
            int         n,
            int         i,
            int         j,
            Visit       visit,
            gpointer    data)
{
  for (int tap = 0; tap < 4; tap++)
    for (int beside = 0; beside < 4; beside++)
      {
        int row = i + tap / 2 - beside / 2, column = j + tap % 2 - beside % 2;

        if (row >= 0 && row < 2 * t->h && column >= 0 && column < 2 * t->w)
          visit (t, y, (gsize) ((n * t->h + row / 2) * t->w + column / 2) * t->c, tap, 0.25, data);
      }
}

static void
for_taps (const Case *t,
          Visit       visit,
          gpointer    data)
{
  for (int n = 0; n < t->n; n++)
    for (int i = 0; i < 2 * t->h; i++)
      for (int j = 0; j < 2 * t->w; j++)
        {
          gsize y = (gsize) ((n * 2 * t->h + i) * 2 * t->w + j) * t->out;

          if (t->k == 3)
            for_taps_3 (t, y, n, i, j, visit, data);
          else
            for_taps_2 (t, y, n, i, j, visit, data);
        }
}

typedef struct
{
  const p2p_real *x, *weight, *dy;
  double         *y, *dx, *d_weight;
} Naive;

static void
visit_forward (const Case *t,
               gsize       y,
               gsize       x,
               int         tap,
               double      part,
               gpointer    data)
{
  Naive *naive = data;

  for (int o = 0; o < t->out; o++)
    for (int c = 0; c < t->c; c++)
      naive->y[y + o] += part * naive->x[x + c] * naive->weight[(o * t->c + c) * t->k * t->k + tap];
}

static void
visit_backward (const Case *t,
                gsize       y,
                gsize       x,
                int         tap,
                double      part,
                gpointer    data)
{
  Naive *naive = data;

  for (int o = 0; o < t->out; o++)
    for (int c = 0; c < t->c; c++)
      {
        gsize at = (o * t->c + c) * t->k * t->k + tap;

        naive->dx[x + c] += part * naive->dy[y + o] * naive->weight[at];
        naive->d_weight[at] += part * naive->dy[y + o] * naive->x[x + c];
      }
}

static void
check_forward (const Case     *t,
               const Fixture  *f,
               const p2p_real *weight)
{
  const P2pParam    *bias = p2p_params_lookup (f->params, "layer.bias");
  g_autofree double *y = g_new0 (double, p2p_node_size (f->y));
  Naive              naive = { .x = f->x->x, .weight = weight, .y = y };

  g_assert_cmpint (f->y->h, ==, 2 * t->h);
  g_assert_cmpint (f->y->w, ==, 2 * t->w);
  for_taps (t, visit_forward, &naive);
  for (gsize i = 0; i < p2p_node_size (f->y) && bias; i++)
    y[i] += bias->value[i % t->out];
  g_assert_cmpfloat (nmse (f->y->x, y, p2p_node_size (f->y)), <=, LIMIT);
}

/* Compares the result with the definition in an apply and in training, and once more after the
 * apply's weight is prepared. */
static void
test_forward (gconstpointer data)
{
  const Case *t = data;

  for (int train = 0; train < 2; train++)
    {
      Fixture         f = resize_new (t, train ? P2P_PARAMS : 0);
      const p2p_real *weight = p2p_params_lookup (f.params, "layer.weight")->value;

      for (int pass = 0; pass < 2; pass++)
        {
          run (&f, t->name);
          check_forward (t, &f, weight);
        }
      fixture_clear (&f);
    }
}

/* An apply and training give the same bits if both use the same algorithm. */
static void
test_same_bits (gconstpointer data)
{
  const Case *t = data;
  Fixture     a = resize_new (t, 0), b = resize_new (t, P2P_INPUTS | P2P_PARAMS);

  run (&a, t->name);
  run (&b, t->name);
  if (strcmp (t->algorithm, t->train_algorithm) == 0)
    g_assert_cmpmem (a.y->x, p2p_node_size (a.y) * sizeof (p2p_real), b.y->x,
                     p2p_node_size (b.y) * sizeof (p2p_real));
  fixture_clear (&a);
  fixture_clear (&b);
}

/* The gradients of x, weight and bias are added to what is there, which is 1. */
static void
test_backward (gconstpointer data)
{
  const Case          *t = data;
  Fixture              f = resize_new (t, P2P_INPUTS | P2P_PARAMS);
  P2pParam            *weight = p2p_params_lookup (f.params, "layer.weight");
  P2pParam            *bias = p2p_params_lookup (f.params, "layer.bias");
  gsize                n_x = p2p_node_size (f.x), n_y = p2p_node_size (f.y);
  g_autofree double   *dx = g_new0 (double, n_x), *d_weight = g_new0 (double, weight->n);
  g_autofree double   *d_bias = g_new0 (double, t->out);
  g_autofree p2p_real *dy = g_new (p2p_real, n_y);
  Naive                naive = { NULL, weight->value, dy, NULL, dx, d_weight };

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
  check_guard (f.y->inputs[1], t->name);

  naive.x = f.x->x;
  for_taps (t, visit_backward, &naive);
  for (gsize i = 0; i < n_y; i++)
    d_bias[i % t->out] += dy[i];
  g_assert_cmpfloat (nmse (f.x->g, dx, n_x), <=, LIMIT);
  g_assert_cmpfloat (nmse (weight->gradient, d_weight, weight->n), <=, LIMIT);
  if (bias)
    g_assert_cmpfloat (nmse (bias->gradient, d_bias, t->out), <=, LIMIT);
  fixture_clear (&f);
}

/* The first gradient after p2p_params_zero_grad () overwrites whatever was there. */
static void
test_sets (void)
{
  const Case          *t = &cases[0];
  Fixture              f = resize_new (t, P2P_PARAMS);
  P2pParam            *weight = p2p_params_lookup (f.params, "layer.weight");
  g_autofree p2p_real *first = NULL;

  p2p_params_train (f.params);
  for (int pass = 0; pass < 2; pass++)
    {
      for (gsize i = 0; i < weight->n && pass == 0; i++)
        weight->gradient[i] = NAN;
      p2p_params_zero_grad (f.params);
      run (&f, t->name);
      fill_random (p2p_graph_seed (f.y), p2p_node_size (f.y), 9);
      p2p_graph_backward (f.graph, P2P_PARAMS);
      if (! first)
        first = g_memdup2 (weight->gradient, weight->n * sizeof (p2p_real));
      g_assert_cmpmem (weight->gradient, weight->n * sizeof (p2p_real), first,
                       weight->n * sizeof (p2p_real));
    }
  g_assert_true (isfinite (first[0]));
  fixture_clear (&f);
}

/* The weight is stored as halves in the model's file, and is too large to be copied as for other
 * layers. */
static void
test_halves (void)
{
  const Case          t = { "halves", "direct", "direct", 1, 2, 2, 512, 264, FALSE, 3 };
  Fixture             f = resize_new (&t, 0);
  P2pParam           *weight = p2p_params_lookup (f.params, "layer.weight");
  p2p_real           *value = weight->value;
  g_autofree guint16 *halves = g_new (guint16, weight->n);

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
  run (&f, t.name);
  check_forward (&t, &f, value);
  weight->value = value;
  fixture_clear (&f);
}

/* The largest difference between the result and a straight line through it, when x rises by slope
 * per pixel to the right.  Pixels at the edge, beside which there are zeros, do not count. */
static double
off_the_line (const Case *t,
              double      slope)
{
  Fixture  f = resize_new (t, 0);
  P2pNode *y = f.y;
  double   most = 0.0;

  p2p_output (y);
  plan (f.graph);
  for (gsize i = 0; i < p2p_node_size (f.x); i++)
    f.x->x[i] = 0.5 + slope * (i / t->c % t->w);
  forward (f.graph, 0);
  for (int row = 2; row < y->h - 2; row++)
    for (int i = 3 * y->c; i < (y->w - 3) * y->c; i++)
      {
        const p2p_real *line = y->x + (gsize) row * y->w * y->c;

        most = MAX (most, fabs (line[i] - (line[i - y->c] + line[i + y->c]) / 2.0));
        most = MAX (most, fabs (line[i] - y->x[2 * y->w * y->c + i]));
      }
  fixture_clear (&f);
  return most;
}

/* A flat picture stays flat, so there is no checkerboard.  A picture that rises evenly rises evenly
 * with linear interpolation, and in steps with nearest neighbor. */
static void
test_even (void)
{
  const Case nearest = { "even", "direct", "direct", 1, 6, 9, 12, 34, FALSE, 3 };
  const Case smooth = { "even", "direct", "direct", 1, 6, 9, 12, 34, FALSE, 2 };

  g_assert_cmpfloat (off_the_line (&nearest, 0.0), <, 1e-6);
  g_assert_cmpfloat (off_the_line (&smooth, 0.0), <, 1e-6);
  g_assert_cmpfloat (off_the_line (&nearest, 0.1), >, 1e-3);
  g_assert_cmpfloat (off_the_line (&smooth, 0.1), <, 1e-6);
}

/* In an apply, nothing computes the weight again once it is prepared, so spoiling it does not
 * matter.  With options.once each forward computes it again. */
static void
test_prepared (void)
{
  for (int once = 0; once < 2; once++)
    {
      Fixture              f = resize_new (&cases[0], 0);
      gsize                bytes = p2p_node_size (f.y) * sizeof (p2p_real);
      P2pParam            *weight = p2p_params_lookup (f.params, "layer.weight");
      g_autofree p2p_real *first = NULL;

      f.graph->options.once = once;
      run (&f, "prepared");
      first = g_memdup2 (f.y->x, bytes);
      memset (weight->value, 0, weight->n * sizeof (p2p_real));
      run (&f, "prepared");
      g_assert_true ((memcmp (f.y->x, first, bytes) != 0) == once);
      fixture_clear (&f);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *forward_path = g_strconcat ("/conv-resize/", cases[i].name, NULL);
      g_autofree char *backward_path = g_strconcat (forward_path, "/backward", NULL);
      g_autofree char *bits_path = g_strconcat (forward_path, "/same-bits", NULL);

      g_test_add_data_func (forward_path, &cases[i], test_forward);
      g_test_add_data_func (backward_path, &cases[i], test_backward);
      g_test_add_data_func (bits_path, &cases[i], test_same_bits);
    }
  g_test_add_func ("/conv-resize/first-gradient-is-set", test_sets);
  g_test_add_func ("/conv-resize/halves", test_halves);
  g_test_add_func ("/conv-resize/even-stays-even", test_even);
  g_test_add_func ("/conv-resize/prepared-once", test_prepared);

  return g_test_run ();
}
