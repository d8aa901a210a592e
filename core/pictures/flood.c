/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base/memory.h"
#include "flood.h"

#define LEVELS 256

/* The source of a pixel that waits in the queue. */
enum { QUEUED = P2P_FLOOD_UNKNOWN - 1 };

typedef struct
{
  const P2pFlood *flood;
  int            *source;
  int             begins[LEVELS + 1];   /* index in order at which each level begins */
  int            *order;                /* pixels without a source, by level, lowest first */
  int            *queue;                /* reached pixels of the running level, first come first */
} Run;

/* Sorts the pixels without a source by level into order (a counting sort), and allocates a queue
 * for the largest level. */
static gboolean
sort (Run          *run,
      P2pParallel  *parallel,
      GError      **error)
{
  const guint8 *level = run->flood->level;
  const int     n = run->flood->w * run->flood->h;
  int           at[LEVELS] = { 0 }, most = 0;

  for (int i = 0; i < n && ! p2p_parallel_cancels_loop (parallel, i); i++)
    at[level[i]] += run->source[i] == P2P_FLOOD_UNKNOWN;
  run->begins[0] = 0;
  for (int k = 0; k < LEVELS; k++)
    {
      most = MAX (most, at[k]);
      run->begins[k + 1] = run->begins[k] + at[k];
      at[k] = run->begins[k];
    }
  run->order = p2p_try_new (int, run->begins[LEVELS], error);
  run->queue = run->order ? p2p_try_new (int, most, error) : NULL;
  if (! run->queue)
    return FALSE;
  for (int i = 0; i < n && ! p2p_parallel_cancels_loop (parallel, i); i++)
    if (run->source[i] == P2P_FLOOD_UNKNOWN)
      run->order[at[level[i]]++] = i;
  return TRUE;
}

/* Finds the neighbors of pixel i above, to the left, to the right and below, in this order.
 * Returns how many there are. */
static int
find_neighbors (const P2pFlood *flood,
                int             i,
                int            *neighbors)
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
reaches (const P2pFlood *flood,
         int             source,
         int             i)
{
  return flood->level[i] >= flood->ink
         || (ABS (source % flood->w - i % flood->w) <= flood->reach
             && ABS (source / flood->w - i / flood->w) <= flood->reach);
}

/* Returns the source of the lowest of those neighbors of pixel i whose source reaches it, or
 * P2P_FLOOD_UNKNOWN when there is none. */
static int
lowest_source (const Run *run,
               int        i)
{
  const guint8 *height = run->flood->height;
  int           neighbors[4], lowest = -1;

  for (int k = find_neighbors (run->flood, i, neighbors) - 1; k >= 0; k--)
    if (run->source[neighbors[k]] >= 0
        && (lowest < 0 || height[neighbors[k]] < height[lowest])
        && reaches (run->flood, run->source[neighbors[k]], i))
      lowest = neighbors[k];
  return lowest < 0 ? P2P_FLOOD_UNKNOWN : run->source[lowest];
}

/* Floods the pixels [begin, end) of order, which have the same level.  First those are queued that
 * border on flooded pixels, then their neighbors in turn.  Pixels that are not reached become their
 * own sources. */
static void
flood_level (Run         *run,
             int          begin,
             int          end,
             P2pParallel *parallel)
{
  const P2pFlood *flood = run->flood;
  int             n = 0, neighbors[4];

  for (int k = begin; k < end && ! p2p_parallel_cancels_loop (parallel, k); k++)
    if (lowest_source (run, run->order[k]) != P2P_FLOOD_UNKNOWN)
      {
        run->source[run->order[k]] = QUEUED;
        run->queue[n++] = run->order[k];
      }
  for (int k = 0; k < n && ! p2p_parallel_cancels_loop (parallel, k); k++)
    {
      const int i = run->queue[k];

      run->source[i] = lowest_source (run, i);
      for (int m = find_neighbors (flood, i, neighbors) - 1; m >= 0; m--)
        if (run->source[neighbors[m]] == P2P_FLOOD_UNKNOWN
            && flood->level[neighbors[m]] == flood->level[i]
            && reaches (flood, run->source[i], neighbors[m]))
          {
            run->source[neighbors[m]] = QUEUED;
            run->queue[n++] = neighbors[m];
          }
    }
  for (int k = begin; k < end && ! p2p_parallel_cancels_loop (parallel, k); k++)
    if (run->source[run->order[k]] == P2P_FLOOD_UNKNOWN)
      run->source[run->order[k]] = run->order[k];
}

gboolean
p2p_flood (const P2pFlood  *flood,
           int             *source,
           P2pParallel     *parallel,
           GError         **error)
{
  Run            run = { flood, source };
  const gboolean sorted = sort (&run, parallel, error);

  for (int k = 0; sorted && k < LEVELS && ! p2p_parallel_is_cancelled (parallel); k++)
    flood_level (&run, run.begins[k], run.begins[k + 1], parallel);
  g_free (run.order);
  g_free (run.queue);
  return sorted;
}

guint64
p2p_flood_bytes (int width,
                 int height)
{
  return (guint64) width * height * 2 * sizeof (int);
}
