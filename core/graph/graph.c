/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Building a graph.  p2p_input (), p2p_weight () and p2p_append () each append a node. */

#include <stdlib.h>
#include <string.h>

#include "graph.h"

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
  graph->features = g_ptr_array_new ();
  graph->strings = g_string_chunk_new (1024);
  return graph;
}

void
p2p_graph_free (P2pGraph *graph)
{
  if (! graph)
    return;
  g_ptr_array_unref (graph->features);
  g_ptr_array_unref (graph->nodes);
  g_string_chunk_free (graph->strings);
  g_clear_error (&graph->error);
  if (! graph->placed)
    free (graph->arena);
  free (graph->once);
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

P2pNode *
p2p_feature (P2pNode *node)
{
  if (node && node->graph->options.features)
    {
      p2p_output (node);
      g_ptr_array_add (node->graph->features, node);
    }
  return node;
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
