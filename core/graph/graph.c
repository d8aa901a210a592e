/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Building and running a graph; arena.c lays out its memory in between. */

#include <string.h>

#include "arena.h"
#include "base/huge-pages.h"
#include "graph.h"
#include "p2p.h"

/* ---- Building --------------------------------------------------------------------------- */

static void
node_free (gpointer data)
{
  P2pNode *node = data;

  if (node->param && --node->param->users == 0)
    p2p_param_drop_prepared (node->param);
  g_free ((gpointer) node->attr);
  g_free (node);
}

P2pGraph *
p2p_graph_new (P2pParams             *params,
               P2pParallel           *parallel,
               const P2pGraphOptions *options)
{
  P2pGraph *graph = g_new0 (P2pGraph, 1);

  graph->params = params;
  graph->parallel = parallel;
  graph->options = *options;
  graph->nodes = g_ptr_array_new_with_free_func (node_free);
  graph->strings = g_string_chunk_new (1024);
  return graph;
}

void
p2p_graph_free (P2pGraph *graph)
{
  if (! graph)
    return;
  g_ptr_array_unref (graph->nodes);
  g_string_chunk_free (graph->strings);
  g_clear_error (&graph->error);
  g_aligned_free (graph->arena);
  g_aligned_free (graph->once);
  g_free (graph);
}

P2pAt
p2p_at (P2pGraph *graph)
{
  return (P2pAt) { graph, "" };
}

P2pAt
p2p_sub (P2pAt       at,
         const char *format,
         ...)
{
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  va_list          args;

  va_start (args, format);
  name = g_strdup_vprintf (format, args);
  va_end (args);
  path = *at.path ? g_strconcat (at.path, ".", name, NULL) : g_strdup (name);

  return (P2pAt) { at.graph, g_string_chunk_insert_const (at.graph->strings, path) };
}

static P2pNode *
add_node (P2pAt at)
{
  P2pNode *node = g_new0 (P2pNode, 1);

  node->graph = at.graph;
  node->index = at.graph->nodes->len;
  node->scope = at.path;
  node->storage = node;
  g_ptr_array_add (at.graph->nodes, node);
  return node;
}

P2pNode *
p2p_input (P2pGraph *graph,
           int       n,
           int       h,
           int       w,
           int       c)
{
  P2pNode *node = add_node (p2p_sub (p2p_at (graph), "input"));

  node->n = n;
  node->h = h;
  node->w = w;
  node->c = c;
  node->depends = P2P_INPUTS;
  return node;
}

P2pNode *
p2p_weight (P2pAt         at,
            const char   *name,
            P2pParamKind  kind,
            int           n_dims,
            const int    *dims,
            P2pInit       init)
{
  P2pAt     here = p2p_sub (at, "%s", name);
  P2pNode  *node;
  P2pParam *param;

  if (at.graph->error)
    return NULL;
  param = p2p_params_declare (at.graph->params, here.path, kind, n_dims, dims, init,
                              &at.graph->error);
  if (! param)
    return NULL;

  node = add_node (here);
  node->param = param;
  node->x = param->value;
  node->depends = kind == P2P_TRAINABLE ? P2P_PARAMS : 0;
  param->users++;
  return node;
}

P2pNode *
p2p_append (P2pAt           at,
            const P2pOp    *op,
            P2pNode *const *inputs,
            int             n_inputs,
            int             n_needed,
            gconstpointer   attr,
            gsize           attr_size)
{
  P2pNode *node;

  for (int i = 0; i < n_needed; i++)
    if (! inputs[i])
      return NULL;
  if (at.graph->error)
    return NULL;

  node = add_node (at);
  node->op = op;
  node->attr = g_memdup2 (attr, attr_size);
  memcpy (node->inputs, inputs, n_inputs * sizeof (P2pNode *));
  for (int i = 0; i < n_inputs; i++)
    if (inputs[i])
      node->depends |= inputs[i]->depends;
  if (! op->infer (at.graph, node, &at.graph->error))
    {
      g_prefix_error (&at.graph->error, "%s (%s): ", at.path, op->name);
      return NULL;
    }
  at.graph->flops += node->flops;
  if (at.graph->options.once)
    at.graph->prepared = MAX (at.graph->prepared, node->prepared_size * sizeof (p2p_real));
  else
    at.graph->prepared += node->prepared_size * sizeof (p2p_real);

  return node;
}

