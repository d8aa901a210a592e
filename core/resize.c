/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Separable scaling: each axis has a table of the source places that a result place sums up. */

#include <math.h>

#include "resize.h"

P2pPlanes *
p2p_planes_new (int width,
                int height,
                int channels)
{
  P2pPlanes *planes = g_new (P2pPlanes, 1);

  planes->width = width;
  planes->height = height;
  planes->channels = channels;
  planes->values = g_new (float, (gsize) width * height * channels);
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

/* One axis: result place i sums weight[i · n + j] times source place[i · n + j]. */
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

static void
axis_init (Axis      *axis,
           int        from,
           int        to,
           P2pFilter  filter)
{
  double step = (double) from / to, width = MAX (step, 1.0);

  axis->n = filter == P2P_NEAREST ? 1 : 2 * (int) ceil (2.0 * width) + 1;
  axis->place = g_new (int, (gsize) to * axis->n);
  axis->weight = g_new (float, (gsize) to * axis->n);
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
          double   weight = filter == P2P_NEAREST ? 1.0 : cubic ((first + j + 0.5 - centre) / width);

          axis->place[i * axis->n + j] = CLAMP (first + j, 0, from - 1);
          axis->weight[i * axis->n + j] = inside ? weight / sum : 0.0;
        }
    }
}

static void
axis_clear (Axis *axis)
{
  g_free (axis->place);
  g_free (axis->weight);
}

typedef struct
{
  const P2pPlanes *from;
  P2pPlanes       *to;
  Axis             axis;
} Pass;

static void
row_horizontal (int      row,
                int      worker,
                gpointer data)
{
  const Pass  *pass = data;
  const int    c = pass->to->channels, n = pass->axis.n;
  const float *from = pass->from->values + (gsize) row * pass->from->width * c;
  float       *to = pass->to->values + (gsize) row * pass->to->width * c;

  for (int i = 0; i < pass->to->width; i++)
    for (int k = 0; k < c; k++)
      {
        float sum = 0.0f;

        for (int j = i * n; j < (i + 1) * n; j++)
          sum += pass->axis.weight[j] * from[(gsize) pass->axis.place[j] * c + k];
        to[(gsize) i * c + k] = sum;
      }
}

static void
row_vertical (int      row,
              int      worker,
              gpointer data)
{
  const Pass *pass = data;
  const int   n = pass->axis.n;
  const gsize length = (gsize) pass->to->width * pass->to->channels;
  float      *to = pass->to->values + row * length;

  for (gsize i = 0; i < length; i++)
    to[i] = 0.0f;
  for (int j = row * n; j < (row + 1) * n; j++)
    {
      const float *from = pass->from->values + pass->axis.place[j] * length;

      for (gsize i = 0; i < length; i++)
        to[i] += pass->axis.weight[j] * from[i];
    }
  for (gsize i = 0; i < length; i++)
    to[i] = CLAMP (to[i], 0.0f, 1.0f);
}

P2pPlanes *
p2p_resize (const P2pPlanes *planes,
            int              width,
            int              height,
            P2pFilter        filter,
            P2pParallel     *parallel)
{
  g_autoptr (P2pPlanes) between = p2p_planes_new (width, planes->height, planes->channels);
  P2pPlanes            *to = p2p_planes_new (width, height, planes->channels);
  Pass                  horizontal = { planes, between }, vertical = { between, to };

  axis_init (&horizontal.axis, planes->width, width, filter);
  p2p_parallel_for (parallel, planes->height, row_horizontal, &horizontal);
  axis_clear (&horizontal.axis);

  axis_init (&vertical.axis, planes->height, height, filter);
  p2p_parallel_for (parallel, height, row_vertical, &vertical);
  axis_clear (&vertical.axis);

  return to;
}
