/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Makes the planes of hints.  A plane of hint colors holds 0.5, gray, in pixels without a hint.
 * The network sees this as 0. */

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "hints.h"
#include "pictures/color.h"
#include "pictures/spread.h"

#define ABSENT 0.5f

/* The slope at which an edge in a plane counts as a black line: the change of the value, which lies
 * in [0, 1], from one pixel to the next.  Smaller slopes count in proportion.  The number holds for
 * a longer side of 512 pixels; for one of 1024 pixels it is half as large. */
#define EDGE 0.12f

P2pHintMap *
p2p_hint_map_new (int      width,
                  int      height,
                  GError **error)
{
  const gsize            n = (gsize) width * height;
  g_autoptr (P2pHintMap) map = g_new0 (P2pHintMap, 1);

  map->width = width;
  map->height = height;
  map->rgb = p2p_try_new0 (float, 3 * n, error);
  map->mask = map->rgb ? p2p_try_new0 (float, n, error) : NULL;
  return map->mask ? g_steal_pointer (&map) : NULL;
}

void
p2p_hint_map_free (P2pHintMap *map)
{
  if (! map)
    return;
  g_free (map->rgb);
  g_free (map->mask);
  g_free (map);
}

gboolean
p2p_hint_map_any (const P2pHintMap *map)
{
  for (gsize i = 0; i < (gsize) map->width * map->height; i++)
    if (map->mask[i] > 0.0f)
      return TRUE;
  return FALSE;
}

/* ---- From a picture --------------------------------------------------------------------- */

/* Finds, on one axis, the pixels [*first, *end) of the image of hints that fall into pixel i of the
 * map: those whose centers lie in it.  If the image overlaps pixel i but no center lies there, one
 * pixel is taken; if it does not overlap it, the range is empty.
 *
 * On this axis the picture has side pixels, the map n pixels and the image of hints size pixels.
 * The image lies on the pixels [start, start + length) of the picture. */
static void
find_pixels (int     i,
             int     n,
             double  side,
             double  start,
             double  length,
             int     size,
             int    *first,
             int    *end)
{
  const double left = (i * side / n - start) / length * size;
  const double right = ((i + 1) * side / n - start) / length * size;

  *first = MAX ((int) ceil (left - 0.5), 0);
  *end = MIN ((int) ceil (right - 0.5), size);
  if (*first >= *end && right > 0.0 && left < size)
    {
      *first = CLAMP ((int) floor ((left + right) / 2.0), 0, size - 1);
      *end = *first + 1;
    }
}

/* Averages the hints' pixels [x0, x1) × [y0, y1): rgb [3] gets their mean weighted by alpha, *mask
 * the largest alpha. */
static void
average (const P2pImage *image,
         int             x0,
         int             x1,
         int             y0,
         int             y1,
         float          *rgb,
         float          *mask)
{
  const int c = image->channels;
  double    sums[3] = { 0.0 }, weight = 0.0;

  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      {
        const float *pixel = image->pixels + ((gsize) y * image->width + x) * c;
        const float  alpha = c % 2 ? 1.0f : p2p_unit (pixel[c - 1]);

        for (int k = 0; k < 3; k++)
          sums[k] += alpha * p2p_unit (pixel[c >= 3 ? k : 0]);
        weight += alpha;
        *mask = MAX (*mask, alpha);
      }
  for (int k = 0; k < 3 && weight > 0.0; k++)
    rgb[k] = sums[k] / weight;
}

/* Data of reduce_row (). */
typedef struct
{
  const P2pHints *hints;
  int             picture_w, picture_h;
  P2pHintMap     *map;
} Reduce;

static void
reduce_row (int      y,
            int      worker,
            gpointer data)
{
  const Reduce   *reduce = data;
  const P2pHints *hints = reduce->hints;
  P2pHintMap     *map = reduce->map;
  int             y0, y1;

  find_pixels (y, map->height, reduce->picture_h, hints->y, hints->height, hints->image->height,
               &y0, &y1);
  for (int x = 0; x < map->width && y0 < y1; x++)
    {
      const gsize i = (gsize) y * map->width + x;
      int         x0, x1;

      find_pixels (x, map->width, reduce->picture_w, hints->x, hints->width, hints->image->width,
                   &x0, &x1);
      average (hints->image, x0, x1, y0, y1, map->rgb + 3 * i, map->mask + i);
    }
}

