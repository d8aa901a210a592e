/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Adam, and the initial weights.  Built with the float core and with the double core. */

#include "testing.h"
#include "train/adam.h"
#include "train/init.h"

/* Compares with the paper's algorithm in double precision. */
static void
test_adam (void)
{
  g_autoptr (P2pParams)   params = p2p_params_new ();
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  const int               n = 20011;
  P2pParam               *param = p2p_params_declare (params, "w", P2P_TRAINABLE, 1, &n,
                                                      (P2pInit) { 0.5, 0.0 }, NULL);
  g_autofree double      *x = g_new (double, n), *m = g_new0 (double, n), *v = g_new0 (double, n);
  const double            beta1 = 0.5, beta2 = 0.999, rate = 0.01;

  p2p_params_init (params, 1, NULL);
  p2p_params_train (params);
  for (int i = 0; i < n; i++)
    x[i] = param->value[i];
  for (int t = 1; t <= 5; t++)
    {
      fill_random (param->gradient, n, t);
      for (int i = 0; i < n; i++)
        {
          double g = param->gradient[i];

          m[i] = beta1 * m[i] + (1.0 - beta1) * g;
          v[i] = beta2 * v[i] + (1.0 - beta2) * g * g;
          x[i] -= rate * (m[i] / (1.0 - pow (beta1, t)))
                  / (sqrt (v[i] / (1.0 - pow (beta2, t))) + 1e-8);
        }
      p2p_adam (params, parallel, &(P2pAdam) { rate, beta1, t - 1 });
    }
  g_assert_cmpfloat (nmse (param->value, x, n), <=, ROUNDING);
  g_assert_cmpfloat (nmse (param->moments[0], m, n), <=, ROUNDING);
  g_assert_cmpfloat (nmse (param->moments[1], v, n), <=, ROUNDING);
}

/* After each step the average is the mean of all values so far, weighted with 1, 0.9, 0.9² … from
 * the newest back.  This holds for running statistics too, which Adam does not change. */
static void
test_average (void)
{
  g_autoptr (P2pParams)   params = p2p_params_new ();
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  const int               n = 20011, steps = 5;
  const double            decay = 0.9;
  P2pParam               *w = p2p_params_declare (params, "w", P2P_TRAINABLE, 1, &n,
                                                  (P2pInit) { 0.5, 0.0 }, NULL);
  P2pParam               *v = p2p_params_declare (params, "v", P2P_STATE, 1, &n,
                                                  (P2pInit) { 0.5, 0.0 }, NULL);
  g_autofree double      *sum_w = g_new0 (double, n), *sum_v = g_new0 (double, n);
  g_autoptr (P2pParams)   average = NULL;

  p2p_params_init (params, 1, NULL);
  p2p_params_train (params);
  average = p2p_params_copy (params, NULL);
  for (int t = 1; t <= steps; t++)
    {
      const double weight = pow (decay, steps - t) * (1.0 - decay) / (1.0 - pow (decay, steps));

      fill_random (w->gradient, n, t);
      fill_random (v->value, n, 100 + t);
      p2p_adam (params, parallel, &(P2pAdam) { 0.01, 0.5, t - 1, average, decay });
      for (int i = 0; i < n; i++)
        {
          sum_w[i] += weight * w->value[i];
          sum_v[i] += weight * v->value[i];
        }
    }
  g_assert_cmpfloat (nmse (p2p_params_lookup (average, "w")->value, sum_w, n), <=, ROUNDING);
  g_assert_cmpfloat (nmse (p2p_params_lookup (average, "v")->value, sum_v, n), <=, ROUNDING);
}

/* ---- Initial weights -------------------------------------------------------------------- */

static P2pParams *
declare (void)
{
  P2pParams *params = p2p_params_new ();

  p2p_params_declare (params, "conv.weight", P2P_TRAINABLE, 4, (int[]) { 48, 16, 4, 4 },
                      (P2pInit) { 0.0, 0.02 }, NULL);
  p2p_params_declare (params, "tall.weight", P2P_TRAINABLE, 4, (int[]) { 80, 4, 3, 3 },
                      (P2pInit) { 0.0, 0.02 }, NULL);
  p2p_params_declare (params, "conv.bias", P2P_TRAINABLE, 1, (int[]) { 48 },
                      (P2pInit) { 0.0, 0.0 }, NULL);
  p2p_params_declare (params, "norm.weight", P2P_TRAINABLE, 1, (int[]) { 4000 },
                      (P2pInit) { 1.0, 0.02 }, NULL);
  p2p_params_declare (params, "norm.running_var", P2P_STATE, 1, (int[]) { 48 },
                      (P2pInit) { 1.0, 0.0 }, NULL);
  return params;
}

static void
check_moments (P2pParams  *params,
               const char *name,
               double      mean,
               double      deviation)
{
  const P2pParam *param = p2p_params_lookup (params, name);
  double          sum = 0.0, square = 0.0;

  for (gsize i = 0; i < param->n; i++)
    sum += param->value[i];
  for (gsize i = 0; i < param->n; i++)
    square += pow (param->value[i] - mean, 2.0);
  g_assert_cmpfloat (fabs (sum / param->n - mean), <=, 4.0 * deviation / sqrt (param->n));
  g_assert_cmpfloat (fabs (sqrt (square / param->n) - deviation), <=,
                     4.0 * deviation / sqrt (2.0 * param->n));
}

static void
test_init (void)
{
  static const struct
  {
    P2pInitType type;
    double      deviation;    /* of a weight 48 × 16 × 4 × 4, with gain 0.3 */
  } cases[] =
  {
    { P2P_INIT_NORMAL,  0.3 },
    { P2P_INIT_XAVIER,  0.3 * 0.0441941738 },    /* √(2 / (16·16 + 48·16)) */
    { P2P_INIT_KAIMING, 0.0883883476 },          /* √(2 / (16·16)) */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (P2pParams) params = declare ();

      p2p_init_weights (params, cases[i].type, 0.3, 7, NULL);
      check_moments (params, "conv.weight", 0.0, cases[i].deviation);
      check_moments (params, "norm.weight", 1.0, 0.3);
      check_moments (params, "conv.bias", 0.0, 0.0);
      check_moments (params, "norm.running_var", 1.0, 0.0);
    }
}

static void
test_init_orthogonal (void)
{
  g_autoptr (P2pParams) params = declare ();

  p2p_init_weights (params, P2P_INIT_ORTHOGONAL, 0.5, 7, NULL);
  for (int which = 0; which < 2; which++)
    {
      const P2pParam *param = p2p_params_nth (params, which);
      int             m = param->dims[0], n = param->n / m, least = MIN (m, n);
      int             step = m < n ? n : 1, inside = m < n ? 1 : n;    /* of rows, or of columns */

      for (int i = 0; i < least; i++)
        for (int j = 0; j <= i; j++)
          {
            double product = 0.0;

            for (int k = 0; k < MAX (m, n); k++)
              product += (double) param->value[i * step + k * inside]
                         * param->value[j * step + k * inside];
            g_assert_cmpfloat_with_epsilon (product, i == j ? 0.25 : 0.0, 1e-6);
          }
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/adam", test_adam);
  g_test_add_func ("/adam/average", test_average);
  g_test_add_func ("/init", test_init);
  g_test_add_func ("/init/orthogonal", test_init_orthogonal);

  return g_test_run ();
}
