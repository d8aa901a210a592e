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

/* The bfloat16 next to a value, ties to even.  Adding half a unit would carry a NaN too far. */
static inline guint16
narrow (p2p_real value)
{
  const float single = value;
  guint32     bits;

  memcpy (&bits, &single, sizeof bits);
  return single != single ? 0x7fc0 : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

static inline p2p_real
widen (guint16 half)
{
  const guint32 bits = (guint32) half << 16;
  float         single;

  memcpy (&single, &bits, sizeof single);
  return single;
}

P2P_WIDE static void
narrow_all (guint16        *halves,
            const p2p_real *values,
            gsize           n)
{
#pragma GCC ivdep
  for (gsize i = 0; i < n; i++)
    halves[i] = narrow (values[i]);
}

P2P_WIDE static void
widen_all (p2p_real      *values,
           const guint16 *halves,
           gsize          n)
{
#pragma GCC ivdep
  for (gsize i = 0; i < n; i++)
    values[i] = widen (halves[i]);
}

P2P_WIDE static void
round_all (p2p_real *values,
           gsize     n)
{
#pragma GCC ivdep
  for (gsize i = 0; i < n; i++)
    values[i] = widen (narrow (values[i]));
}

/* Adds values (NULL: none) to sum, and rounds it if half is set. */
static void
add_and_round (p2p_real       *sum,
               const p2p_real *values,
               gsize           n,
               gboolean        half)
{
  if (values)
    add (sum, values, n);
  if (half)
    round_all (sum, n);
}

typedef struct
{
  p2p_real       *sum;
  const p2p_real *values;
  gsize           n;
  gboolean        half;
} Addition;

static void
add_chunk (int      chunk,
           int      worker,
           gpointer data)
{
  const Addition *all = data;
  const gsize     start = chunk * (gsize) CHUNK;

  add_and_round (all->sum + start, all->values ? all->values + start : NULL,
                 MIN (CHUNK, all->n - start), all->half);
}

static void
add_in_parallel (const P2pSum   *sum,
                 p2p_real       *gradient,
                 const p2p_real *values)
{
  Addition addition = { gradient, values, sum->n, sum->parts->half };

  p2p_parallel_for (sum->parts->parallel, (sum->n + CHUNK - 1) / CHUNK, add_chunk, &addition);
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
  if (parts->half)
    add_in_parallel (sum, gradient, NULL);
  sum->nodes[sum->n_nodes++] = (Node) { 0, part, gradient };
  while (join (parts->n, sum->nodes, &sum->n_nodes))
    {
      Node *node = &sum->nodes[sum->n_nodes - 1];

      add_in_parallel (sum, gradient, node->values);
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
  char     *out, *in;                         /* values as they travel */
  p2p_real *values;                           /* those of in */
  Node     *nodes;                            /* of all ranks, in the order of parts */
} Exchange;

/* Bytes of a value that travels. */
static gsize
width (const P2pSum *sum)
{
  return sum->parts->half ? sizeof (guint16) : sizeof (p2p_real);
}

static void
write_values (const P2pSum   *sum,
              gpointer        to,
              const p2p_real *values,
              gsize           n)
{
  if (sum->parts->half)
    narrow_all (to, values, n);
  else
    memcpy (to, values, n * sizeof *values);
}

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
  char           *out = x->out;

  for (int r = 0; r < ranks->n; r++)
    {
      const gsize start = slice_start (ranks, n, r), length = slice_start (ranks, n, r + 1) - start;
      Node        nodes[MOST_NODES];
      int         first, end, most, n_nodes;

      p2p_parts_range (sum->parts->n, ranks, r, &first, &end);
      n_nodes = plan (sum->parts->n, first, end, FALSE, nodes, &most);
      x->in_sizes[r] = n_nodes * mine * width (sum);
      x->slices[r] = length * width (sum);
      x->out_sizes[r] = sum->n_nodes * x->slices[r];

      n_nodes = plan (sum->parts->n, sum->parts->first, sum->parts->end, FALSE, nodes, &most);
      for (int i = 0; i < n_nodes; i++, out += x->slices[r])
        write_values (sum, out, values_of (sum, &nodes[i]) + at + start, length);
    }
}

/* Adds the tree in this rank's slice of length elements, and returns it. */
static p2p_real *
add_slice (const P2pSum *sum,
           Exchange     *x,
           gsize         length)
{
  const P2pRanks *ranks = sum->parts->ranks;
  p2p_real       *values = x->values;
  int             n = 0, most;

  for (int r = 0; r < ranks->n; r++)
    {
      Node nodes[MOST_NODES];
      int  first, end, n_nodes;

      p2p_parts_range (sum->parts->n, ranks, r, &first, &end);
      n_nodes = plan (sum->parts->n, first, end, FALSE, nodes, &most);
      for (int i = 0; i < n_nodes; i++, values += length)
        {
          if (sum->parts->half)
            widen_all (values, (guint16 *) x->in + (values - x->values), length);
          x->nodes[n++] = (Node) { nodes[i].level, nodes[i].index, values };
          while (join (sum->parts->n, x->nodes, &n))
            add_and_round (x->nodes[n - 1].values, x->nodes[n].values, length, sum->parts->half);
        }
    }
  g_assert (n == 1);
  return x->nodes[0].values;
}

/* Replaces n elements of the gradients, from at on, by their sums. */
static void
finish_bucket (const P2pSum *sum,
               Exchange     *x,
               gsize         at,
               gsize         n)
{
  const P2pRanks *ranks = sum->parts->ranks;
  const gsize     start = slice_start (ranks, n, ranks->rank);
  const gsize     length = slice_start (ranks, n, ranks->rank + 1) - start;
  p2p_real       *gradient = p2p_params_train (sum->params).gradient + at;
  char           *all = sum->parts->half ? x->out : (char *) gradient;

  pack (sum, x, at, n);
  ranks->exchange (x->out, x->out_sizes, x->in, x->in_sizes);
  write_values (sum, all + start * width (sum), add_slice (sum, x, length), length);
  ranks->gather (all, x->slices);
  if (sum->parts->half)
    widen_all (gradient, (guint16 *) all, n);
}

void
p2p_sum_finish (P2pSum *sum)
{
  const P2pRanks *ranks = sum->parts->ranks;
  Exchange        x;
  gsize           most_in;    /* elements */

  if (! ranks)
    return;
  most_in = count_nodes (sum) * (gsize) (BUCKET / ranks->n + 1);
  x.slices = g_new (gsize, 3 * ranks->n);
  x.out_sizes = x.slices + ranks->n;
  x.in_sizes = x.out_sizes + ranks->n;
  x.out = g_malloc (sum->n_nodes * (gsize) BUCKET * width (sum));
  x.in = g_malloc (most_in * width (sum));
  x.values = sum->parts->half ? g_new (p2p_real, most_in) : (p2p_real *) x.in;
  x.nodes = g_new (Node, sum->parts->n);
  for (gsize at = 0; at < sum->n; at += BUCKET)
    finish_bucket (sum, &x, at, MIN (BUCKET, sum->n - at));
  g_free (x.slices);
  g_free (x.out);
  g_free (x.in);
  if (sum->parts->half)
    g_free (x.values);
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
