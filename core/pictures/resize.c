/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Scales planes, first the width and then the height.  Each axis has a table that tells which
 * source positions, with which weights, make each position of the result. */

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "resize.h"

P2pPlanes *
p2p_planes_new (int      width,
                int      height,
                int      channels,
                GError **error)
{
  float     *values = p2p_try_new0 (float, (gsize) width * height * channels, error);
  P2pPlanes *planes;

  if (! values)
    return NULL;
  planes = g_new (P2pPlanes, 1);
  planes->width = width;
  planes->height = height;
  planes->channels = channels;
  planes->values = values;
  return planes;
}

void
p2p_planes_free (P2pPlanes *planes)
{
  if (! planes)
    return;
  g_free (planes->values);
  g_free (planes);
}

static void
read_planes (gconstpointer data,
             int           y,
             int           x,
             int           n,
             float        *to)
{
  const P2pPlanes *planes = data;

  memcpy (to, planes->values + ((gsize) y * planes->width + x) * planes->channels,
          n * planes->channels * sizeof (float));
}

P2pSource
p2p_planes_source (const P2pPlanes *planes)
{
  return (P2pSource) { planes->width, planes->height, planes->channels, read_planes, planes };
}

/* ---- Scaling ---------------------------------------------------------------------------- */

/* The table of one axis: position i of the result is the sum, over j from 0 to n − 1, of
 * weight[i · n + j] times the source at position place[i · n + j]. */
typedef struct
{
  int    n;
  int   *place;
  float *weight;
} Axis;

static double
cubic (double x)
{
  x = fabs (x);
  if (x < 1.0)
    return (1.5 * x - 2.5) * x * x + 1.0;
  if (x < 2.0)
    return ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0;
  return 0.0;
}

static gboolean
axis_init (Axis       *axis,
           int         from,
           int         to,
           P2pFilter   filter,
           GError    **error)
{
  double step = (double) from / to, width = MAX (step, 1.0);
  double n = filter == P2P_NEAREST ? 1.0 : 2.0 * ceil (2.0 * width) + 1.0;

  if (to * n > G_MAXINT)    /* the table is indexed with int */
    {
      p2p_memory_complain (P2P_FOR_PICTURE, to * n * (sizeof (int) + sizeof (float)), error);
      return FALSE;
    }
  axis->n = n;
  axis->place = p2p_try_new (int, (gsize) to * axis->n, error);
  axis->weight = axis->place ? p2p_try_new (float, (gsize) to * axis->n, error) : NULL;
  if (! axis->weight)
    return FALSE;
  for (int i = 0; i < to; i++)
    {
      double centre = (i + 0.5) * step;
      int    first = (int) floor (centre) - axis->n / 2;
      double sum = 0.0;

      for (int j = 0; j < axis->n; j++)
        if (first + j >= 0 && first + j < from)
          sum += filter == P2P_NEAREST ? 1.0 : cubic ((first + j + 0.5 - centre) / width);
      for (int j = 0; j < axis->n; j++)
        {
          gboolean inside = first + j >= 0 && first + j < from;
          double   weight = filter == P2P_NEAREST
                            ? 1.0 : cubic ((first + j + 0.5 - centre) / width);

          axis->place[i * axis->n + j] = CLAMP (first + j, 0, from - 1);
          axis->weight[i * axis->n + j] = inside ? weight / sum : 0.0;
        }
    }
  return TRUE;
}

static void
axis_clear (Axis *axis)
{
  g_free (axis->place);
  g_free (axis->weight);
}

struct _P2pResize
{
  const P2pSource *from;      /* valid only while columns are scaled */
  float           *rows;      /* rows of the source, one for each thread; valid as long */
  P2pPlanes       *columns;   /* the source scaled to the result's width, but not in height */
  int              height;    /* of the result */
  Axis             across, down;
};

static void
scale_columns (int      row,
               int      worker,
               gpointer data)
{
  const P2pResize *resize = data;
  const P2pSource *source = resize->from;
  const Axis      *axis = &resize->across;
  const int        c = source->channels, n = axis->n;
  float           *from = resize->rows + (gsize) worker * source->width * c;
  float           *to = resize->columns->values + (gsize) row * resize->columns->width * c;

  source->read (source->data, row, 0, source->width, from);
  for (int i = 0; i < resize->columns->width; i++)
    for (int k = 0; k < c; k++)
      {
        float sum = 0.0f;

        for (int j = i * n; j < (i + 1) * n; j++)
          sum += axis->weight[j] * from[(gsize) axis->place[j] * c + k];
        *to++ = sum;
      }
}

static void
read_scaled (gconstpointer data,
             int           y,
             int           x,
             int           n,
             float        *to)
{
  const P2pResize *resize = data;
  const P2pPlanes *columns = resize->columns;
  const Axis      *axis = &resize->down;
  const int        length = n * columns->channels;

  memset (to, 0, length * sizeof (float));
  for (int j = y * axis->n; j < (y + 1) * axis->n; j++)
    {
      const float *from = columns->values
                          + ((gsize) axis->place[j] * columns->width + x) * columns->channels;

      for (int i = 0; i < length; i++)
        to[i] += axis->weight[j] * from[i];
    }
}

P2pResize *
p2p_resize_new (const P2pSource  *from,
                int               width,
                int               height,
                P2pFilter         filter,
                P2pParallel      *parallel,
                GError          **error)
{
  g_autoptr (P2pResize) resize = g_new0 (P2pResize, 1);
  const gsize           n_rows = p2p_parallel_n_threads (parallel);
  g_autofree float     *rows = NULL;

  resize->height = height;
  resize->columns = p2p_planes_new (width, from->height, from->channels, error);
  if (! resize->columns
      || ! axis_init (&resize->across, from->width, width, filter, error)
      || ! axis_init (&resize->down, from->height, height, filter, error)
      || ! (rows = p2p_try_new (float, n_rows * from->width * from->channels, error)))
    return NULL;

  resize->from = from;
  resize->rows = rows;
  p2p_parallel_for (parallel, from->height, scale_columns, resize);
  resize->from = NULL;
  resize->rows = NULL;
  return g_steal_pointer (&resize);
}

void
p2p_resize_free (P2pResize *resize)
{
  if (! resize)
    return;
  axis_clear (&resize->across);
  axis_clear (&resize->down);
  p2p_planes_free (resize->columns);
  g_free (resize);
}

P2pSource
p2p_resize_source (const P2pResize *resize)
{
  return (P2pSource) { resize->columns->width, resize->height, resize->columns->channels,
                       read_scaled, resize };
}
