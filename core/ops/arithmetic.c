/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Adds two values of the same shape: a, b [n,h,w,c] → a + b [n,h,w,c]. */

#include "base/intl.h"
#include "ops.h"
#include "p2p.h"

#define CHUNK 16384    /* elements */

static gboolean
infer (P2pGraph  *graph,
       P2pNode   *node,
       GError   **error)
{
  const P2pNode *a = node->inputs[0], *b = node->inputs[1];

  if (a->n != b->n || a->h != b->h || a->w != b->w || a->c != b->c)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("Values of %d×%d×%d and %d×%d×%d elements cannot be added"),
                   a->w, a->h, a->c, b->w, b->h, b->c);
      return FALSE;
    }
  return p2p_infer_same_shape (graph, node, error);
}

static void
forward_chunk (int      chunk,
               int      worker,
               gpointer data)
{
  P2pNode        *node = data;
  const p2p_real *a = node->inputs[0]->x, *b = node->inputs[1]->x;
  gsize           end = MIN ((chunk + (gsize) 1) * CHUNK, p2p_node_size (node));

  /* The loop can be vectorized even where the sum overwrites a: sum[i] depends on a[i] and b[i]
   * only. */
#pragma GCC ivdep
  for (gsize i = chunk * (gsize) CHUNK; i < end; i++)
    node->x[i] = a[i] + b[i];
}

static void
forward (P2pGraph *graph,
         P2pNode  *node)
{
  p2p_parallel_for (graph->parallel, (p2p_node_size (node) + CHUNK - 1) / CHUNK, forward_chunk,
                    node);
}

typedef struct
{
  const p2p_real *dy;
  p2p_real       *dx;
  gsize           n;
  gboolean        empty;    /* set dx instead of adding to it */
} Backward;

static void
backward_chunk (int      chunk,
                int      worker,
                gpointer data)
{
  const Backward *run = data;
  gsize           end = MIN ((chunk + (gsize) 1) * CHUNK, run->n);

#pragma GCC ivdep
  for (gsize i = chunk * (gsize) CHUNK; i < end; i++)
    run->dx[i] = (run->empty ? 0 : run->dx[i]) + run->dy[i];
}

/* The gradient of the first input may share a buffer with the gradient of the sum.  An empty
 * gradient there already holds the right values, so there is nothing to do.  This input must come
 * first: if both inputs are the same node, the loop's second turn adds the gradient once more. */
static void
backward (P2pGraph *graph,
          P2pNode  *node)
{
  for (int i = 0; i < 2; i++)
    {
      Backward run = { node->g, node->inputs[i]->g, p2p_node_size (node) };

      if (! run.dx)
        continue;
      run.empty = p2p_gradient_is_empty (node->inputs[i]);
      if (run.dx != run.dy || ! run.empty)
        p2p_parallel_for (graph->parallel, (run.n + CHUNK - 1) / CHUNK, backward_chunk, &run);
    }
}

/* A residual block reads its input twice, in its first layer and in this addition.  The sum may
 * still overwrite that input: the planner allows this only if the addition is the last to read
 * it. */
static const P2pOp add_op =
{
  "add", P2P_MAY_OVERWRITE | P2P_GRADIENT_IN_PLACE, infer, forward, backward
};

P2pNode *
p2p_add (P2pNode *a,
         P2pNode *b)
{
  if (! a || ! b)
    return NULL;
  return p2p_append ((P2pAt) { a->graph, b->scope }, &add_op, (P2pNode *[]) { a, b }, 2, 2, NULL,
                     0);
}
