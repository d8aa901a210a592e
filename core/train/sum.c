/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "p2p.h"
#include "sum.h"

#define MOST_NODES 32        /* that a range of parts may need; 2 · log₂ of the most parts */
#define BUCKET     262144    /* elements that ranks exchange at a time */
#define CHUNK      16384     /* elements that a thread adds at a time */

typedef struct
{
  int       level, index;    /* it begins with part index · 2^level */
  p2p_real *values;
} Node;

struct _P2pSum
{
  const P2pParts *parts;
  P2pParams      *params;
  gsize           n;                    /* elements */
  int             n_added;              /* parts so far */

  /* The nodes that are added so far.  The values of the last one are the network's gradients, those
   * of the others are in buffers. */
  Node            nodes[MOST_NODES];
  int             n_nodes;
  p2p_real       *buffers[MOST_NODES];  /* NULL: not needed */

  GArray         *record;               /* of running statistics; NULL: there are no ranks */
};

/* ---- The tree --------------------------------------------------------------------------- */

/* Replaces the last two of the nodes by their parent, if they are its halves; FALSE: they are not.
 * The caller then adds nodes[*n_nodes], the one that is gone, to nodes[*n_nodes − 1]. */
static gboolean
join (int   n_parts,
      Node *nodes,
      int  *n_nodes)
{
  Node *last = &nodes[*n_nodes - 1], *before = last - 1;

  while (last->index % 2 == 0 && (last->index + 1) << last->level >= n_parts
         && 1 << last->level < n_parts)
    {
      last->level++;
      last->index /= 2;
    }
  if (*n_nodes < 2 || last->level != before->level || (last->index ^ before->index) != 1)
    return FALSE;
  before->level++;
  before->index /= 2;
  --*n_nodes;
  return TRUE;
}

/* Sets nodes, without values, to those that a range of parts adds up to, and returns their number.
 * *most becomes the largest number of nodes that wait for the next part. */
static int
plan (int       n_parts,
      int       first,
      int       end,
      gboolean  reversed,
      Node     *nodes,
      int      *most)
{
  int n = 0;

  *most = 0;
  for (int i = first; i < end; i++)
    {
      nodes[n++] = (Node) { 0, reversed ? first + end - 1 - i : i };
      while (join (n_parts, nodes, &n))
        ;
      if (i < end - 1)
        *most = MAX (*most, n);
    }
  return n;
}

P2P_WIDE static void
add (p2p_real       *sum,
     const p2p_real *values,
     gsize           n)
{
#pragma GCC ivdep
  for (gsize i = 0; i < n; i++)
    sum[i] += values[i];
}

typedef struct
{
  p2p_real       *sum;
  const p2p_real *values;
  gsize           n;
} Addition;

static void
add_chunk (int      chunk,
           int      worker,
           gpointer data)
{
  const Addition *all = data;
  const gsize     start = chunk * (gsize) CHUNK;

  add (all->sum + start, all->values + start, MIN (CHUNK, all->n - start));
}

/* ---- On one rank ------------------------------------------------------------------------ */

P2pSum *
p2p_sum_new (const P2pParts  *parts,
             P2pParams       *params,
             GError         **error)
{
  g_autoptr (P2pSum) sum = g_new0 (P2pSum, 1);
  int                most[2];

  sum->parts = parts;
  sum->params = params;
  sum->n = p2p_params_count (params, P2P_TRAINABLE);
  if (parts->ranks)
    {
      sum->record = g_array_new (FALSE, FALSE, sizeof (double));
      p2p_params_record (params, sum->record);
    }
  for (int reversed = 0; reversed < 2; reversed++)
    plan (parts->n, parts->first, parts->end, reversed, sum->nodes, &most[reversed]);
  for (int i = 0; i < MAX (most[0], most[1]); i++)
    {
      sum->buffers[i] = p2p_memory_pages (P2P_FOR_MODEL, sum->n * sizeof (p2p_real), error);
      if (! sum->buffers[i])
        return NULL;
    }
  return g_steal_pointer (&sum);
}

