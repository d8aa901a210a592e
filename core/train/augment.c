/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "augment.h"
#include "base/random.h"

#define SHIFT 8    /* a side's part that pictures are shifted by, at most */
#define HOLE  2    /* and that the hole is wide */

enum { BRIGHTNESS, SATURATION, CONTRAST, SHIFT_X, SHIFT_Y, HOLE_X, HOLE_Y, N_DRAWS };

/* A whole number in [0, n). */
static int
draw_below (double uniform,
            int    n)
{
  return uniform * n;
}

P2pAugment
p2p_augment_draw (guint64 seed,
                  guint64 step,
                  guint   picture,
                  int     h,
                  int     w)
{
  const guint64 stream = p2p_random (seed, p2p_random_stream ("diffaugment"), step);
  const int     most_x = w / SHIFT, most_y = h / SHIFT, hole_x = w / HOLE, hole_y = h / HOLE;
  double        u[N_DRAWS];
  int           left, top;

  for (int i = 0; i < N_DRAWS; i++)
    u[i] = p2p_random_uniform (seed, stream, N_DRAWS * (guint64) picture + i);

  /* The hole's center lies anywhere. */
  left = draw_below (u[HOLE_X], w + 1) - hole_x / 2;
  top = draw_below (u[HOLE_Y], h + 1) - hole_y / 2;
  return (P2pAugment) {
    u[BRIGHTNESS] - 0.5, 2.0 * u[SATURATION], u[CONTRAST] + 0.5,
    draw_below (u[SHIFT_X], 2 * most_x + 1) - most_x,
    draw_below (u[SHIFT_Y], 2 * most_y + 1) - most_y,
    MAX (left, 0), MAX (top, 0), MIN (left + hole_x, w), MIN (top + hole_y, h),
  };
}

/* ---- Colors ----------------------------------------------------------------------------- */

/* What is the same for all pixels of a picture.  Brightness, saturation and contrast, one after
 * another, are value · x + pixel · (the pixel's mean) + added. */
typedef struct
{
  int      channels;        /* that are colors: those after them stay */
  p2p_real value, pixel, added;
} Colors;

/* brightness 0 gives the backward: what is left is its own transpose. */
static Colors
find_colors (const P2pAugment *augment,
             p2p_real          brightness,
             const p2p_real   *x,
             gsize             pixels,
             int               c)
{
  const p2p_real k = augment->contrast, s = augment->saturation;
  const int      channels = c >= 3 ? 3 : 1;
  double         sum = 0.0;

  for (gsize i = 0; i < pixels; i++)
    for (int j = 0; j < channels; j++)
      sum += x[i * c + j];
  return (Colors) { channels, k * s, k * (1 - s),
                    brightness + (1 - k) * (p2p_real) (sum / (pixels * channels)) };
}

static void
change_pixel (const Colors   *colors,
              const p2p_real *x,
              int             c,
              p2p_real       *to)
{
  p2p_real sum = 0;

  for (int j = 0; j < colors->channels; j++)
    sum += x[j];
  for (int j = 0; j < c; j++)
    to[j] = j < colors->channels
            ? colors->value * x[j] + colors->pixel * sum / colors->channels + colors->added : x[j];
}

/* ---- Places ----------------------------------------------------------------------------- */

static gboolean
is_in_hole (const P2pAugment *augment,
            int               y,
            int               x)
{
  return y >= augment->top && y < augment->bottom && x >= augment->left && x < augment->right;
}

static gboolean
is_inside (int y,
           int x,
           int h,
           int w)
{
  return y >= 0 && y < h && x >= 0 && x < w;
}

void
p2p_augment (const P2pAugment *augment,
             const p2p_real   *x,
             int               h,
             int               w,
             int               c,
             gboolean          colors,
             p2p_real         *to)
{
  const Colors change = colors ? find_colors (augment, augment->brightness, x, (gsize) h * w, c)
                               : (Colors) { 0 };

  for (int i = 0; i < h; i++)
    for (int j = 0; j < w; j++, to += c)
      {
        const int y = i + augment->dy, z = j + augment->dx;

        if (is_inside (y, z, h, w) && ! is_in_hole (augment, i, j))
          change_pixel (&change, x + ((gsize) y * w + z) * c, c, to);
        else
          for (int k = 0; k < c; k++)
            to[k] = 0;
      }
}

void
p2p_augment_backward (const P2pAugment *augment,
                      const p2p_real   *dto,
                      int               h,
                      int               w,
                      int               c,
                      gboolean          colors,
                      p2p_real         *dx)
{
  Colors change;

  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      {
        const int       i = y - augment->dy, j = x - augment->dx;
        const gboolean  seen = is_inside (i, j, h, w) && ! is_in_hole (augment, i, j);
        const p2p_real *from = seen ? dto + ((gsize) i * w + j) * c : NULL;
        p2p_real       *to = dx + ((gsize) y * w + x) * c;

        for (int k = 0; k < c; k++)
          to[k] = seen ? from[k] : 0;
      }
  if (! colors)
    return;
  change = find_colors (augment, 0, dx, (gsize) h * w, c);
  for (gsize i = 0; i < (gsize) h * w; i++)
    change_pixel (&change, dx + i * c, c, dx + i * c);
}
