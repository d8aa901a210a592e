/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base/memory.h"
#include "smooth.h"

#define COLUMNS 16    /* number of columns copied at a time, so that whole cache lines are read */

typedef struct
{
  P2pPlanes    *planes;
  const guint8 *height;
  int           wall, radius;
  float        *lines;     /* for each thread, copies of the rows or columns that it averages */
  gsize         n;         /* number of floats in lines for one thread */
} Smoothing;

/* Averages n pixels without walls, from [n, c].  The results go into to, where pixels are step
 * floats apart. */
static void
average (const Smoothing *smoothing,
         const float     *from,
         int              n,
         float           *to,
         gsize            step)
{
  const int c = smoothing->planes->channels, radius = smoothing->radius;

  for (int k = 0; k < c; k++)
    {
      double sum = 0.0;

      for (int i = 0; i < MIN (radius, n); i++)
        sum += from[i * c + k];
      for (int i = 0; i < n; i++)
        {
          const int first = MAX (i - radius, 0), last = MIN (i + radius, n - 1);

          if (i + radius < n)
            sum += from[(i + radius) * c + k];
          to[i * step + k] = sum / (last - first + 1);
          if (i - radius >= 0)
            sum -= from[(i - radius) * c + k];
        }
    }
}

/* Averages a row or a column of n pixels, from [n, c], between its walls.  Pixels are height_step
 * elements apart in height and step floats apart in to. */
static void
average_line (const Smoothing *smoothing,
              const float     *from,
              int              n,
              const guint8    *height,
              gsize            height_step,
              float           *to,
              gsize            step)
{
  for (int i = 0, end; i < n; i = end + 1)
    {
      for (end = i; end < n && height[end * height_step] < smoothing->wall; end++)
        ;
      average (smoothing, from + (gsize) i * smoothing->planes->channels, end - i, to + i * step,
               step);
    }
}

static void
smooth_row (int      y,
            int      worker,
            gpointer data)
{
  const Smoothing *smoothing = data;
  const P2pPlanes *planes = smoothing->planes;
  const gsize      length = (gsize) planes->width * planes->channels;
  float           *from = smoothing->lines + worker * smoothing->n;

  memcpy (from, planes->values + y * length, length * sizeof *from);
  average_line (smoothing, from, planes->width, smoothing->height + (gsize) y * planes->width, 1,
                planes->values + y * length, planes->channels);
}

static void
smooth_columns (int      chunk,
                int      worker,
                gpointer data)
{
  const Smoothing *smoothing = data;
  const P2pPlanes *planes = smoothing->planes;
  const int        w = planes->width, h = planes->height, c = planes->channels;
  const int        first = chunk * COLUMNS, n = MIN (COLUMNS, w - first);
  float           *from = smoothing->lines + worker * smoothing->n;

  for (int y = 0; y < h; y++)
    for (int x = 0; x < n; x++)
      memcpy (from + ((gsize) x * h + y) * c, planes->values + ((gsize) y * w + first + x) * c,
              c * sizeof *from);
  for (int x = 0; x < n; x++)
    average_line (smoothing, from + (gsize) x * h * c, h, smoothing->height + first + x, w,
                  planes->values + (first + x) * c, (gsize) w * c);
}

gboolean
p2p_smooth_between (P2pPlanes     *planes,
                    const guint8  *height,
                    int            wall,
                    int            radius,
                    P2pParallel   *parallel,
                    GError       **error)
{
  const gsize       longest = MAX ((gsize) planes->width, (gsize) COLUMNS * planes->height);
  const gsize       n = longest * planes->channels;
  g_autofree float *lines = p2p_try_new (float, n * p2p_parallel_n_threads (parallel), error);
  Smoothing         smoothing = { planes, height, wall, radius, lines, n };

  if (! lines)
    return FALSE;
  p2p_parallel_for (parallel, planes->height, smooth_row, &smoothing);
  p2p_parallel_for (parallel, (planes->width + COLUMNS - 1) / COLUMNS, smooth_columns,
                    &smoothing);
  return TRUE;
}
