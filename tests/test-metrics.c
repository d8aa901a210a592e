/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Metrics compared with naive loops over their definitions in this file. */

#include "testing.h"
#include "train/metrics.h"

#define H 17
#define W 21
#define C 3
#define N (H * W * C)

static void
fill (float *values,
      guint  seed)
{
  for (int i = 0; i < N; i++)
    values[i] = p2p_random_uniform (seed, 0, i);
}

/* Compares two sums of the same numbers in different orders. */
static void
assert_near (double value,
             double expected)
{
  g_assert_cmpfloat_with_epsilon (value, expected, 1e-12 + fabs (expected) * 1e-9);
}

static void
test_l1 (void)
{
  const float x[] = { -1.0f, 0.5f, 0.25f, 1.0f }, y[] = { 1.0f, 0.5f, -0.25f, 0.0f };

  assert_near (p2p_metric_l1 (x, y, 4), (2.0 + 0.0 + 0.5 + 1.0) / 4.0);
}

/* An error of 0.1 everywhere is 20 dB. */
static void
test_psnr (void)
{
  float x[N], y[N];

  fill (x, 1);
  for (int i = 0; i < N; i++)
    y[i] = x[i] + (i % 2 ? 0.1f : -0.1f);
  g_assert_cmpfloat_with_epsilon (p2p_metric_psnr (x, y, N), 20.0, 1e-4);
  g_assert_cmpfloat (p2p_metric_psnr (x, x, N), ==, 99.0);
}

/* SSIM at one place and channel, by the formula: weighted mean, variance and covariance. */
static double
ssim_at (const float *x,
         const float *y,
         int          row,
         int          column,
         int          k)
{
  double weights = 0.0, mean_x = 0.0, mean_y = 0.0, var_x = 0.0, var_y = 0.0, both = 0.0;

  for (int pass = 0; pass < 2; pass++)
    for (int i = -5; i <= 5; i++)
      for (int j = -5; j <= 5; j++)
        {
          double weight = exp (-(i * i + j * j) / (2.0 * 1.5 * 1.5));
          int    at = ((row + i) * W + column + j) * C + k;

          if (pass == 0)
            {
              weights += weight;
              mean_x += weight * x[at];
              mean_y += weight * y[at];
            }
          else
            {
              var_x += weight * (x[at] - mean_x / weights) * (x[at] - mean_x / weights);
              var_y += weight * (y[at] - mean_y / weights) * (y[at] - mean_y / weights);
              both += weight * (x[at] - mean_x / weights) * (y[at] - mean_y / weights);
            }
        }
  mean_x /= weights;
  mean_y /= weights;
  return (2.0 * mean_x * mean_y + 1e-4) * (2.0 * both / weights + 9e-4)
         / ((mean_x * mean_x + mean_y * mean_y + 1e-4) * ((var_x + var_y) / weights + 9e-4));
}

static double
ssim_of (const float *x,
         const float *y,
         int          h,
         int          w)
{
  double ssim = 0.0;

  g_assert_true (p2p_metric_ssim (x, y, h, w, C, &ssim, NULL));
  return ssim;
}

static void
test_ssim (void)
{
  float  x[N], y[N];
  double sum = 0.0;
  int    n = 0;

  fill (x, 2);
  fill (y, 3);
  for (int i = 0; i < N; i++)
    y[i] = 0.7f * x[i] + 0.3f * y[i];
  for (int row = 5; row < H - 5; row++)
    for (int column = 5; column < W - 5; column++)
      for (int k = 0; k < C; k++, n++)
        sum += ssim_at (x, y, row, column, k);
  assert_near (ssim_of (x, y, H, W), sum / n);
  assert_near (ssim_of (x, x, H, W), 1.0);
}

static void
test_ssim_small (void)
{
  float x[N];

  fill (x, 4);
  g_assert_true (isnan (ssim_of (x, x, 10, 12)));
}

/* The distances are sides of triangles with the sides 3, 4 and 5. */
static void
test_ab (void)
{
  const float x[] = { 33.0f / 110.0f, 0.0f, 0.0f, 10.0f / 110.0f };
  const float y[] = { 30.0f / 110.0f, 4.0f / 110.0f, 0.0f, 10.0f / 110.0f };

  g_assert_cmpfloat_with_epsilon (p2p_metric_ab_error (x, y, 2), 2.5, 1e-5);
  g_assert_cmpfloat_with_epsilon (p2p_metric_chroma (x, 2), (33.0 + 10.0) / 2.0, 1e-5);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/l1", test_l1);
  g_test_add_func ("/metrics/psnr", test_psnr);
  g_test_add_func ("/metrics/ssim", test_ssim);
  g_test_add_func ("/metrics/ssim-of-too-small", test_ssim_small);
  g_test_add_func ("/metrics/ab", test_ab);
  return g_test_run ();
}
