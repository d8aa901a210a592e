/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The flood finds for each pixel the pixel that its color comes from, its source.  A source keeps
 * its color and is its own source, so that colors can be copied last, in any order. */

#include <string.h>

#include "flats.h"

#define NEAR    2      /* pixels around a free pixel that the drawing hardly changes in */
#define GRAIN   12     /* change of darkness, of 255, that is no line */
#define BLACK   192    /* darkness of ink, however wide it is */
#define REACH   6      /* pixels that a color travels, so that it does not run along corridors, */
#define INK     96     /* except on this darkness: wide lines are filled to their middle */
#define COARSE  16     /* darkness of one level of the flood, so that grain makes no valleys */
#define LEVELS  (255 / COARSE + 1)

enum { UNKNOWN = -1, QUEUED = -2 };

typedef struct
{
  const P2pSource *picture;
  int              lines;      /* the picture's channel */
  int              w, h;
  guint8          *darkness;   /* [h, w], 255 black */
  guint8          *level;      /* [h, w], of the flood: darkness averaged over 3 × 3 pixels */
  int             *source;     /* [h, w] */
  int             *order;      /* the pixels, the lightest first */
  int             *queue;      /* pixels of one level that are reached, the first comes first */
} Flood;

/* ---- The drawing ------------------------------------------------------------------------ */

static void
read_row (int      y,
          int      worker,
          gpointer data)
{
  const Flood      *flood = data;
  const int         c = flood->picture->channels;
  g_autofree float *row = g_new (float, (gsize) flood->w * c);
  guint8           *to = flood->darkness + (gsize) y * flood->w;

  flood->picture->read (flood->picture->data, y, 0, flood->w, row);
  for (int x = 0; x < flood->w; x++)
    to[x] = 255.0f * (1.0f - CLAMP (row[x * c + flood->lines], 0.0f, 1.0f)) + 0.5f;
}

/* Averages with weights 1 2 1 in both directions, so that the middle of a narrow region is lighter
 * than its edges, whose colors are mostly line.  Pixels beyond the border are those at it. */
static int
find_level (const Flood *flood,
            int          y,
            int          x)
{
  static const int weights[] = { 1, 2, 1 };
  int              sum = 0;

  for (int i = -1; i <= 1; i++)
    for (int j = -1; j <= 1; j++)
      sum += weights[i + 1] * weights[j + 1]
             * flood->darkness[(gsize) CLAMP (y + i, 0, flood->h - 1) * flood->w
                               + CLAMP (x + j, 0, flood->w - 1)];
  return sum / 16 / COARSE;
}

static gboolean
is_free (const Flood *flood,
         int          y,
         int          x)
{
  const int right = MIN (x + NEAR, flood->w - 1), bottom = MIN (y + NEAR, flood->h - 1);
  int       least = BLACK, most = 0;

  for (int i = MAX (y - NEAR, 0); i <= bottom; i++)
    for (int j = MAX (x - NEAR, 0); j <= right; j++)
      {
        const int darkness = flood->darkness[(gsize) i * flood->w + j];

        least = MIN (least, darkness);
        most = MAX (most, darkness);
      }
  return most < BLACK && most - least <= GRAIN;
}

static void
look_row (int      y,
          int      worker,
          gpointer data)
{
  const Flood *flood = data;

  for (int x = 0, i = y * flood->w; x < flood->w; x++, i++)
    {
      flood->level[i] = find_level (flood, y, x);
      flood->source[i] = is_free (flood, y, x) ? i : UNKNOWN;
    }
}

/* ---- The flood -------------------------------------------------------------------------- */

/* Puts the pixels that are not free in order; begins [LEVELS + 1] gets where each level begins.
 * Returns how many there are. */
static int
sort (Flood *flood,
      int   *begins)
{
  const int n = flood->w * flood->h;
  int       at[LEVELS] = { 0 };

  for (int i = 0; i < n; i++)
    at[flood->level[i]] += flood->source[i] == UNKNOWN;
  begins[0] = 0;
  for (int k = 0; k < LEVELS; k++)
    {
      begins[k + 1] = begins[k] + at[k];
      at[k] = begins[k];
    }
  for (int i = 0; i < n; i++)
    if (flood->source[i] == UNKNOWN)
      flood->order[at[flood->level[i]]++] = i;
  return begins[LEVELS];
}

