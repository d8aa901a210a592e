/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Only the even bins of a window's spectrum are needed.  The even bins of 32 values are all bins of
 * the 16 sums of two values that lie 16 apart, so each window is folded to 16 × 16 values first. */

#include <math.h>
#include <string.h>

#include "pictures/image.h"
#include "texture.h"

#define SIDE   32           /* of a window, pixels */
#define HALF   (SIDE / 2)
#define STEP   16           /* pixels from one window to the next */
#define FLAT   12           /* levels of 8 bits that a flat window may differ from its center */
#define BINS   P2P_TEXTURE_BINS

/* How Y, Cb and Cr are computed from RGB, without the offset of Cb and Cr (ITU-T T.871). */
static const double ycc[3][3] =
{
  { 0.299, 0.587, 0.114 },
  { -0.168736, -0.331264, 0.5 },
  { 0.5, -0.418688, -0.081312 },
};

/* Tables that all windows share. */
typedef struct
{
  double hann[SIDE];                        /* the Hann window */
  double re[BINS][HALF], im[BINS][HALF];    /* the discrete Fourier transform, by bin and place */
} Tables;

static void
make_tables (Tables *tables)
{
  for (int i = 0; i < SIDE; i++)
    tables->hann[i] = 0.5 - 0.5 * cos (2.0 * G_PI * (i + 1) / (SIDE + 1));
  for (int bin = 0; bin < BINS; bin++)
    for (int i = 0; i < HALF; i++)
      {
        tables->re[bin][i] = cos (2.0 * G_PI * (bin - 1) * i / HALF);
        tables->im[bin][i] = -sin (2.0 * G_PI * (bin - 1) * i / HALF);
      }
}

/* A pixel's Y (plane 0), Cb (1) or Cr (2), in whole levels of 8 bits, because a grid that is lost
 * when a picture is saved does not count.  Each product is rounded to 64ths of a level, and the sum
 * is rounded down to a level.  Pillow does the same, so people who measure with Pillow find the
 * same figures. */
static int
plane_at (const float *rgb,
          int          plane)
{
  int sum = 0;

  for (int k = 0; k < 3; k++)
    sum += lrint (64.0 * ycc[plane][k] * p2p_image_byte (rgb[k]));
  return sum >> 6;
}

/* ---- Grid ------------------------------------------------------------------------------- */

/* Whether a window is flat.  rgb is its first pixel, in a picture of width w. */
static gboolean
is_flat (const float *rgb,
         int          w)
{
  const float *center = rgb + ((gsize) HALF * w + HALF) * 3;

  for (int y = 0; y < SIDE; y++)
    for (int i = 0; i < 3 * SIDE; i++)
      if (ABS (p2p_image_byte (rgb[(gsize) y * w * 3 + i]) - p2p_image_byte (center[i % 3])) > FLAT)
        return FALSE;
  return TRUE;
}

/* Folds a plane of a window to [HALF, HALF]: subtracts its mean, multiplies it by the Hann window,
 * and adds the values that lie HALF apart. */
static void
fold (const Tables *tables,
      const float  *rgb,
      int           w,
      int           plane,
      double        folded[HALF][HALF])
{
  double values[SIDE][SIDE], mean = 0.0;

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      {
        values[y][x] = plane_at (rgb + ((gsize) y * w + x) * 3, plane);
        mean += values[y][x] / (SIDE * SIDE);
      }
  memset (folded, 0, HALF * sizeof *folded);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      folded[y % HALF][x % HALF] += (values[y][x] - mean) * tables->hann[y] * tables->hann[x];
}

