/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "flats.h"
#include "flood.h"
#include "smooth.h"

#define NEAR    2      /* the drawing hardly changes within so many pixels of a free pixel */
#define GRAIN   12     /* a change of darkness, of 255, up to which there is no line */
#define BLACK   192    /* darkness from which on a pixel is ink, also in a wide black area */
#define REACH   6      /* pixels that a color travels at most, or it would run along corridors; */
#define INK     96     /* from this darkness on it travels on, so that wide lines are filled */
#define COARSE  16     /* steps of darkness in one level of the flood: grain makes no valleys */
#define LINE    24     /* at full size, a line is darker than the paper by more than this */
#define HIGHEST 200    /* at full size, the most levels of the flood that lead up to a line */
#define SOFT    1.0    /* half the width of a soft border, in pixels of the small colors */

/* ---- The drawing at the size of the colors ---------------------------------------------- */

typedef struct
{
  const P2pSource *picture;
  int              lines;      /* the channel of picture that holds line art */
  int              w, h;
  guint8          *darkness;   /* [h, w], 0 paper to 255 black */
  guint8          *level;      /* [h, w], level of the flood: darkness averaged over 3 × 3 pixels */
  guint8          *paper;      /* [h, w], the least darkness within NEAR pixels */
  int             *source;     /* [h, w], as p2p_flood () takes it: known where a pixel is free */
} Drawing;

static void
drawing_clear (Drawing *drawing)
{
  g_free (drawing->darkness);
  g_free (drawing->level);
  g_free (drawing->paper);
  g_free (drawing->source);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Drawing, drawing_clear)

/* Reads the darkness of row y, 0 to 255, into to [width]. */
static void
read_darkness (const P2pSource *picture,
               int              lines,
               int              y,
               guint8          *to)
{
  const int c = picture->channels;
  float     values[P2P_PIECE];

  for (int x = 0, n; x < picture->width; x += n)
    {
      n = p2p_piece (picture->width - x, c);
      picture->read (picture->data, y, x, n, values);
      for (int i = 0; i < n; i++)
        to[x + i] = 255.0f * (1.0f - CLAMP (values[i * c + lines], 0.0f, 1.0f)) + 0.5f;
    }
}

static void
read_row (int      y,
          int      worker,
          gpointer data)
{
  const Drawing *drawing = data;

  read_darkness (drawing->picture, drawing->lines, y,
                 drawing->darkness + (gsize) y * drawing->w);
}

/* Returns a pixel's level for the flood: the mean darkness with weights 1 2 1 in both directions.
 * This makes the middle of a narrow region lighter than its edges, where the network's color is
 * mostly that of the line.  Pixels at the picture's border are repeated beyond it. */
static int
find_level (const Drawing *drawing,
            int            y,
            int            x)
{
  static const int weights[] = { 1, 2, 1 };
  int              sum = 0;

  for (int i = -1; i <= 1; i++)
    for (int j = -1; j <= 1; j++)
      sum += weights[i + 1] * weights[j + 1]
             * drawing->darkness[(gsize) CLAMP (y + i, 0, drawing->h - 1) * drawing->w
                                 + CLAMP (x + j, 0, drawing->w - 1)];
  return sum / 16 / COARSE;
}

/* Returns whether a pixel is free (flats.h).  *paper gets the least darkness near it. */
static gboolean
is_free (const Drawing *drawing,
         int            y,
         int            x,
         guint8        *paper)
{
  const int right = MIN (x + NEAR, drawing->w - 1), bottom = MIN (y + NEAR, drawing->h - 1);
  int       least = BLACK, most = 0;

  for (int i = MAX (y - NEAR, 0); i <= bottom; i++)
    for (int j = MAX (x - NEAR, 0); j <= right; j++)
      {
        const int darkness = drawing->darkness[(gsize) i * drawing->w + j];

        least = MIN (least, darkness);
        most = MAX (most, darkness);
      }
  *paper = least;
  return most < BLACK && most - least <= GRAIN;
}

static void
look_row (int      y,
          int      worker,
          gpointer data)
{
  const Drawing *drawing = data;

  for (int x = 0, i = y * drawing->w; x < drawing->w; x++, i++)
    {
      drawing->level[i] = find_level (drawing, y, x);
      drawing->source[i] = is_free (drawing, y, x, &drawing->paper[i]) ? i : P2P_FLOOD_UNKNOWN;
    }
}