void
p2p_sum_free (P2pSum *sum)
{
  if (! sum)
    return;
  for (int i = 0; i < MOST_NODES; i++)
    free (sum->buffers[i]);
  if (sum->record)
    {
      p2p_params_record (sum->params, NULL);
      g_array_unref (sum->record);
    }
  g_free (sum);
}

void
p2p_sum_start (P2pSum *sum)
{
  p2p_params_zero_grad (sum->params);
  sum->n_nodes = sum->n_added = 0;
}

void
p2p_sum_add (P2pSum *sum,
             int     part)
{
  const P2pParts *parts = sum->parts;
  p2p_real       *gradient;

  if (parts->n == 1)
    return;
  gradient = p2p_params_train (sum->params).gradient;
  sum->nodes[sum->n_nodes++] = (Node) { 0, part, gradient };
  while (join (parts->n, sum->nodes, &sum->n_nodes))
    {
      Node     *node = &sum->nodes[sum->n_nodes - 1];
      Addition  addition = { gradient, node->values, sum->n };

      p2p_parallel_for (parts->parallel, (sum->n + CHUNK - 1) / CHUNK, add_chunk, &addition);
      node->values = gradient;
    }
  if (++sum->n_added == parts->end - parts->first)
    return;

  /* The next part needs the network's gradients. */
  sum->nodes[sum->n_nodes - 1].values = sum->buffers[sum->n_nodes - 1];
  memcpy (sum->buffers[sum->n_nodes - 1], gradient, sum->n * sizeof (p2p_real));
  p2p_params_zero_grad (sum->params);
}

/* ---- Between ranks ---------------------------------------------------------------------- */

/* What the ranks exchange for one bucket.  Sizes are in bytes. */
typedef struct
{
  gsize    *slices, *out_sizes, *in_sizes;    /* [ranks] */
  p2p_real *out, *in;
  Node     *nodes;                            /* of all ranks, in the order of parts */
} Exchange;

/* Where a rank's slice of n elements begins. */
static gsize
slice_start (const P2pRanks *ranks,
             gsize           n,
             int             rank)
{
  return n * rank / ranks->n;
}

/* The nodes of all ranks. */
static int
count_nodes (const P2pSum *sum)
{
  Node nodes[MOST_NODES];
  int  first, end, most, n = 0;

  for (int r = 0; r < sum->parts->ranks->n; r++)
    {
      p2p_parts_range (sum->parts->n, sum->parts->ranks, r, &first, &end);
      n += plan (sum->parts->n, first, end, FALSE, nodes, &most);
    }
  return n;
}

static const p2p_real *
values_of (const P2pSum *sum,
           const Node   *node)
{
  int i = 0;

  while (sum->nodes[i].level != node->level || sum->nodes[i].index != node->index)
    i++;
  g_assert (i < sum->n_nodes);
  return sum->nodes[i].values;
}

/* Fills out with the slices of this rank's nodes for each rank, and the sizes. */
static void
pack (const P2pSum *sum,
      Exchange     *x,
      gsize         at,
      gsize         n)
{
  const P2pRanks *ranks = sum->parts->ranks;
  const gsize     mine = slice_start (ranks, n, ranks->rank + 1)
                         - slice_start (ranks, n, ranks->rank);
  p2p_real       *out = x->out;

  for (int r = 0; r < ranks->n; r++)
    {
      const gsize start = slice_start (ranks, n, r), length = slice_start (ranks, n, r + 1) - start;
      Node        nodes[MOST_NODES];
      int         first, end, most, n_nodes;

      p2p_parts_range (sum->parts->n, ranks, r, &first, &end);
      n_nodes = plan (sum->parts->n, first, end, FALSE, nodes, &most);
      x->in_sizes[r] = n_nodes * mine * sizeof (p2p_real);
      x->slices[r] = length * sizeof (p2p_real);
      x->out_sizes[r] = sum->n_nodes * x->slices[r];

      n_nodes = plan (sum->parts->n, sum->parts->first, sum->parts->end, FALSE, nodes, &most);
      for (int i = 0; i < n_nodes; i++, out += length)
        memcpy (out, values_of (sum, &nodes[i]) + at + start, x->slices[r]);
    }
}