P2pHintMap *
p2p_hint_map_reduce (const P2pHints  *hints,
                     int              picture_w,
                     int              picture_h,
                     int              width,
                     int              height,
                     P2pParallel     *parallel,
                     GError         **error)
{
  P2pHintMap *map = p2p_hint_map_new (width, height, error);
  Reduce      reduce = { hints, picture_w, picture_h, map };

  if (map && hints)
    p2p_parallel_for (parallel, height, reduce_row, &reduce);
  return map;
}

/* ---- Planes ----------------------------------------------------------------------------- */

/* Returns the slope at a pixel of the steepest of c planes.  here, right and below hold the c
 * values of the pixel and of its neighbors. */
static float
find_slope (const float *here,
            const float *right,
            const float *below,
            int          c)
{
  float steepest = 0.0f;

  for (int k = 0; k < c; k++)
    steepest = MAX (steepest, hypotf (right[k] - here[k], below[k] - here[k]));
  return steepest;
}

/* Finds the barriers that keep colors from spreading, as darkness [h, w] in [0, 1].  Barriers are
 * the lines if the network sees a plane of lines, else the edges in the picture's planes. */
static gboolean
find_barriers (const P2pInputs  *inputs,
               const P2pSource  *picture,
               P2pParallel      *parallel,
               float            *darkness,
               GError          **error)
{
  const int         w = picture->width, h = picture->height, c = picture->channels;
  const int         lines = p2p_inputs_offset (inputs, P2P_PLANE_LINES);
  const float       edge = EDGE * 512.0f / MAX (w, h);
  g_autofree float *rows = p2p_try_new (float, (gsize) 2 * w * c, error);
  float            *here = rows, *below = rows + (gsize) w * c;

  if (! rows)
    return FALSE;
  for (int y = 0; y < h && ! p2p_parallel_is_cancelled (parallel); y++)
    {
      picture->read (picture->data, y, 0, w, here);
      if (lines < 0)
        picture->read (picture->data, MIN (y + 1, h - 1), 0, w, below);
      for (int x = 0; x < w; x++, darkness++)
        {
          const float d = lines >= 0 ? 1.0f - here[x * c + lines]
                          : find_slope (here + x * c, here + MIN (x + 1, w - 1) * c, below + x * c,
                                        c) / edge;

          *darkness = CLAMP (d, 0.0f, 1.0f);
        }
    }
  return TRUE;
}

/* Returns the hints' colors as a plane of ab holds them, [n pixels, 2], or NULL with an error.  The
 * caller frees them. */
static float *
find_ab (const P2pHintMap  *map,
         P2pParallel       *parallel,
         GError           **error)
{
  const gsize n = (gsize) map->width * map->height;
  float      *ab = p2p_try_new (float, 2 * n, error);

  for (gsize i = 0; ab && i < n && ! p2p_parallel_cancels_loop (parallel, i); i++)
    {
      float lab[3];

      p2p_lab_from_rgb (map->rgb + 3 * i, lab);
      ab[2 * i] = (lab[1] / 110.0f + 1.0f) / 2.0f;
      ab[2 * i + 1] = (lab[2] / 110.0f + 1.0f) / 2.0f;
    }
  return ab;
}

/* Copies values [n pixels, c] into c channels of the planes, from channel on.  Pixels whose mask is
 * 0 get the value for no hint.  mask may be NULL. */
static void
put (P2pPlanes   *planes,
     int          channel,
     const float *values,
     int          c,
     const float *mask,
     P2pParallel *parallel)
{
  float *to = planes->values + channel;

  for (gsize i = 0;
       i < (gsize) planes->width * planes->height && ! p2p_parallel_cancels_loop (parallel, i);
       i++, to += planes->channels)
    for (int k = 0; k < c; k++)
      to[k] = ! mask || mask[i] > 0.0f ? values[i * c + k] : ABSENT;
}

/* The result of spreading the hints. */
typedef struct
{
  float *colors;   /* [n pixels, 2 or 3] */
  float *reach;    /* [n pixels], how far to trust the colors (spread.h) */
} Spread;

