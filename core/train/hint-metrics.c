/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "hint-metrics.h"
#include "pictures/color.h"
#include "pictures/region.h"
#include "pictures/spread.h"

#define ONE_COLOR 8.0     /* ΔE within which neighbors are of one region */
#define OBEYED    12.0    /* ΔE */

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

/* The mean distance of colors [n, 3] or of a and b [n, 2], in [0, 1], from the target's. */
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

/* A plane of the input in [0, 1] (newly allocated). */
static float *
get_plane (const P2pSeen *seen,
           P2pPlaneKind   kind)
{
  const int   stride = p2p_inputs_channels (seen->inputs), c = p2p_plane_kinds[kind].channels;
  const gsize n = (gsize) seen->w * seen->h;
  const int   offset = p2p_inputs_offset (seen->inputs, kind);
  float      *plane = g_new (float, n * c);

  for (gsize i = 0; i < n; i++)
    for (int k = 0; k < c; k++)
      plane[i * c + k] = (seen->a[i * stride + offset + k] + 1.0f) / 2.0f;
  return plane;
}

double
p2p_metric_nearest (const P2pSeen *seen,
                    const float   *target)
{
  static const float none[3] = { 0.5f, 0.5f, 0.5f };
  const gboolean     ab = p2p_inputs_have (seen->inputs, P2P_PLANE_HINT_AB);
  const P2pPlaneKind kind = ab ? P2P_PLANE_HINT_AB : P2P_PLANE_HINT_RGB;
  const int          c = p2p_plane_kinds[kind].channels;
  const gsize        n = (gsize) seen->w * seen->h;
  g_autofree float  *colors = NULL, *mask = NULL, *filled = NULL;
  P2pSpread          hints;

  if (! p2p_inputs_have (seen->inputs, kind)
      || ! p2p_inputs_have (seen->inputs, P2P_PLANE_HINT_MASK))
    return NAN;
  colors = get_plane (seen, kind);
  mask = get_plane (seen, P2P_PLANE_HINT_MASK);
  filled = g_new (float, n * c);
  hints = (P2pSpread) { seen->w, seen->h, c, .colour = colors, .mask = mask, .none = none };
  if (! p2p_spread_nearest (&hints, filled, NULL))
    return NAN;
  return ab_distance (filled, c, target, n);
}

double
p2p_metric_spreading (const P2pSeen *seen,
                      const float   *target)
{
  const gboolean     ab = p2p_inputs_have (seen->inputs, P2P_PLANE_SPREAD_AB);
  const P2pPlaneKind kind = ab ? P2P_PLANE_SPREAD_AB : P2P_PLANE_SPREAD_RGB;
  g_autofree float  *colors = NULL;

  if (! p2p_inputs_have (seen->inputs, kind))
    return NAN;
  colors = get_plane (seen, kind);
  return ab_distance (colors, p2p_plane_kinds[kind].channels, target,
                      (gsize) seen->w * seen->h);
}

/* ---- Obedience -------------------------------------------------------------------------- */

/* What a region of one color is found by. */
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

static gboolean
is_obeyed (const float *output,
           const float *target,
           int          w,
           int          h,
           gsize        place)
{
  g_autofree guint8 *seen = g_new0 (guint8, (gsize) w * h);
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (gsize));
  Region             region = { target };
  float              mean[3] = { 0.0f }, is[3];

  p2p_lab_from_rgb (target + 3 * place, region.color);
  p2p_region_grow (w, h, place, has_color, &region, seen, places);
  for (guint i = 0; i < places->len; i++)
    for (int k = 0; k < 3; k++)
      mean[k] += output[3 * g_array_index (places, gsize, i) + k] / places->len;
  p2p_lab_from_rgb (mean, is);
  return distance (is, region.color, 0) <= OBEYED;
}

guint
p2p_metric_obeyed (const float *output,
                   const float *target,
                   int          w,
                   int          h,
                   const gsize *places,
                   guint        n)
{
  guint n_obeyed = 0;

  for (guint i = 0; i < n; i++)
    n_obeyed += is_obeyed (output, target, w, h, places[i]);
  return n_obeyed;
}