static gboolean
drawing_init (Drawing          *drawing,
              const P2pSource  *picture,
              int               lines,
              P2pParallel      *parallel,
              GError          **error)
{
  const int   w = picture->width, h = picture->height;
  const gsize n = (gsize) w * h;

  *drawing = (Drawing) { picture, lines, w, h };
  if (! (drawing->darkness = p2p_try_new (guint8, n, error))
      || ! (drawing->level = p2p_try_new (guint8, n, error))
      || ! (drawing->paper = p2p_try_new (guint8, n, error))
      || ! (drawing->source = p2p_try_new (int, n, error)))
    return FALSE;
  p2p_parallel_for (parallel, h, read_row, drawing);
  p2p_parallel_for (parallel, h, look_row, drawing);
  return TRUE;
}

gboolean
p2p_flats_fill (P2pPlanes        *colors,
                const P2pSource  *picture,
                int               lines,
                P2pParallel      *parallel,
                GError          **error)
{
  const int        c = colors->channels;
  g_auto (Drawing) drawing = { 0 };
  P2pFlood         flood;

  if (! drawing_init (&drawing, picture, lines, parallel, error))
    return FALSE;
  flood = (P2pFlood) { drawing.w, drawing.h, drawing.level, drawing.darkness, REACH,
                       INK / COARSE };
  if (! p2p_parallel_is_cancelled (parallel)
      && ! p2p_flood (&flood, drawing.source, parallel, error))
    return FALSE;
  for (int y = 0, i = 0; y < drawing.h && ! p2p_parallel_is_cancelled (parallel); y++)
    for (int x = 0; x < drawing.w; x++, i++)
      if (drawing.source[i] != i)
        memcpy (colors->values + (gsize) i * c, colors->values + (gsize) drawing.source[i] * c,
                c * sizeof (float));
  return TRUE;
}

/* Returns the most bytes that a Drawing takes. */
static guint64
drawing_bytes (int width,
               int height)
{
  return (guint64) width * height * (3 * sizeof (guint8) + sizeof (int));
}

guint64
p2p_flats_fill_bytes (int width,
                      int height)
{
  return drawing_bytes (width, height) + p2p_flood_bytes (width, height);
}

/* ---- The drawing at full size ----------------------------------------------------------- */

typedef struct
{
  const P2pSource *picture;    /* the drawing at full size */
  const Drawing   *small;
  int              w, h;
  int              steps;      /* number of levels of the flood that lead up to a line */
  guint8          *level;      /* [h, w], levels of the flood */
  int             *source;     /* [h, w], as in P2pFlood */
  P2pSource        enlarged;   /* the small colors, scaled to full size */
  P2pPlanes       *colors;     /* [h, w, c], the result: each pixel has the color of its source */
} Band;

/* Sets the levels of a row: for pixels of lines a level above steps that rises with their darkness,
 * for all others 0 until climb () sets it.  The color of a pixel is known where the small drawing
 * is free. */
static void
mark_row (int      y,
          int      worker,
          gpointer data)
{
  const Band    *band = data;
  const Drawing *small = band->small;
  const gsize    row = (gsize) (y * (gint64) small->h / band->h) * small->w;
  guint8        *level = band->level + (gsize) y * band->w;

  read_darkness (band->picture, small->lines, y, level);
  for (int x = 0; x < band->w; x++)
    {
      const gsize i = row + x * (gint64) small->w / band->w;
      const int   at = y * band->w + x;

      level[x] = level[x] > small->paper[i] + LINE
                 ? band->steps + level[x] * (255 - band->steps) / 255 : 0;
      band->source[at] = small->source[i] == P2P_FLOOD_UNKNOWN ? P2P_FLOOD_UNKNOWN : at;
    }
}

/* Returns the least level of a pixel beside one of this level. */
static int
step_down (const Band *band,
           int         level)
{
  return MIN (level, band->steps) - 1;
}

/* Raises the levels around lines: steps − 1 beside a line, one less with each further pixel, down
 * to 0. */