/* Gives a pixel's neighbors to the left, right, top and bottom.  Returns how many there are. */
static int
find_neighbors (const Flood *flood,
                int          i,
                int         *neighbors)
{
  const int x = i % flood->w;
  int       n = 0;

  if (i >= flood->w)
    neighbors[n++] = i - flood->w;
  if (x > 0)
    neighbors[n++] = i - 1;
  if (x < flood->w - 1)
    neighbors[n++] = i + 1;
  if (i < flood->w * (flood->h - 1))
    neighbors[n++] = i + flood->w;
  return n;
}

/* Whether a pixel may take the color of a source. */
static gboolean
reaches (const Flood *flood,
         int          source,
         int          i)
{
  return flood->level[i] * COARSE >= INK
         || (ABS (source % flood->w - i % flood->w) <= REACH
             && ABS (source / flood->w - i / flood->w) <= REACH);
}

/* The source of the lightest neighbor whose source reaches the pixel; UNKNOWN when none does. */
static int
lightest_source (const Flood *flood,
                 int          i)
{
  int neighbors[4], lightest = -1;

  for (int k = find_neighbors (flood, i, neighbors) - 1; k >= 0; k--)
    if (flood->source[neighbors[k]] >= 0 && reaches (flood, flood->source[neighbors[k]], i)
        && (lightest < 0 || flood->darkness[neighbors[k]] < flood->darkness[lightest]))
      lightest = neighbors[k];
  return lightest < 0 ? UNKNOWN : flood->source[lightest];
}

/* Floods the pixels [begin, end) of the order, which have one level, from those that border on
 * what is flooded.  Pixels that are not reached become sources. */
static void
flood_level (Flood *flood,
             int    begin,
             int    end)
{
  int n = 0, neighbors[4];

  for (int k = begin; k < end; k++)
    if (lightest_source (flood, flood->order[k]) != UNKNOWN)
      {
        flood->source[flood->order[k]] = QUEUED;
        flood->queue[n++] = flood->order[k];
      }
  for (int k = 0; k < n; k++)
    {
      const int i = flood->queue[k];

      flood->source[i] = lightest_source (flood, i);
      for (int m = find_neighbors (flood, i, neighbors) - 1; m >= 0; m--)
        if (flood->source[neighbors[m]] == UNKNOWN
            && flood->level[neighbors[m]] == flood->level[i]
            && reaches (flood, flood->source[i], neighbors[m]))
          {
            flood->source[neighbors[m]] = QUEUED;
            flood->queue[n++] = neighbors[m];
          }
    }
  for (int k = begin; k < end; k++)
    if (flood->source[flood->order[k]] == UNKNOWN)
      flood->source[flood->order[k]] = flood->order[k];
}

void
p2p_flats_fill (P2pPlanes       *colors,
                const P2pSource *picture,
                int              lines,
                P2pParallel     *parallel)
{
  const int          w = colors->width, h = colors->height, c = colors->channels;
  const gsize        n = (gsize) w * h;
  g_autofree guint8 *darkness = g_new (guint8, n), *level = g_new (guint8, n);
  g_autofree int    *source = g_new (int, n), *order = g_new (int, n), *queue = NULL;
  Flood              flood = { picture, lines, w, h, darkness, level, source, order };
  int                begins[LEVELS + 1];

  p2p_parallel_for (parallel, h, read_row, &flood);
  p2p_parallel_for (parallel, h, look_row, &flood);
  if (p2p_parallel_is_cancelled (parallel))
    return;
  flood.queue = queue = g_new (int, sort (&flood, begins));
  for (int k = 0; k < LEVELS; k++)
    {
      if (p2p_parallel_is_cancelled (parallel))
        return;
      flood_level (&flood, begins[k], begins[k + 1]);
    }
  for (gsize i = 0; i < n; i++)
    if (source[i] != (int) i)
      memcpy (colors->values + i * c, colors->values + (gsize) source[i] * c,
              c * sizeof (float));
}

guint64
p2p_flats_bytes (int width,
                 int height)
{
  return (guint64) width * height * (2 * sizeof (guint8) + 3 * sizeof (int));
}
