/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Shortest paths with a queue of buckets (Dial: Algorithm 360, CACM 12, 1969).  A bucket is a list
 * of pixels with the same cost that have been reached but not passed yet.  Costs are integers and a
 * step has a largest cost, so a ring of that many buckets is enough: a bucket is used again once
 * its cost has been passed.
 *
 * A pixel has four neighbors, not eight, so that a diagonal line one pixel wide keeps colors from
 * passing. */

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "spread.h"

#define UNREACHED  G_MAXUINT32
#define PAPER      G_MAXINT       /* source of pixels that become paper; loses every tie */
#define END        (-1)           /* in place of an index: the list ends here */
#define NOWHERE    (-2)           /* in place of next: the pixel is in no bucket */

typedef struct
{
  guint32 cost;
  int     source;        /* index of the hint's pixel, y · w + x, or PAPER */
  int     next, prev;    /* in the bucket of its cost */
  int     walk;          /* cost of a step onto it */
  int     leave;         /* see spread.h */
} Pixel;

typedef struct
{
  int     w, h;
  int     pitch;      /* pixels from row to row */
  Pixel  *pixels;     /* [h + 2, w + 2]; pixels of the frame have cost 0, so no path enters */
  int    *buckets;    /* first pixel of each bucket; the bucket of a cost is cost & wrap */
  guint32 wrap;       /* number of buckets, a power of two, − 1 */
  int     queued;     /* pixels in all buckets */

  P2pParallel *parallel;    /* once it is cancelled, the functions return early; may be NULL */
} Flood;

static gboolean
is_hint (const P2pSpread *hints,
         int              i)
{
  return hints->mask[i] > P2P_SPREAD_MASK;
}

static void
fill (const P2pSpread *hints,
      const float     *colour,
      float           *spread)
{
  for (gsize i = 0; i < (gsize) hints->w * hints->h; i++)
    memcpy (spread + i * hints->c, colour, hints->c * sizeof (float));
}

static gboolean
is_cancelled (const Flood *flood)
{
  return p2p_parallel_is_cancelled (flood->parallel);
}

static Pixel *
flood_row (const Flood *flood,
           int          y)
{
  return flood->pixels + (gsize) (y + 1) * flood->pitch + 1;
}

/* ---- Costs ------------------------------------------------------------------------------ */

/* Adds slopes around the peaks of leave on lines, which the pixels already hold.  Two passes give
 * the exact result, as in the city-block distance transform (Rosenfeld and Pfaltz, 1966). */
static void
add_slopes (Flood *flood,
            int    slope)
{
  const int pitch = flood->pitch;

  for (int y = 0; y < flood->h && ! is_cancelled (flood); y++)
    {
      Pixel *p = flood_row (flood, y);

      for (int x = 0; x < flood->w; x++, p++)
        p->leave = MAX (p->leave, MAX (p[-1].leave, p[-pitch].leave) - slope);
    }
  for (int y = flood->h - 1; y >= 0 && ! is_cancelled (flood); y--)
    {
      Pixel *p = flood_row (flood, y) + flood->w - 1;

      for (int x = 0; x < flood->w; x++, p--)
        p->leave = MAX (p->leave, MAX (p[1].leave, p[pitch].leave) - slope);
    }
}

static void
find_costs (Flood           *flood,
            const P2pSpread *hints)
{
  const int    w = hints->w, h = hints->h;
  const gint64 gap = P2P_SPREAD_AT_SIZE (P2P_SPREAD_GAP, w, h);
  const gint64 line = P2P_SPREAD_AT_SIZE (P2P_SPREAD_LINE, w, h);

  for (int i = 0; i < flood->pitch; i++)
    flood->pixels[i] = flood_row (flood, h)[i - 1] = (Pixel) { 0 };
  for (int y = 0; y < h && ! is_cancelled (flood); y++)
    {
      const float *darkness = hints->darkness + (gsize) y * w;
      Pixel       *row = flood_row (flood, y);

      row[-1] = row[w] = (Pixel) { 0 };
      for (int x = 0; x < w; x++)
        {
          int ink = P2P_SPREAD_INK * p2p_spread_ink (darkness[x]) + 0.5f;

          row[x] = (Pixel) { .cost = UNREACHED, .source = PAPER, .next = NOWHERE,
                             .walk = P2P_SPREAD_PAPER + ink, .leave = ink * gap / P2P_SPREAD_INK };
        }
    }

  add_slopes (flood, MIN (P2P_SPREAD_SLOPE, gap / 2));
  for (int y = 0; y < h && ! is_cancelled (flood); y++)
    {
      Pixel *row = flood_row (flood, y);

      for (int x = 0; x < w; x++)
        row[x].leave += (row[x].walk - P2P_SPREAD_PAPER) * line / P2P_SPREAD_INK;
    }
}

/* ---- The queue -------------------------------------------------------------------------- */