static void
spread_clear (Spread *spread)
{
  g_free (spread->colors);
  g_free (spread->reach);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Spread, spread_clear)

static gboolean
spread (const P2pInputs   *inputs,
        const P2pSource   *picture,
        const P2pHintMap  *map,
        const float       *colors,
        int                c,
        P2pParallel       *parallel,
        Spread            *found,
        GError           **error)
{
  static const float paper[3] = { 1.0f, 1.0f, 1.0f }, neutral[3] = { ABSENT, ABSENT, ABSENT };
  const gsize        n = (gsize) map->width * map->height;
  g_autofree float  *darkness = NULL;
  P2pSpread          hints;

  found->colors = p2p_try_new (float, c * n, error);
  found->reach = found->colors ? p2p_try_new0 (float, n, error) : NULL;
  if (! found->reach)
    return FALSE;
  if (! p2p_hint_map_any (map))
    {
      for (gsize i = 0; i < c * n; i++)
        found->colors[i] = ABSENT;
      return TRUE;
    }
  darkness = p2p_try_new (float, n, error);
  if (! darkness || ! find_barriers (inputs, picture, parallel, darkness, error))
    return FALSE;
  hints = (P2pSpread) { map->width, map->height, c, darkness, colors, map->mask,
                        c == 3 ? paper : neutral, neutral, parallel };
  return p2p_spread (&hints, found->colors, found->reach, error);
}

static gboolean
takes_spread (const P2pInputs *inputs)
{
  return p2p_inputs_have (inputs, P2P_PLANE_SPREAD_RGB)
         || p2p_inputs_have (inputs, P2P_PLANE_SPREAD_AB)
         || p2p_inputs_have (inputs, P2P_PLANE_SPREAD_REACH);
}

P2pPlanes *
p2p_hint_planes (const P2pInputs   *inputs,
                 const P2pSource   *picture,
                 const P2pHintMap  *map,
                 P2pParallel       *parallel,
                 GError           **error)
{
  const int             n_channels = p2p_inputs_channels (inputs) - p2p_inputs_of_image (inputs);
  const gboolean        ab = p2p_inputs_have (inputs, P2P_PLANE_HINT_AB)
                             || p2p_inputs_have (inputs, P2P_PLANE_SPREAD_AB);
  g_autofree float     *lab_colors = ab ? find_ab (map, parallel, error) : NULL;
  const float          *colors = ab ? lab_colors : map->rgb;
  const int             c = ab ? 2 : 3;
  g_autoptr (P2pPlanes) planes = NULL;
  g_auto (Spread)       found = { NULL };
  int                   channel = 0;

  if (! colors || ! (planes = p2p_planes_new (map->width, map->height, n_channels, error))
      || (takes_spread (inputs)
          && ! spread (inputs, picture, map, colors, c, parallel, &found, error)))
    return NULL;
  for (int i = 0; i < inputs->n; i++)
    {
      const P2pPlaneKind kind = inputs->kinds[i];

      if (! p2p_plane_kinds[kind].hint)
        continue;
      if (kind == P2P_PLANE_HINT_MASK)
        put (planes, channel, map->mask, 1, NULL, parallel);
      else if (kind == P2P_PLANE_SPREAD_REACH)
        put (planes, channel, found.reach, 1, NULL, parallel);
      else if (kind == P2P_PLANE_SPREAD_RGB || kind == P2P_PLANE_SPREAD_AB)
        put (planes, channel, found.colors, c, NULL, parallel);
      else
        put (planes, channel, colors, c, map->mask, parallel);
      channel += p2p_plane_kinds[kind].channels;
    }
  return g_steal_pointer (&planes);
}

/* Floats a pixel: the planes, 4 for the map, 2 for colors in ab, 4 for the spread colors and their
 * reach, 1 for the barriers, 6 for the pixels of spread.c. */
guint64
p2p_hint_bytes (const P2pInputs *inputs,
                int              width,
                int              height)
{
  const int n_channels = p2p_inputs_channels (inputs) - p2p_inputs_of_image (inputs);

  return n_channels ? (guint64) width * height * sizeof (float) * (n_channels + 4 + 2 + 4 + 1 + 6)
                    : 0;
}
