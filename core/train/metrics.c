/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "base/memory.h"
#include "metrics.h"

#define RADIUS   5      /* of SSIM's window, pixels */
#define SIDE     (2 * RADIUS + 1)
#define SIGMA    1.5
#define MAX_PSNR 99.0

double
p2p_metric_l1 (const float *x,
               const float *y,
               gsize        n)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += fabs ((double) x[i] - y[i]);
  return sum / n;
}

double
p2p_metric_psnr (const float *x,
                 const float *y,
                 gsize        n)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += ((double) x[i] - y[i]) * ((double) x[i] - y[i]);
  return sum > 0.0 ? MIN (-10.0 * log10 (sum / n), MAX_PSNR) : MAX_PSNR;
}

/* ---- SSIM ------------------------------------------------------------------------------- */

/* The weighted sums over a window from which its SSIM is computed: of x, y, x², y² and x · y. */
enum { X, Y, XX, YY, XY, N_SUMS };

static void
make_window (double *window)
{
  double sum = 0.0;

  for (int i = 0; i < SIDE; i++)
    {
      window[i] = exp (-(i - RADIUS) * (i - RADIUS) / (2.0 * SIGMA * SIGMA));
      sum += window[i];
    }
  for (int i = 0; i < SIDE; i++)
    window[i] /= sum;
}

/* Sums one channel of the first SIDE rows of x and y down each column, weighted by the window, to
 * sums [w, N_SUMS].  c: channels of a pixel. */
static void
sum_down (const double *window,
          const float  *x,
          const float  *y,
          int           w,
          int           c,
          double       *sums)
{
  for (int i = 0; i < w * N_SUMS; i++)
    sums[i] = 0.0;
  for (int j = 0; j < SIDE; j++)
    for (int i = 0; i < w; i++)
      {
        double  a = x[((gsize) j * w + i) * c], b = y[((gsize) j * w + i) * c];
        double *to = sums + i * N_SUMS;

        to[X] += window[j] * a;
        to[Y] += window[j] * b;
        to[XX] += window[j] * a * a;
        to[YY] += window[j] * b * b;
        to[XY] += window[j] * a * b;
      }
}

static double
similarity (const double *window,
            const double *sums)
{
  const double c1 = 0.01 * 0.01, c2 = 0.03 * 0.03;
  double       s[N_SUMS] = { 0.0 };

  for (int j = 0; j < SIDE; j++)
    for (int k = 0; k < N_SUMS; k++)
      s[k] += window[j] * sums[j * N_SUMS + k];
  return (2.0 * s[X] * s[Y] + c1) * (2.0 * (s[XY] - s[X] * s[Y]) + c2)
         / ((s[X] * s[X] + s[Y] * s[Y] + c1)
            * (s[XX] - s[X] * s[X] + s[YY] - s[Y] * s[Y] + c2));
}

gboolean
p2p_metric_ssim (const float  *x,
                 const float  *y,
                 int           h,
                 int           w,
                 int           c,
                 double       *ssim,
                 GError      **error)
{
  double             window[SIDE], sum = 0.0;
  g_autofree double *sums = p2p_try_new (double, (gsize) w * N_SUMS, error);

  *ssim = NAN;
  if (! sums)
    return FALSE;
  if (h < SIDE || w < SIDE)
    return TRUE;

  make_window (window);
  for (int k = 0; k < c; k++)
    for (int row = 0; row + SIDE <= h; row++)
      {
        gsize start = (gsize) row * w * c + k;

        sum_down (window, x + start, y + start, w, c, sums);
        for (int i = 0; i + SIDE <= w; i++)
          sum += similarity (window, sums + i * N_SUMS);
      }
  *ssim = sum / ((double) c * (h - SIDE + 1) * (w - SIDE + 1));
  return TRUE;
}

/* ---- Lab -------------------------------------------------------------------------------- */

double
p2p_metric_ab_error (const float *x,
                     const float *y,
                     gsize        n)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += 110.0 * hypot (x[2 * i] - y[2 * i], x[2 * i + 1] - y[2 * i + 1]);
  return sum / n;
}

double
p2p_metric_chroma (const float *x,
                   gsize        n)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += 110.0 * hypot (x[2 * i], x[2 * i + 1]);
  return sum / n;
}
