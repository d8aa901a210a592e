/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Running a graph once it is built.  First its memory is laid out and allocated.  Then its nodes
 * compute, forward in the order in which they were appended and backward in the reverse order. */

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "base/memory.h"
#include "graph.h"

/* ---- Planning --------------------------------------------------------------------------- */

gboolean
p2p_graph_plan (P2pGraph  *graph,
                GError   **error)
{
  if (graph->error)
    {
      g_propagate_error (error, g_error_copy (graph->error));
      return FALSE;
    }
  p2p_arena_plan (graph);
  graph->planned = TRUE;
  return TRUE;
}

/* Tells the nodes where in the arena their values are. */
static void
place_values (P2pGraph *graph)
{
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      P2pNode *node = g_ptr_array_index (graph->nodes, i);

      if (! node->param)
        node->x = (p2p_real *) (graph->arena + node->storage->x_offset);
      if (node->saved_size)
        node->saved = (p2p_real *) (graph->arena + node->saved_offset);
    }
}

gboolean
p2p_graph_allocate (P2pGraph  *graph,
                    GError   **error)
{
  g_return_val_if_fail (graph->planned, FALSE);

  if (graph->arena)
    return TRUE;

  graph->arena = p2p_memory_pages (P2P_FOR_PICTURE, graph->arena_size, error);
  if (graph->arena)
    place_values (graph);
  return graph->arena != NULL;
}

void
p2p_graph_place (P2pGraph *graph,
                 void     *memory)
{
  g_return_if_fail (graph->planned && ! graph->arena);

  graph->arena = memory;
  graph->placed = TRUE;
  place_values (graph);
}

void
p2p_graph_release (P2pGraph *graph)
{
  if (! graph->placed)
    free (graph->arena);
  graph->arena = NULL;
  graph->placed = FALSE;
}

/* ---- Forward ---------------------------------------------------------------------------- */

typedef struct
{
  P2pGraphProgress  progress;
  gpointer          data;
  double            total, done, running;    /* FLOPs: of the whole graph, of the nodes before the
                                              * current one, of the current one */
  double            last;                    /* the fraction that was reported last */
} Progress;

static void
tick (double   fraction,
      gpointer data)
{
  Progress *at = data;
  double    now = (at->done + fraction * at->running) / at->total;

  /* A node may run several loops, each of which begins at 0 again. */
  if (now <= at->last)
    return;
  at->last = now;
  at->progress (now, at->data);
}

/* Allocates everything that forward needs, so that the ops cannot fail. */
static gboolean
reserve (P2pGraph  *graph,
         GError   **error)
{
  if (! p2p_graph_allocate (graph, error))
    return FALSE;
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      P2pNode *node = g_ptr_array_index (graph->nodes, i);

      if (node->op && node->op->reserve && ! node->op->reserve (graph, node, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
p2p_graph_forward (P2pGraph          *graph,
                   guint64            seed,
                   P2pGraphProgress   progress,
                   gpointer           data,
                   GCancellable      *cancellable,
                   GError           **error)
{
  Progress at = { progress, data, MAX (graph->flops, 1.0) };

  if (! reserve (graph, error))
    return FALSE;
  graph->seed = seed;
  if (graph->options.train)
    p2p_params_begin_row (graph->params);
  for (guint i = 0; i < graph->nodes->len; i++)
    ((P2pNode *) g_ptr_array_index (graph->nodes, i))->g = NULL;

  p2p_parallel_watch (graph->parallel, cancellable, progress ? tick : NULL, &at);
  for (guint i = 0; i < graph->nodes->len && ! g_cancellable_is_cancelled (cancellable); i++)
    {
      P2pNode *node = g_ptr_array_index (graph->nodes, i);

      if (! node->op || (node->op->flags & P2P_OF_WEIGHT && ! graph->options.gradients))
        continue;
      at.running = node->flops;
      node->op->forward (graph, node);
      if (progress)
        tick (1.0, &at);
      at.done += node->flops;
    }
  p2p_parallel_watch (graph->parallel, NULL, NULL, NULL);

  return ! g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* ---- Backward --------------------------------------------------------------------------- */

/* Where in the arena the node's gradient is. */
static p2p_real *
gradient_place (const P2pNode *node)
{
  return (p2p_real *) (node->graph->arena + node->g_storage->g_offset);
}

static void
zero_gradient (P2pNode *node)
{
  memset (node->g, 0, p2p_node_size (node) * sizeof (p2p_real));
  node->g_empty = FALSE;
}

p2p_real *
p2p_graph_seed (P2pNode *output)
{
  g_return_val_if_fail (output->is_output && output->g_storage, NULL);

  if (! output->g)
    {
      output->g = gradient_place (output);
      zero_gradient (output);
    }
  return output->g;
}

gboolean
p2p_gradient_is_empty (P2pNode *node)
{
  gboolean *flag = node->param ? &node->param->gradient_empty : &node->g_empty;
  gboolean  empty = *flag;

  *flag = FALSE;
  return empty;
}

/* Sets g of every node whose gradient is wanted.  Seeded outputs have theirs already. */
static void
begin_backward (P2pGraph *graph,
                guint     wanted)
{
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      P2pNode *node = g_ptr_array_index (graph->nodes, i);

      if (! (node->depends & wanted))
        node->g = NULL;
      else if (node->param)
        node->g = node->param->gradient;
      else if (! node->g)
        {
          node->g = gradient_place (node);
          node->g_empty = TRUE;
        }
    }
}

/* Forgets the gradients of ops, so that the next backward begins without seeds.  An input that no
 * seeded output depends on gets a gradient of zero. */
static void
end_backward (P2pGraph *graph)
{
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      P2pNode *node = g_ptr_array_index (graph->nodes, i);

      if (node->op)
        node->g = NULL;
      else if (node->g && ! node->param && node->g_empty)
        zero_gradient (node);
    }
}

void
p2p_graph_backward (P2pGraph *graph,
                    guint     wanted)
{
  g_return_if_fail ((wanted & ~graph->options.gradients) == 0);

  begin_backward (graph, wanted);
  for (guint i = graph->nodes->len; i-- > 0;)
    {
      P2pNode *node = g_ptr_array_index (graph->nodes, i);

      if (node->op && node->g && ! node->g_empty)
        node->op->backward (graph, node);
      if (graph->passed)
        graph->passed (node, graph->passed_data);
    }
  end_backward (graph);
}

void
p2p_graph_watch (P2pGraph       *graph,
                 P2pGraphPassed  func,
                 gpointer        data)
{
  graph->passed = func;
  graph->passed_data = data;
}