void
p2p_output (P2pNode *node)
{
  if (node)
    node->is_output = TRUE;
}

gsize
p2p_node_size (const P2pNode *node)
{
  return (gsize) node->n * node->h * node->w * node->c;
}

gboolean
p2p_infer_same_shape (P2pGraph  *graph,
                      P2pNode   *node,
                      GError   **error)
{
  const P2pNode *x = node->inputs[0];

  node->n = x->n;
  node->h = x->h;
  node->w = x->w;
  node->c = x->c;
  return TRUE;
}

/* ---- Running ---------------------------------------------------------------------------- */

gboolean
p2p_graph_plan (P2pGraph  *graph,
                GError   **error)
{
  if (graph->error)
    {
      g_propagate_error (error, g_error_copy (graph->error));
      return FALSE;
    }
  p2p_plan_arena (graph);
  graph->planned = TRUE;
  return TRUE;
}

void
p2p_graph_allocate (P2pGraph *graph)
{
  g_return_if_fail (graph->planned);

  if (graph->arena)
    return;

  graph->arena = p2p_pages_alloc (graph->arena_size);
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      P2pNode *node = g_ptr_array_index (graph->nodes, i);

      if (! node->param)
        node->x = (p2p_real *) (graph->arena + node->storage->x_offset);
      if (node->saved_size)
        node->saved = (p2p_real *) (graph->arena + node->saved_offset);
    }
}

void
p2p_graph_release (P2pGraph *graph)
{
  g_clear_pointer (&graph->arena, g_aligned_free);
}

p2p_real *
p2p_node_scratch (P2pNode *node)
{
  return (p2p_real *) (node->graph->arena + node->scratch_offset);
}

p2p_real *
p2p_node_thread_scratch (P2pNode *node,
                         int      worker)
{
  return (p2p_real *) (node->graph->arena + node->scratch_offset
                       + p2p_plan_scratch_bytes (node->scratch_size, node->thread_scratch_size,
                                                 worker));
}

p2p_real *
p2p_node_backward_scratch (P2pNode *node)
{
  return (p2p_real *) (node->graph->arena + node->backward_scratch_offset);
}

p2p_real *
p2p_node_backward_thread_scratch (P2pNode *node,
                                  int      worker)
{
  return (p2p_real *) (node->graph->arena + node->backward_scratch_offset
                       + p2p_plan_scratch_bytes (node->backward_scratch_size,
                                                 node->backward_thread_scratch_size, worker));
}

typedef struct
{
  P2pGraphProgress  progress;
  gpointer          data;
  double            total, done, running;    /* FLOPs of the graph, before this node, of it */
  double            told;                    /* the last fraction */
} Progress;

static void
tick (double   fraction,
      gpointer data)
{
  Progress *at = data;
  double    now = (at->done + fraction * at->running) / at->total;

  /* A node may run several loops, so fractions of it come again. */
  if (now <= at->told)
    return;
  at->told = now;
  at->progress (now, at->data);
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

  p2p_graph_allocate (graph);
  graph->seed = seed;
  for (guint i = 0; i < graph->nodes->len; i++)
    ((P2pNode *) g_ptr_array_index (graph->nodes, i))->g = NULL;

  p2p_parallel_watch (graph->parallel, cancellable, progress ? tick : NULL, &at);
  for (guint i = 0; i < graph->nodes->len && ! g_cancellable_is_cancelled (cancellable); i++)
    {
      P2pNode *node = g_ptr_array_index (graph->nodes, i);

      if (! node->op)
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

/* Gives every node its gradient's place, where it is wanted; seeded ones have it. */
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

/* Inputs that no seed leads to have no part in it; the next backward begins without seeds. */
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
    }
  end_backward (graph);
}
