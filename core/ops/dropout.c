/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Dropout, which is the noise z of pix2pix (Isola et al. 2017, section 3.2): x [n,h,w,c] → the same
 * shape.  Whether an element is zeroed is a function of (seed, scope, element), so all runs with
 * the same seed agree.  Elements are counted from the first picture of the whole batch, so that a
 * run which sees the batch in parts agrees, too. */

#include "base/random.h"
#include "ops.h"

#define CHUNK 16384    /* elements */

typedef struct
{
  double rate;
} Attr;

/* Elements of the batch's pictures that come before the graph's first picture. */
static guint64
elements_before (const P2pNode *node)
{
  return (guint64) node->graph->first * node->h * node->w * node->c;
}

static void
forward_chunk (int      chunk,
               int      worker,
               gpointer data)
{
  P2pNode        *node = data;
  const p2p_real *x = node->inputs[0]->x;
  double          rate = ((const Attr *) node->attr)->rate;
  p2p_real        scale = 1.0 / (1.0 - rate);
  guint64         stream = p2p_random_stream (node->scope);
  const guint64   before = elements_before (node);
  gsize           end = MIN ((chunk + (gsize) 1) * CHUNK, p2p_node_size (node));

  for (gsize i = chunk * (gsize) CHUNK; i < end; i++)
    node->x[i] = p2p_random_uniform (node->graph->seed, stream, before + i) < rate ? 0
                                                                                 : scale * x[i];
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
  P2pNode  *node;
  gboolean  empty;    /* set the input's gradient instead of adding to it */
} Backward;

static void
backward_chunk (int      chunk,
                int      worker,
                gpointer data)
{
  const Backward *run = data;
  const P2pNode  *node = run->node;
  const p2p_real *dy = node->g;
  p2p_real       *dx = node->inputs[0]->g;
  double          rate = ((const Attr *) node->attr)->rate;
  p2p_real        scale = 1.0 / (1.0 - rate);
  guint64         stream = p2p_random_stream (node->scope);
  const guint64   before = elements_before (node);
  gsize           end = MIN ((chunk + (gsize) 1) * CHUNK, p2p_node_size (node));

  for (gsize i = chunk * (gsize) CHUNK; i < end; i++)
    dx[i] = (run->empty ? 0 : dx[i])
            + (p2p_random_uniform (node->graph->seed, stream, before + i) < rate ? 0
                                                                                 : scale * dy[i]);
}

static void
backward (P2pGraph *graph,
          P2pNode  *node)
{
  Backward run = { node, p2p_gradient_is_empty (node->inputs[0]) };

  p2p_parallel_for (graph->parallel, (p2p_node_size (node) + CHUNK - 1) / CHUNK, backward_chunk,
                    &run);
}

static const P2pOp dropout_op =
{
  "dropout", P2P_MAY_OVERWRITE | P2P_GRADIENT_IN_PLACE, p2p_infer_same_shape, forward, backward
};

P2pNode *
p2p_dropout (P2pAt    at,
             P2pNode *x,
             double   rate)
{
  Attr attr = { rate };

  if (! at.graph->options.dropout)
    return x;
  return p2p_append (at, &dropout_op, &x, 1, 1, &attr, sizeof attr);
}
