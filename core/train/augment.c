/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "augment.h"
#include "base/random.h"

#define SHIFT 8    /* a picture is shifted by at most a SHIFT-th of its width and height */
#define HOLE  2    /* the hole's sides are a HOLE-th of the picture's */

/* The random change that one picture gets. */
typedef struct
{
  p2p_real brightness, saturation, contrast;   /* brightness is added; the others are factors */
  int      dx, dy;                             /* pixel (x, y) is read from (x + dx, y + dy) */
  int      left, top, right, bottom;           /* the hole; right and bottom lie outside of it */
} Draw;

enum { BRIGHTNESS, SATURATION, CONTRAST, SHIFT_X, SHIFT_Y, HOLE_X, HOLE_Y, N_DRAWS };

/* Turns a number that is uniform in [0, 1) into a whole number in [0, n). */
static int
draw_below (double uniform,
            int    n)
{
  return uniform * n;
}

static Draw
draw (const P2pAugmented *pictures,
      int                 i)
{
  const guint64 stream = p2p_random (pictures->seed, p2p_random_stream ("diffaugment"),
                                     pictures->step);
  const int     h = pictures->h, w = pictures->w, hole_x = w / HOLE, hole_y = h / HOLE;
  const int     most_x = w / SHIFT, most_y = h / SHIFT;
  double        u[N_DRAWS];
  int           left, top;

  for (int k = 0; k < N_DRAWS; k++)
    u[k] = p2p_random_uniform (pictures->seed, stream,
                               N_DRAWS * ((guint64) pictures->first + i) + k);

  /* The hole's center may be any pixel, so part of the hole may lie outside of the picture. */
  left = draw_below (u[HOLE_X], w + 1) - hole_x / 2;
  top = draw_below (u[HOLE_Y], h + 1) - hole_y / 2;
  return (Draw) {
    u[BRIGHTNESS] - 0.5, 2.0 * u[SATURATION], u[CONTRAST] + 0.5,
    draw_below (u[SHIFT_X], 2 * most_x + 1) - most_x,
    draw_below (u[SHIFT_Y], 2 * most_y + 1) - most_y,
    MAX (left, 0), MAX (top, 0), MIN (left + hole_x, w), MIN (top + hole_y, h),
  };
}

/* ---- Colors ----------------------------------------------------------------------------- */

/* The color change of one picture.  Brightness, saturation and contrast, applied in this order,
 * turn a value x into  value · x + pixel · (the mean of the pixel's colors) + added. */
typedef struct
{
  int      channels;        /* the first channels are colors; alpha after them is not changed */
  p2p_real value, pixel, added;
} Colors;

/* Finds the change for the picture x, or with brightness 0 its backward for the gradient x.  The
 * two are alike because the change without brightness is linear, and its matrix is symmetric. */
static Colors
find_colors (const Draw     *drawn,
             p2p_real        brightness,
             const p2p_real *x,
             gsize           pixels,
             int             c)
{
  const p2p_real k = drawn->contrast, s = drawn->saturation;
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
is_in_hole (const Draw *drawn,
            int         y,
            int         x)
{
  return y >= drawn->top && y < drawn->bottom && x >= drawn->left && x < drawn->right;
}

static gboolean
is_inside (int y,
           int x,
           int h,
           int w)
{
  return y >= 0 && y < h && x >= 0 && x < w;
}

static void
change (const Draw         *drawn,
        const P2pAugmented *pictures,
        const p2p_real     *x,
        int                 c,
        gboolean            colors,
        p2p_real           *to)
{
  const int    h = pictures->h, w = pictures->w;
  const Colors changed = colors ? find_colors (drawn, drawn->brightness, x, (gsize) h * w, c)
                                : (Colors) { 0 };

  for (int i = 0; i < h; i++)
    for (int j = 0; j < w; j++, to += c)
      {
        const int from_y = i + drawn->dy, from_x = j + drawn->dx;

        if (is_inside (from_y, from_x, h, w) && ! is_in_hole (drawn, i, j))
          change_pixel (&changed, x + ((gsize) from_y * w + from_x) * c, c, to);
        else
          for (int k = 0; k < c; k++)
            to[k] = 0;
      }
}

void
p2p_augment (const P2pAugmented *pictures,
             const p2p_real     *x,
             int                 c,
             gboolean            colors,
             p2p_real           *to)
{
  const gsize size = (gsize) pictures->h * pictures->w * c;

  for (int i = 0; i < pictures->n; i++)
    {
      const Draw drawn = draw (pictures, i);

      change (&drawn, pictures, x + i * size, c, colors, to + i * size);
    }
}

static void
change_backward (const Draw         *drawn,
                 const P2pAugmented *pictures,
                 const p2p_real     *dto,
                 int                 c,
                 gboolean            colors,
                 p2p_real           *dx)
{
  const int h = pictures->h, w = pictures->w;
  Colors    changed;

  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      {
        const int       i = y - drawn->dy, j = x - drawn->dx;
        const gboolean  seen = is_inside (i, j, h, w) && ! is_in_hole (drawn, i, j);
        const p2p_real *from = seen ? dto + ((gsize) i * w + j) * c : NULL;
        p2p_real       *to = dx + ((gsize) y * w + x) * c;

        for (int k = 0; k < c; k++)
          to[k] = seen ? from[k] : 0;
      }
  if (! colors)
    return;
  changed = find_colors (drawn, 0, dx, (gsize) h * w, c);
  for (gsize i = 0; i < (gsize) h * w; i++)
    change_pixel (&changed, dx + i * c, c, dx + i * c);
}

void
p2p_augment_backward (const P2pAugmented *pictures,
                      const p2p_real     *dto,
                      int                 c,
                      gboolean            colors,
                      p2p_real           *dx)
{
  const gsize size = (gsize) pictures->h * pictures->w * c;

  for (int i = 0; i < pictures->n; i++)
    {
      const Draw drawn = draw (pictures, i);

      change_backward (&drawn, pictures, dto + i * size, c, colors, dx + i * size);
    }
}
