/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A hint is a set of connected pixels.  They are found by walking from the hint's center to
 * neighbors, and never across a line. */

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "make-hints.h"
#include "pictures/color.h"
#include "pictures/region.h"

#define LINE       0.5f     /* darker than this is a line */
#define RIM        0.85f    /* darker than this is a line's soft edge, where no hint begins */
#define COLORED    8.0f     /* with more chroma than this, a pixel is not gray */
#define TRIES      64       /* to find a colored place */
#define JITTER     0.02f    /* standard deviation of the change of a hint's color */
#define MOST_HINTS 80

/* A sample's random numbers, which are used one after the other. */
typedef struct
{
  guint64 seed, stream, next;
} Chance;

static double
uniform (Chance *chance)
{
  return p2p_random_uniform (chance->seed, chance->stream, chance->next++);
}

static double
normal (Chance *chance)
{
  const double u = uniform (chance), v = uniform (chance);

  return p2p_box_muller (u, v);
}

static double
between (Chance *chance,
         double  from,
         double  to)
{
  return from + (to - from) * uniform (chance);
}

static gboolean
is_line (const P2pTruth *truth,
         gsize           place)
{
  return truth->lines && truth->lines[place] < LINE;
}

static gboolean
is_colored (const P2pTruth *truth,
            gsize           place)
{
  float lab[3];

  p2p_lab_from_rgb (truth->rgb + 3 * place, lab);
  return hypotf (lab[1], lab[2]) > COLORED;
}

/* A random pixel away from lines.  colored asks for a pixel that is not gray; when TRIES tries find
 * none, any pixel that is not on a line will do. */
static gsize
find_place (const P2pTruth *truth,
            gboolean        colored,
            Chance         *chance)
{
  const gsize n = (gsize) truth->w * truth->h;
  gsize       place = 0;

  for (int i = 0; i < TRIES; i++)
    {
      place = MIN ((gsize) (uniform (chance) * n), n - 1);
      if ((! truth->lines || truth->lines[place] >= RIM)
          && (! colored || is_colored (truth, place)))
        return place;
    }
  for (gsize i = 0; i < n && is_line (truth, place); i++)
    place = (place + 1) % n;
  return place;
}

/* ---- One hint --------------------------------------------------------------------------- */

/* The pixels of a hint, each of them once. */
typedef struct
{
  const P2pTruth *truth;
  gsize          *places;   /* y · w + x of each pixel: [w · h], of which n are used */
  gsize           n;
  guint8         *taken;    /* [h,w], whether a pixel is among them */
} Brush;

static void
brush_clear (Brush *brush)
{
  g_free (brush->places);
  g_free (brush->taken);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Brush, brush_clear)

static gboolean
brush_init (Brush           *brush,
            const P2pTruth  *truth,
            GError         **error)
{
  const gsize pixels = (gsize) truth->w * truth->h;

  brush->truth = truth;
  brush->places = p2p_try_new (gsize, pixels, error);
  brush->taken = brush->places ? p2p_try_new0 (guint8, pixels, error) : NULL;
  return brush->taken != NULL;
}

/* Empties the brush for the next hint. */
static void
lift (Brush *brush)
{
  for (gsize i = 0; i < brush->n; i++)
    brush->taken[brush->places[i]] = FALSE;
  brush->n = 0;
}

/* The side of the picture to which the sizes of hints are proportional. */
static int
longer_side (const Brush *brush)
{
  return MAX (brush->truth->w, brush->truth->h);
}

/* A rectangle around the pixel x, y, in which a hint may lie, but not on lines. */
typedef struct
{
  const P2pTruth *truth;
  int             x, y, half_w, half_h;
} Reach;

static gboolean
is_in_reach (gsize         place,
             gconstpointer data)
{
  const Reach *reach = data;
  const int    w = reach->truth->w;

  return ABS ((int) (place % w) - reach->x) <= reach->half_w
         && ABS ((int) (place / w) - reach->y) <= reach->half_h
         && ! is_line (reach->truth, place);
}

/* Adds the pixels of a rectangle around center that can be reached without crossing a line. */
static void
fill (Brush *brush,
      gsize  center,
      int    half_w,
      int    half_h)
{
  const int   w = brush->truth->w, h = brush->truth->h;
  const Reach reach = { brush->truth, center % w, center / w, half_w, half_h };

  brush->n = p2p_region_grow (w, h, center, is_in_reach, &reach, brush->taken, brush->places,
                              brush->n);
}

/* Draws along an arc of random direction, bend, length and width.  It ends early at a line or at
 * the picture's border. */