static void
dequeue (Flood *flood,
         Pixel *pixel)
{
  if (pixel->prev == END)
    flood->buckets[pixel->cost & flood->wrap] = pixel->next;
  else
    flood->pixels[pixel->prev].next = pixel->next;
  if (pixel->next != END)
    flood->pixels[pixel->next].prev = pixel->prev;
  pixel->next = NOWHERE;
  flood->queued--;
}

static inline void
enqueue (Flood   *flood,
         int      i,
         guint32  cost,
         int      source)
{
  Pixel *pixel = flood->pixels + i;
  int   *first = flood->buckets + (cost & flood->wrap);

  if (pixel->next != NOWHERE)
    dequeue (flood, pixel);
  pixel->cost = cost;
  pixel->source = source;
  pixel->prev = END;
  pixel->next = *first;
  if (*first != END)
    flood->pixels[*first].prev = i;
  *first = i;
  flood->queued++;
}

/* Offers a pixel the path over its neighbor from.  Of several cheapest paths the one with the first
 * source wins.  This does not depend on the order in a bucket: each step costs something, so all
 * cheapest paths to a pixel are known before the pixel is passed. */
static inline void
step (Flood *flood,
      Pixel  from,
      int    to)
{
  Pixel   *pixel = flood->pixels + to;
  guint32  cost = from.cost + pixel->walk
                  + (from.leave > pixel->leave ? from.leave - pixel->leave : 0);

  /* The cost overflowed: such paths are dropped. */
  if (cost < from.cost)
    return;
  if (cost < pixel->cost)
    enqueue (flood, to, cost, from.source);
  else if (cost == pixel->cost && from.source < pixel->source)
    pixel->source = from.source;
}

static void
run (Flood *flood)
{
  guint n_passed = 0;

  for (guint32 cost = 0; flood->queued; cost++)
    {
      int *first = flood->buckets + (cost & flood->wrap);

      while (*first != END)
        {
          const int   i = *first;
          const Pixel from = flood->pixels[i];

          *first = from.next;
          if (from.next != END)
            flood->pixels[from.next].prev = END;
          flood->pixels[i].next = NOWHERE;
          flood->queued--;
          if (p2p_parallel_cancels_loop (flood->parallel, ++n_passed))
            return;
          step (flood, from, i - flood->pitch);
          step (flood, from, i - 1);
          step (flood, from, i + 1);
          step (flood, from, i + flood->pitch);
        }
    }
}

/* ---- From hints to colors --------------------------------------------------------------- */

static gboolean
find_sources (Flood           *flood,
              const P2pSpread *hints)
{
  const int     w = hints->w, h = hints->h;
  const float   soft = P2P_SPREAD_AT_SIZE (P2P_SPREAD_SOFT, w, h);
  const guint32 handicap = P2P_SPREAD_AT_SIZE (P2P_SPREAD_HANDICAP, w, h);
  gboolean      any = FALSE;

  for (int y = 0; y < h && ! is_cancelled (flood); y++)
    {
      const gboolean outer_row = y == 0 || y == h - 1;
      const int      place = flood_row (flood, y) - flood->pixels;

      for (int x = 0; x < w; x++)
        {
          int i = y * w + x;

          if (is_hint (hints, i))
            {
              enqueue (flood, place + x, (1.0f - MIN (hints->mask[i], 1.0f)) * soft + 0.5f, i);
              any = TRUE;
            }
          else if ((outer_row || x == 0 || x == w - 1)
                   && hints->darkness[i] < P2P_SPREAD_LIGHT)
            enqueue (flood, place + x, handicap, PAPER);
        }
    }
  return any;
}

/* Returns the size of the table of reaches.  The reach of a smaller cost is looked up, because many
 * pixels have the same cost and expf () is slow. */
static guint32
n_reaches (const P2pSpread *hints)
{
  return 4 * P2P_SPREAD_AT_SIZE (P2P_SPREAD_SCALE, hints->w, hints->h);
}

/* Writes the result.  reaches [n_reaches ()] gets the table. */
static void
read_result (const Flood     *flood,
             const P2pSpread *hints,
             float           *reaches,
             float           *spread,
             float           *reach)
{
  const int     c = hints->c;
  const float   scale = P2P_SPREAD_AT_SIZE (P2P_SPREAD_SCALE, hints->w, hints->h);
  const guint32 n = n_reaches (hints);

  for (guint32 i = 0; i < n; i++)
    reaches[i] = expf (- (float) i / scale);
  for (int y = 0; y < hints->h && ! is_cancelled (flood); y++)
    {
      const Pixel *row = flood_row (flood, y);

      for (int x = 0; x < hints->w; x++, spread += c)
        {
          guint32      cost = row[x].cost;
          gboolean     paper = row[x].source == PAPER;
          const float *colour = paper ? hints->paper : hints->colour + (gsize) row[x].source * c;

          for (int k = 0; k < c; k++)
            spread[k] = colour[k];
          *reach++ = paper ? 0.0f : cost < n ? reaches[cost] : expf (- (float) cost / scale);
        }
    }
}

