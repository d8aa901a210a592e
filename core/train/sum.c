/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "p2p.h"
#include "sum.h"

#define CHUNK 16384    /* elements that a thread adds at a time */

/* A bucket of gradients, and the last node in a graph's backward that changes them. */
typedef struct
{
  int bucket, last_use;
} Use;

struct _P2pSum
{
  const P2pParts *parts;
  P2pParams      *params;
  gsize           n;                    /* elements */
  p2p_real       *gradient;             /* of the network */
  int             n_added;              /* parts so far */

  /* The nodes that are added so far.  The values of the last one are the network's gradients, those
   * of the others are in buffers. */
  P2pTreeNode     nodes[P2P_TREE_NODES];
  int             n_nodes;
  p2p_real       *buffers[P2P_TREE_NODES];    /* NULL: not needed */

  /* The exchange that runs while graph runs backward; NULL: none does. */
  P2pExchange    *exchange;
  P2pGraph       *graph;
  Use            *uses;                 /* of all buckets, in the order of the exchange */
  int             n_ready;              /* buckets of this order that are complete */

  GArray         *record;               /* of running statistics; NULL: there are no ranks */
};

/* ---- On one rank ------------------------------------------------------------------------ */

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

  p2p_tree_add (all->sum + start, all->values ? all->values + start : NULL,
                MIN (CHUNK, all->n - start), all->half);
}

/* Adds values (NULL: none) to the network's gradients, and rounds them with --gradients half. */
static void
add_in_parallel (const P2pSum   *sum,
                 const p2p_real *values)
{
  Addition addition = { sum->gradient, values, sum->n, sum->parts->half };

  p2p_parallel_for (sum->parts->parallel, (sum->n + CHUNK - 1) / CHUNK, add_chunk, &addition);
}

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
  sum->gradient = p2p_params_train (params).gradient;
  if (parts->ranks)
    {
      sum->record = g_array_new (FALSE, FALSE, sizeof (double));
      p2p_params_record (params, sum->record);
    }
  for (int reversed = 0; reversed < 2; reversed++)
    p2p_tree_plan (parts->n, parts->first, parts->end, reversed, sum->nodes, &most[reversed]);
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
  for (int i = 0; i < P2P_TREE_NODES; i++)
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

  if (parts->n == 1 || sum->exchange)
    return;
  p2p_params_train (sum->params);    /* writes zeros where there is no gradient */
  if (parts->half)
    add_in_parallel (sum, NULL);
  sum->nodes[sum->n_nodes++] = (P2pTreeNode) { 0, part, sum->gradient };
  while (p2p_tree_join (parts->n, sum->nodes, &sum->n_nodes))
    {
      P2pTreeNode *node = &sum->nodes[sum->n_nodes - 1];

      add_in_parallel (sum, node->values);
      node->values = sum->gradient;
    }
  if (++sum->n_added == parts->end - parts->first)
    return;

  /* The next part needs the network's gradients. */
  sum->nodes[sum->n_nodes - 1].values = sum->buffers[sum->n_nodes - 1];
  memcpy (sum->buffers[sum->n_nodes - 1], sum->gradient, sum->n * sizeof (p2p_real));
  p2p_params_zero_grad (sum->params);
}

/* ---- Between ranks ---------------------------------------------------------------------- */

static P2pExchange *
new_exchange (const P2pSum *sum)
{
  return p2p_exchange_new (sum->parts, sum->gradient, sum->n, sum->nodes, sum->n_nodes);
}

static int
compare_uses (const void *a,
              const void *b)
{
  const Use *one = a, *other = b;

  return one->last_use != other->last_use ? other->last_use - one->last_use
                                          : one->bucket - other->bucket;
}

/* Sets uses to those of n buckets, in the order in which the graph's backward completes them. */
static void
find_uses (const P2pSum   *sum,
           const P2pGraph *graph,
           Use            *uses,
           int             n)
{
  for (int i = 0; i < n; i++)
    uses[i] = (Use) { i, G_MAXINT };
  for (guint i = 0; i < graph->nodes->len * P2P_MAX_INPUTS; i++)
    {
      const P2pNode  *node = graph->nodes->pdata[i / P2P_MAX_INPUTS];
      const P2pNode  *weight = node->inputs[i % P2P_MAX_INPUTS];
      const P2pParam *param = weight ? weight->param : NULL;
      gsize           start;

      if (! param || ! param->gradient)
        continue;
      start = param->gradient - sum->gradient;
      for (gsize bucket = start / P2P_BUCKET; bucket * P2P_BUCKET < start + param->n; bucket++)
        uses[bucket].last_use = MIN (uses[bucket].last_use, node->index);
    }
  qsort (uses, n, sizeof *uses, compare_uses);
}

/* A P2pGraphPassed. */
static void
passed (P2pNode  *node,
        gpointer  data)
{
  P2pSum    *sum = data;
  const int  n = p2p_exchange_length (sum->exchange), before = sum->n_ready;

  while (sum->n_ready < n && sum->uses[sum->n_ready].last_use >= node->index)
    sum->n_ready++;
  if (sum->n_ready > before)
    p2p_exchange_ready (sum->exchange, sum->n_ready);
}

void
p2p_sum_overlap (P2pSum   *sum,
                 int       part,
                 P2pGraph *graph)
{
  const P2pRanks *ranks = sum->parts->ranks;
  g_autofree int *order = NULL;
  int             n;

  if (! ranks || ! ranks->any_thread || sum->parts->n != ranks->n)
    return;
  sum->nodes[sum->n_nodes++] = (P2pTreeNode) { 0, part, sum->gradient };
  p2p_tree_join (sum->parts->n, sum->nodes, &sum->n_nodes);
  sum->exchange = new_exchange (sum);
  sum->graph = graph;
  n = p2p_exchange_length (sum->exchange);
  sum->uses = g_new (Use, n);
  find_uses (sum, graph, sum->uses, n);
  sum->n_ready = 0;
  order = g_new (int, n);
  for (int i = 0; i < n; i++)
    order[i] = sum->uses[i].bucket;
  p2p_exchange_begin (sum->exchange, order);
  p2p_graph_watch (graph, passed, sum);
}

void
p2p_sum_finish (P2pSum *sum)
{
  if (! sum->parts->ranks)
    return;
  if (sum->exchange)
    {
      p2p_graph_watch (sum->graph, NULL, NULL);
      p2p_exchange_end (sum->exchange);
      g_clear_pointer (&sum->uses, g_free);
    }
  else
    {
      sum->exchange = new_exchange (sum);
      p2p_exchange_run (sum->exchange);
    }
  g_clear_pointer (&sum->exchange, p2p_exchange_free);
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
  p2p_ranks_gather (ranks, all, sizes);
  for (int i = 0; i < ranks->n; i++)
    {
      int first, end;

      p2p_parts_range (parts->n, ranks, reversed ? ranks->n - 1 - i : i, &first, &end);
      for (gsize at = first * of_part; at < end * of_part; at += row)
        p2p_params_follow_row (sum->params, all + at);
    }
  g_array_set_size (sum->record, 0);
}