/* Adds the tree in this rank's slice, and returns it. */
static p2p_real *
add_slice (const P2pSum *sum,
           Exchange     *x)
{
  const P2pRanks *ranks = sum->parts->ranks;
  const gsize     length = x->slices[ranks->rank] / sizeof (p2p_real);
  p2p_real       *in = x->in;
  int             n = 0, most;

  for (int r = 0; r < ranks->n; r++)
    {
      Node nodes[MOST_NODES];
      int  first, end, n_nodes;

      p2p_parts_range (sum->parts->n, ranks, r, &first, &end);
      n_nodes = plan (sum->parts->n, first, end, FALSE, nodes, &most);
      for (int i = 0; i < n_nodes; i++, in += length)
        {
          x->nodes[n++] = (Node) { nodes[i].level, nodes[i].index, in };
          while (join (sum->parts->n, x->nodes, &n))
            add (x->nodes[n - 1].values, x->nodes[n].values, length);
        }
    }
  g_assert (n == 1);
  return x->nodes[0].values;
}

void
p2p_sum_finish (P2pSum *sum)
{
  const P2pRanks *ranks = sum->parts->ranks;
  p2p_real       *gradient = ranks ? p2p_params_train (sum->params).gradient : NULL;
  Exchange        x;

  if (! ranks)
    return;
  x.slices = g_new (gsize, 3 * ranks->n);
  x.out_sizes = x.slices + ranks->n;
  x.in_sizes = x.out_sizes + ranks->n;
  x.out = g_new (p2p_real, sum->n_nodes * (gsize) BUCKET);
  x.in = g_new (p2p_real, count_nodes (sum) * (gsize) (BUCKET / ranks->n + 1));
  x.nodes = g_new (Node, sum->parts->n);
  for (gsize at = 0; at < sum->n; at += BUCKET)
    {
      const gsize n = MIN (BUCKET, sum->n - at);

      pack (sum, &x, at, n);
      ranks->exchange (x.out, x.out_sizes, x.in, x.in_sizes);
      memcpy (gradient + at + slice_start (ranks, n, ranks->rank), add_slice (sum, &x),
              x.slices[ranks->rank]);
      ranks->gather (gradient + at, x.slices);
    }
  g_free (x.slices);
  g_free (x.out);
  g_free (x.in);
  g_free (x.nodes);
}

/* ---- Running statistics ----------------------------------------------------------------- */

/* A rank's rows are in the order in which it has computed its parts. */
void
p2p_sum_statistics (P2pSum   *sum,
                    gboolean  reversed)
{
  const P2pParts    *parts = sum->parts;
  const P2pRanks    *ranks = parts->ranks;
  const gsize        row = p2p_params_count (sum->params, P2P_STATE);
  gsize              of_part;    /* numbers of each part */
  g_autofree double *all = NULL;
  g_autofree gsize  *sizes = NULL;

  if (! ranks || sum->record->len == 0)
    return;
  of_part = sum->record->len / (parts->end - parts->first);
  all = g_new (double, parts->n * of_part);
  sizes = g_new (gsize, ranks->n);
  memcpy (all + parts->first * of_part, sum->record->data, sum->record->len * sizeof (double));
  for (int r = 0; r < ranks->n; r++)
    {
      int first, end;

      p2p_parts_range (parts->n, ranks, r, &first, &end);
      sizes[r] = (end - first) * of_part * sizeof (double);
    }
  ranks->gather (all, sizes);
  for (int i = 0; i < ranks->n; i++)
    {
      int first, end;

      p2p_parts_range (parts->n, ranks, reversed ? ranks->n - 1 - i : i, &first, &end);
      for (gsize at = first * of_part; at < end * of_part; at += row)
        p2p_params_follow_row (sum->params, all + at);
    }
  g_array_set_size (sum->record, 0);
}