gboolean
p2p_spread (const P2pSpread  *hints,
            float            *spread,
            float            *reach,
            GError          **error)
{
  const int         w = hints->w, h = hints->h;
  g_autofree Pixel *pixels = p2p_try_new (Pixel, (gsize) (w + 2) * (h + 2), error);
  g_autofree int   *buckets = NULL;
  g_autofree float *reaches = NULL;
  Flood             flood = { w, h, w + 2, pixels, .parallel = hints->parallel };
  guint32           largest = P2P_SPREAD_PAPER + P2P_SPREAD_INK
                              + P2P_SPREAD_AT_SIZE (P2P_SPREAD_LINE, w, h)
                              + P2P_SPREAD_AT_SIZE (P2P_SPREAD_GAP, w, h);
  guint32           n = 1;

  /* Hints and paper start with at most the cost of the largest step, so buckets exist for them. */
  G_STATIC_ASSERT (P2P_SPREAD_HANDICAP <= P2P_SPREAD_GAP && P2P_SPREAD_SOFT <= P2P_SPREAD_GAP);
  while (n <= largest)
    n *= 2;
  if (! pixels || ! (buckets = p2p_try_new (int, n, error))
      || ! (reaches = p2p_try_new (float, n_reaches (hints), error)))
    return FALSE;
  flood.buckets = buckets;
  flood.wrap = n - 1;
  for (guint32 i = 0; i < n; i++)
    buckets[i] = END;

  find_costs (&flood, hints);
  if (is_cancelled (&flood))
    return TRUE;
  if (find_sources (&flood, hints))
    {
      run (&flood);
      read_result (&flood, hints, reaches, spread, reach);
    }
  else
    {
      fill (hints, hints->none, spread);
      memset (reach, 0, (gsize) w * h * sizeof (float));
    }
  return TRUE;
}

/* ---- The nearest hint ------------------------------------------------------------------- */

/* nearest [h, w] gets, for each pixel, the row of the nearest hint in its column, or −1 if the
 * column has none.  Returns whether there is any hint. */
static gboolean
nearest_in_columns (const P2pSpread *hints,
                    int             *nearest)
{
  const int w = hints->w, h = hints->h;
  gboolean  any = FALSE;

  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      {
        int i = y * w + x;

        nearest[i] = is_hint (hints, i) ? y : y ? nearest[i - w] : -1;
        any |= nearest[i] >= 0;
      }
  for (int y = h - 2; y >= 0; y--)
    for (int x = 0; x < w; x++)
      {
        int i = y * w + x, above = nearest[i], below = nearest[i + w];

        if (below > y && (above < 0 || below - y < y - above))
          nearest[i] = below;
      }
  return any;
}

/* Finds the nearest column for each pixel of row y.  Along the row, the squared distance to the
 * hint of a column is a parabola, and the lower envelope of all parabolas tells the nearest column
 * (Felzenszwalb and Huttenlocher: Distance Transforms of Sampled Functions, Theory of Computing 8,
 * 2012).  nearest [w] is the row of nearest_in_columns ().  columns [w] gets the columns of the
 * envelope from left to right, begins [w] the x from which on each is the nearest.  Returns how
 * many columns there are. */
static int
find_envelope (const int *nearest,
               int        y,
               int        w,
               int       *columns,
               double    *begins)
{
  int n = 0;

  for (int x = 0; x < w; x++)
    {
      double away = nearest[x] - y, begin = -INFINITY;

      if (nearest[x] < 0)
        continue;
      for (; n; n--)
        {
          int    last = columns[n - 1];
          double last_away = nearest[last] - y;

          /* Where the two parabolas meet. */
          begin = (away * away + (double) x * x - last_away * last_away - (double) last * last)
                  / (2.0 * (x - last));
          if (begin > begins[n - 1])
            break;
        }
      columns[n] = x;
      begins[n] = n ? begin : -INFINITY;
      n++;
    }
  return n;
}

gboolean
p2p_spread_nearest (const P2pSpread  *hints,
                    float            *spread,
                    GError          **error)
{
  const int          w = hints->w, h = hints->h, c = hints->c;
  g_autofree int    *nearest = p2p_try_new (int, (gsize) w * h, error);
  g_autofree int    *columns = nearest ? p2p_try_new (int, w, error) : NULL;
  g_autofree double *begins = columns ? p2p_try_new (double, w, error) : NULL;

  if (! begins)
    return FALSE;
  if (! nearest_in_columns (hints, nearest))
    {
      fill (hints, hints->none, spread);
      return TRUE;
    }
  for (int y = 0; y < h; y++)
    {
      const int *row = nearest + (gsize) y * w;
      int        n = find_envelope (row, y, w, columns, begins);

      for (int x = 0, j = 0; x < w; x++, spread += c)
        {
          while (j + 1 < n && begins[j + 1] < x)
            j++;
          memcpy (spread, hints->colour + ((gsize) row[columns[j]] * w + columns[j]) * c,
                  c * sizeof (float));
        }
    }
  return TRUE;
}
