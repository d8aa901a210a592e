/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "base/memory.h"
#include "pictures/color.h"
#include "style.h"

/* Bins of half a unit: of L and of gradients from 0 on, of a and b from −110 on. */
#define BIN    0.5
#define LOWEST -110.0

enum { LIGHTNESS, A, B, GRADIENT };

static void
count (P2pStyle *style,
       int       value,
       double    x)
{
  const double lowest = value == A || value == B ? LOWEST : 0.0;

  style->counts[value][CLAMP ((int) ((x - lowest) / BIN), 0, P2P_STYLE_BINS - 1)] += 1.0;
}

static void
count_gradients (P2pStyle    *style,
                 int          value,
                 const float *lightness,
                 int          w,
                 int          h)
{
  for (int y = 0; y + 1 < h; y++)
    for (int x = 0; x + 1 < w; x++)
      {
        const float *at = lightness + (gsize) y * w + x;

        count (style, value, hypotf (at[1] - at[0], at[w] - at[0]));
      }
}

/* Halves a picture of one channel in place: each pixel becomes the mean of four. */
static void
halve (float *lightness,
       int   *w,
       int   *h)
{
  const int width = *w / 2, height = *h / 2;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        const float *at = lightness + (gsize) 2 * y * *w + 2 * x;

        lightness[(gsize) y * width + x] = (at[0] + at[1] + at[*w] + at[*w + 1]) / 4.0f;
      }
  *w = width;
  *h = height;
}

gboolean
p2p_style_add (P2pStyle     *style,
               const float  *rgb,
               int           w,
               int           h,
               GError      **error)
{
  const gsize       n = (gsize) w * h;
  g_autofree float *lightness = p2p_try_new (float, n, error);

  if (! lightness)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      float lab[3];

      p2p_lab_from_rgb (rgb + 3 * i, lab);
      for (int value = LIGHTNESS; value <= B; value++)
        count (style, value, lab[value]);
      lightness[i] = lab[0];
    }
  for (int value = GRADIENT; value < P2P_STYLE_VALUES; value++)
    {
      count_gradients (style, value, lightness, w, h);
      halve (lightness, &w, &h);
    }
  return TRUE;
}

void
p2p_style_join (P2pStyle       *style,
                const P2pStyle *other)
{
  for (int value = 0; value < P2P_STYLE_VALUES; value++)
    for (int i = 0; i < P2P_STYLE_BINS; i++)
      style->counts[value][i] += other->counts[value][i];
}

/* The distance between two distributions is the area between their cumulative sums. */
static double
distance (const double *one,
          const double *other)
{
  double sums[2] = { 0.0 }, total[2] = { 0.0 }, area = 0.0;

  for (int i = 0; i < P2P_STYLE_BINS; i++)
    {
      total[0] += one[i];
      total[1] += other[i];
    }
  for (int i = 0; i < P2P_STYLE_BINS; i++)
    {
      sums[0] += one[i] / total[0];
      sums[1] += other[i] / total[1];
      area += BIN * fabs (sums[0] - sums[1]);
    }
  return area;
}

double
p2p_style_distance (const P2pStyle *one,
                    const P2pStyle *other)
{
  double sum = 0.0;

  for (int value = 0; value < P2P_STYLE_VALUES; value++)
    sum += distance (one->counts[value], other->counts[value]);
  return sum / P2P_STYLE_VALUES;
}