static void
draw_stroke (Brush  *brush,
             gsize   start,
             Chance *chance)
{
  const int side = longer_side (brush), w = brush->truth->w, h = brush->truth->h;
  double    x = start % w, y = start / w;
  double    angle = between (chance, 0.0, 2.0 * G_PI), bend = between (chance, -0.12, 0.12);
  int       length = between (chance, side / 26.0, side / 4.0);
  int       half = uniform (chance) * MAX (side / 128.0, 1.0);

  for (int i = 0; i < length; i++)
    {
      const int at_x = lrint (x), at_y = lrint (y);

      if (at_x < 0 || at_y < 0 || at_x >= w || at_y >= h
          || is_line (brush->truth, (gsize) at_y * w + at_x))
        return;
      fill (brush, (gsize) at_y * w + at_x, half, half);
      x += cos (angle);
      y += sin (angle);
      angle += bend;
    }
}

/* Whether the whole dot lies on colored pixels: an artist would not put a dot where part of it
 * covers something gray. */
static gboolean
is_all_colored (const Brush *brush)
{
  for (gsize i = 0; i < brush->n; i++)
    if (! is_colored (brush->truth, brush->places[i]))
      return FALSE;
  return brush->n > 0;
}

/* Paints the brush's pixels into the map in the mean of their true colors, changed at random with
 * the standard deviation jitter.  strength is their value in the mask. */
static void
paint (const Brush *brush,
       float        strength,
       float        jitter,
       Chance      *chance,
       P2pHintMap  *map)
{
  double sums[3] = { 0.0 };

  for (gsize i = 0; i < brush->n; i++)
    for (int k = 0; k < 3; k++)
      sums[k] += brush->truth->rgb[3 * brush->places[i] + k];
  for (int k = 0; k < 3; k++)
    sums[k] = sums[k] / brush->n + jitter * normal (chance);
  for (gsize i = 0; i < brush->n; i++)
    {
      const gsize place = brush->places[i];

      for (int k = 0; k < 3; k++)
        map->rgb[3 * place + k] = CLAMP (sums[k], 0.0, 1.0);
      map->mask[place] = strength;
    }
}

/* ---- All hints -------------------------------------------------------------------------- */

static void
make_one (Brush      *brush,
          Chance     *chance,
          P2pHintMap *map)
{
  const double kind = uniform (chance);
  const gsize  place = find_place (brush->truth, uniform (chance) < 0.85, chance);
  const int    side = longer_side (brush);

  if (kind < 0.6)
    {
      const int half = between (chance, 0.0, MAX (side / 64.0, 1.5));

      fill (brush, place, half, half);
    }
  else if (kind < 0.85)
    draw_stroke (brush, place, chance);
  else
    {
      const int half_w = between (chance, side / 64.0, side / 16.0);
      const int half_h = between (chance, side / 64.0, side / 16.0);

      fill (brush, place, half_w, half_h);
    }
  if (brush->n)
    paint (brush, uniform (chance) < 0.8 ? 1.0f : between (chance, 0.3, 1.0), JITTER, chance, map);
  lift (brush);
}

/* The first random number of a sample decides; p2p_make_hints () uses those after it. */
gboolean
p2p_wants_hints (guint64 seed,
                 guint64 stream)
{
  return p2p_random_uniform (seed, stream, 0) >= 1.0 / 3.0;
}

gboolean
p2p_make_hints (const P2pTruth  *truth,
                guint64          seed,
                guint64          stream,
                P2pHintMap      *map,
                GError         **error)
{
  Chance         chance = { seed, stream, 1 };
  const double   share = uniform (&chance);
  const int      n = 1 + MOST_HINTS * share * share;    /* 20 or fewer in half of the samples */
  g_auto (Brush) brush = { 0 };

  if (! brush_init (&brush, truth, error))
    return FALSE;
  for (int i = 0; i < n; i++)
    make_one (&brush, &chance, map);
  return TRUE;
}

gboolean
p2p_make_dots (const P2pTruth  *truth,
               guint            n,
               guint64          seed,
               guint64          stream,
               P2pHintMap      *map,
               gsize           *places,
               GError         **error)
{
  Chance         chance = { seed, stream };
  const int      half = MAX (MAX (truth->w, truth->h) * 5 / 256 / 2, 1);
  g_auto (Brush) brush = { 0 };

  if (! brush_init (&brush, truth, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      int tried = 0;

      do
        {
          lift (&brush);
          places[i] = find_place (truth, TRUE, &chance);
          fill (&brush, places[i], half, half);
        }
      while (! is_all_colored (&brush) && ++tried < TRIES);
      if (brush.n)
        paint (&brush, 1.0f, 0.0f, &chance, map);
    }
  return TRUE;
}