/* Adds the power spectrum of a window's plane to the sums. */
static void
add_power (const Tables *tables,
           const float  *rgb,
           int           w,
           int           plane,
           P2pTexture   *texture)
{
  double folded[HALF][HALF];

  fold (tables, rgb, w, plane, folded);
  for (int u = 0; u < BINS; u++)
    {
      double re[HALF] = { 0.0 }, im[HALF] = { 0.0 };    /* of each row */

      for (int y = 0; y < HALF; y++)
        for (int x = 0; x < HALF; x++)
          {
            re[y] += tables->re[u][x] * folded[y][x];
            im[y] += tables->im[u][x] * folded[y][x];
          }
      for (int v = 0; v < BINS; v++)
        {
          double a = 0.0, b = 0.0;

          for (int y = 0; y < HALF; y++)
            {
              a += tables->re[v][y] * re[y] - tables->im[v][y] * im[y];
              b += tables->re[v][y] * im[y] + tables->im[v][y] * re[y];
            }
          texture->power[v][u] += a * a + b * b;
        }
    }
}

static void
add_windows (P2pTexture        *texture,
             const P2pTextured *picture)
{
  const int w = picture->w;
  Tables    tables;

  make_tables (&tables);
  for (int top = 0; top + SIDE <= picture->h; top += STEP)
    for (int left = 0; left + SIDE <= w; left += STEP)
      {
        const gsize start = ((gsize) top * w + left) * 3;

        if (! is_flat (picture->flat + start, w))
          continue;
        for (int plane = picture->chroma ? 1 : 0; plane < (picture->chroma ? 3 : 1); plane++)
          add_power (&tables, picture->output + start, w, plane, texture);
        texture->n_windows++;
      }
}

double
p2p_texture_grid (const P2pTexture *texture)
{
  double log_power[BINS][BINS], sum = 0.0;
  int    n = 0;

  if (texture->n_windows == 0)
    return NAN;
  for (int v = 0; v < BINS; v++)
    for (int u = 0; u < BINS; u++)
      log_power[v][u] = log (texture->power[v][u] / texture->n_windows + 1e-12);
  for (int v = 1; v < BINS; v += 2)
    for (int u = 1; u < BINS; u += 2)
      if (v > 1 || u > 1)
        {
          sum += log_power[v][u] - (log_power[v - 1][u] + log_power[v + 1][u]
                                    + log_power[v][u - 1] + log_power[v][u + 1]) / 4.0;
          n++;
        }
  return exp (sum / n);
}

/* ---- Sharpness -------------------------------------------------------------------------- */

/* The sum of the lengths of a plane's gradients; rgb [h,w,3]. */
static double
sum_gradients (const float *rgb,
               int          w,
               int          h,
               int          plane)
{
  double sum = 0.0;

  for (int y = 0; y + 1 < h; y++)
    for (int x = 0; x + 1 < w; x++)
      {
        const float *at = rgb + ((gsize) y * w + x) * 3;
        const int    here = plane_at (at, plane);

        sum += hypot (plane_at (at + 3, plane) - here, plane_at (at + (gsize) 3 * w, plane) - here);
      }
  return sum;
}

static void
add_sharpness (P2pTexture        *texture,
               const P2pTextured *picture)
{
  double found = 0.0, wanted = 0.0;

  for (int plane = picture->chroma ? 1 : 0; plane < (picture->chroma ? 3 : 1); plane++)
    {
      found += sum_gradients (picture->output, picture->w, picture->h, plane);
      wanted += sum_gradients (picture->target, picture->w, picture->h, plane);
    }
  if (wanted <= 0.0)
    return;
  texture->sharpness += found / wanted;
  texture->n_pictures++;
}

void
p2p_texture_join (P2pTexture       *texture,
                  const P2pTexture *other)
{
  for (int v = 0; v < BINS; v++)
    for (int u = 0; u < BINS; u++)
      texture->power[v][u] += other->power[v][u];
  texture->n_windows += other->n_windows;
  texture->sharpness += other->sharpness;
  texture->n_pictures += other->n_pictures;
}

double
p2p_texture_sharpness (const P2pTexture *texture)
{
  return texture->n_pictures ? texture->sharpness / texture->n_pictures : NAN;
}

void
p2p_texture_add (P2pTexture        *texture,
                 const P2pTextured *picture)
{
  add_windows (texture, picture);
  add_sharpness (texture, picture);
}