static void
climb (const Band  *band,
       P2pParallel *parallel)
{
  guint8 *level = band->level;

  for (int y = 0, i = 0; y < band->h && ! p2p_parallel_is_cancelled (parallel); y++)
    for (int x = 0; x < band->w; x++, i++)
      level[i] = MAX (level[i], MAX (x > 0 ? step_down (band, level[i - 1]) : 0,
                                     y > 0 ? step_down (band, level[i - band->w]) : 0));
  for (int y = band->h - 1, i = band->w * band->h - 1;
       y >= 0 && ! p2p_parallel_is_cancelled (parallel); y--)
    for (int x = band->w - 1; x >= 0; x--, i--)
      level[i] = MAX (level[i],
                      MAX (x < band->w - 1 ? step_down (band, level[i + 1]) : 0,
                           y < band->h - 1 ? step_down (band, level[i + band->w]) : 0));
}

/* Reads the color of each pixel of a row from its source.  Adjacent pixels often have the same
 * source, whose color is copied, or adjacent sources, which are read together. */
static void
color_row (int      y,
           int      worker,
           gpointer data)
{
  const Band *band = data;
  const int   w = band->w, c = band->colors->channels;
  const int  *source = band->source + (gsize) y * w;
  float      *to = band->colors->values + (gsize) y * w * c;

  for (int x = 0, n; x < w; x += n)
    {
      n = 1;
      if (x > 0 && source[x] == source[x - 1])
        {
          memcpy (to + x * c, to + (x - 1) * c, c * sizeof *to);
          continue;
        }
      while (x + n < w && source[x + n] == source[x] + n && source[x + n] % w > 0)
        n++;
      band->enlarged.read (band->enlarged.data, source[x] / w, source[x] % w, n, to + x * c);
    }
}

/* Makes the result from the sources.  A border between two colors without a line of the drawing is
 * softened, because the place where they met is arbitrary. */
static P2pPlanes *
color (Band             *band,
       const P2pPlanes  *colors,
       double            scale,
       P2pParallel      *parallel,
       GError          **error)
{
  const P2pSource       source = p2p_planes_source (colors);
  g_autoptr (P2pResize) resize = p2p_resize_new (&source, band->w, band->h, P2P_CUBIC, parallel,
                                                 error);
  g_autoptr (P2pPlanes) result = NULL;

  if (! resize || ! (result = p2p_planes_new (band->w, band->h, colors->channels, error)))
    return NULL;
  band->enlarged = p2p_resize_source (resize);
  band->colors = result;
  p2p_parallel_for (parallel, band->h, color_row, band);
  if (! p2p_smooth_between (result, band->level, band->steps, ceil (SOFT * scale), parallel,
                            error))
    return NULL;
  return g_steal_pointer (&result);
}

P2pPlanes *
p2p_flats_enlarge (const P2pPlanes  *colors,
                   const P2pSource  *small,
                   const P2pSource  *large,
                   int               lines,
                   P2pParallel      *parallel,
                   GError          **error)
{
  const int         w = large->width, h = large->height;
  const double      scale = MAX ((double) w / small->width, (double) h / small->height);
  g_autofree guint8 *level = p2p_try_new (guint8, (gsize) w * h, error);
  g_autofree int   *source = level ? p2p_try_new (int, (gsize) w * h, error) : NULL;
  g_auto (Drawing)  drawing = { 0 };
  Band              band = { large, &drawing, w, h, MIN (ceil (NEAR * scale), HIGHEST), level,
                             source };
  P2pFlood          flood = { w, h, level, level, ceil (REACH * scale),
                              band.steps + INK * (255 - band.steps) / 255 };

  if (! source || ! drawing_init (&drawing, small, lines, parallel, error))
    return NULL;
  p2p_parallel_for (parallel, h, mark_row, &band);
  if (! p2p_parallel_is_cancelled (parallel))
    {
      climb (&band, parallel);
      if (! p2p_flood (&flood, source, parallel, error))
        return NULL;
    }
  return color (&band, colors, scale, parallel, error);
}

guint64
p2p_flats_enlarge_bytes (int width,
                         int height,
                         int small_w,
                         int small_h,
                         int channels)
{
  const guint64 colors = sizeof (float) * width * ((guint64) height + small_h) * channels;

  return (guint64) width * height * (sizeof (guint8) + sizeof (int))
         + drawing_bytes (small_w, small_h) + MAX (colors, p2p_flood_bytes (width, height));
}
