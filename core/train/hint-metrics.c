/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "base/memory.h"
#include "hint-metrics.h"
#include "pictures/color.h"
#include "pictures/region.h"
#include "pictures/spread.h"

#define ONE_COLOR 8.0     /* ΔE from a dot's color within which a pixel is of the dot's region */
#define OBEYED    12.0    /* ΔE within which the region's mean obeys the dot */

/* The distance of two Lab colors: with their lightness (ΔE) if first is 0, in the plane of a and b
 * if it is 1. */
static double
distance (const float *a,
          const float *b,
          int          first)
{
  double sum = 0.0;

  for (int k = first; k < 3; k++)
    sum += (a[k] - b[k]) * (a[k] - b[k]);
  return sqrt (sum);
}

/* The mean distance from the target [n,3], in the plane of a and b, of colors that are RGB [n,3]
 * (c 3) or a and b [n,2] (c 2); all values in [0, 1]. */
static double
ab_distance (const float *colors,
             int          c,
             const float *target,
             gsize        n)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      float is[3] = { 0.0f }, shall[3];

      p2p_lab_from_rgb (target + 3 * i, shall);
      if (c == 3)
        p2p_lab_from_rgb (colors + 3 * i, is);
      for (int k = 0; k < 2 && c == 2; k++)
        is[1 + k] = (colors[2 * i + k] * 2.0f - 1.0f) * 110.0f;
      sum += distance (is, shall, 1);
    }
  return sum / n;
}

double
p2p_metric_ab_of_rgb (const float *output,
                      const float *target,
                      gsize        n)
{
  return ab_distance (output, 3, target, n);
}

/* ---- Without a network ------------------------------------------------------------------ */

/* Copies a plane of the network's input, in [0, 1] (newly allocated).
 * Errors: P2P_ERROR_MEMORY. */
static float *
get_plane (const P2pSeen  *seen,
           P2pPlaneKind    kind,
           GError        **error)
{
  const int   stride = p2p_inputs_channels (seen->inputs), c = p2p_plane_kinds[kind].channels;
  const gsize n = (gsize) seen->w * seen->h;
  const int   offset = p2p_inputs_offset (seen->inputs, kind);
  float      *plane = p2p_try_new (float, n * c, error);

  for (gsize i = 0; plane && i < n; i++)
    for (int k = 0; k < c; k++)
      plane[i * c + k] = (seen->a[i * stride + offset + k] + 1.0f) / 2.0f;
  return plane;
}

gboolean
p2p_metric_nearest (const P2pSeen  *seen,
                    const float    *target,
                    double         *distance,
                    GError        **error)
{
  static const float none[3] = { 0.5f, 0.5f, 0.5f };
  const gboolean     ab = p2p_inputs_have (seen->inputs, P2P_PLANE_HINT_AB);
  const P2pPlaneKind kind = ab ? P2P_PLANE_HINT_AB : P2P_PLANE_HINT_RGB;
  const int          c = p2p_plane_kinds[kind].channels;
  const gsize        n = (gsize) seen->w * seen->h;
  g_autofree float  *colors = NULL, *mask = NULL, *filled = NULL;
  P2pSpread          hints;

  *distance = NAN;
  if (! p2p_inputs_have (seen->inputs, kind)
      || ! p2p_inputs_have (seen->inputs, P2P_PLANE_HINT_MASK))
    return TRUE;
  if (! (colors = get_plane (seen, kind, error))
      || ! (mask = get_plane (seen, P2P_PLANE_HINT_MASK, error))
      || ! (filled = p2p_try_new (float, n * c, error)))
    return FALSE;
  hints = (P2pSpread) { seen->w, seen->h, c, .colour = colors, .mask = mask, .none = none };
  if (! p2p_spread_nearest (&hints, filled, error))
    return FALSE;
  *distance = ab_distance (filled, c, target, n);
  return TRUE;
}

gboolean
p2p_metric_spreading (const P2pSeen  *seen,
                      const float    *target,
                      double         *distance,
                      GError        **error)
{
  const gboolean     ab = p2p_inputs_have (seen->inputs, P2P_PLANE_SPREAD_AB);
  const P2pPlaneKind kind = ab ? P2P_PLANE_SPREAD_AB : P2P_PLANE_SPREAD_RGB;
  g_autofree float  *colors = NULL;

  *distance = NAN;
  if (! p2p_inputs_have (seen->inputs, kind))
    return TRUE;
  colors = get_plane (seen, kind, error);
  if (! colors)
    return FALSE;
  *distance = ab_distance (colors, p2p_plane_kinds[kind].channels, target,
                           (gsize) seen->w * seen->h);
  return TRUE;
}

/* ---- Obedience -------------------------------------------------------------------------- */

/* What has_color () compares a pixel with. */
typedef struct
{
  const float *target;      /* rgb [n, 3] */
  float        color[3];    /* Lab */
} Region;

static gboolean
has_color (gsize         place,
           gconstpointer data)
{
  const Region *region = data;
  float         there[3];

  p2p_lab_from_rgb (region->target + 3 * place, there);
  return distance (there, region->color, 0) <= ONE_COLOR;
}

gboolean
p2p_metric_obeyed (const float  *output,
                   const float  *target,
                   int           w,
                   int           h,
                   const gsize  *places,
                   guint         n,
                   guint        *n_obeyed,
                   GError      **error)
{
  const gsize        pixels = (gsize) w * h;
  g_autofree guint8 *seen = p2p_try_new0 (guint8, pixels, error);
  g_autofree gsize  *grown = seen ? p2p_try_new (gsize, pixels, error) : NULL;

  if (! grown)
    return FALSE;
  *n_obeyed = 0;
  for (guint i = 0; i < n; i++)
    {
      Region region = { target };
      float  mean[3] = { 0.0f }, is[3];
      gsize  size;

      p2p_lab_from_rgb (target + 3 * places[i], region.color);
      size = p2p_region_grow (w, h, places[i], has_color, &region, seen, grown, 0);
      for (gsize k = 0; k < size; k++)
        for (int c = 0; c < 3; c++)
          mean[c] += output[3 * grown[k] + c] / size;
      p2p_lab_from_rgb (mean, is);
      *n_obeyed += distance (is, region.color, 0) <= OBEYED;
      for (gsize k = 0; k < size; k++)
        seen[grown[k]] = FALSE;
    }
  return TRUE;
}
