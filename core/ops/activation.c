/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* ReLU, leaky ReLU and tanh, which work on single elements: x [n,h,w,c] → the same shape. */

#include <math.h>

#include "ops.h"

#define CHUNK 16384    /* elements */

typedef struct
{
  p2p_real slope;      /* of leaky ReLU for negative values; 0 for ReLU */
} Attr;

P2P_WIDE static void
leaky_relu_chunk (int      chunk,
                  int      worker,
                  gpointer data)
{
  P2pNode        *node = data;
  const p2p_real *x = node->inputs[0]->x;
  p2p_real       *y = node->x;
  p2p_real        slope = ((const Attr *) node->attr)->slope;
  gsize           end = MIN ((chunk + (gsize) 1) * CHUNK, p2p_node_size (node));

  /* The loop can be vectorized even where y overwrites x: y[i] depends on x[i] only. */
#pragma GCC ivdep
  for (gsize i = chunk * (gsize) CHUNK; i < end; i++)
    y[i] = x[i] > 0 ? x[i] : slope * x[i];
}

#ifdef P2P_DOUBLE
#define hyperbolic_tangent tanh
#else

/* Computes (e²ˣ − 1) / (e²ˣ + 1) with operations that the compiler can vectorize.  With
 * 2x = n ln 2 + r and |r| ≤ ln 2 / 2, eʳ − 1 comes from its Taylor series.  The result differs from
 * tanh () by at most 2 units in the last place; tanh () takes 6 times as long. */
static inline float
hyperbolic_tangent (float x)
{
  const float shift = 0x1.8p23f;    /* adding it rounds to an integer, in the lowest bits */
  float       y = x > 10 ? 20 : x < -10 ? -20 : 2 * x, n, r, p, e;
  union { float value; guint32 bits; } rounded, power;

  rounded.value = y * (float) (1 / G_LN2) + shift;
  n = rounded.value - shift;
  r = y - n * 0x1.62e4p-1f - n * 0x1.7f7d1cp-20f;    /* ln 2 in two parts */
  p = r + r * r * (1 / 2.0f + r * (1 / 6.0f + r * (1 / 24.0f + r * (1 / 120.0f
      + r * (1 / 720.0f + r / 5040.0f)))));
  power.bits = (rounded.bits << 23) + (127u << 23);
  e = power.value * p + (power.value - 1);
  return e / (e + 2);
}

#endif

P2P_WIDE static void
tanh_chunk (int      chunk,
            int      worker,
            gpointer data)
{
  P2pNode        *node = data;
  const p2p_real *x = node->inputs[0]->x;
  p2p_real       *y = node->x;
  gsize           end = MIN ((chunk + (gsize) 1) * CHUNK, p2p_node_size (node));

#pragma GCC ivdep
  for (gsize i = chunk * (gsize) CHUNK; i < end; i++)
    y[i] = hyperbolic_tangent (x[i]);
}

typedef struct
{
  P2pNode  *node;
  gboolean  empty;     /* set the input's gradient instead of adding to it */
} Backward;

P2P_WIDE static void
leaky_relu_backward_chunk (int      chunk,
                           int      worker,
                           gpointer data)
{
  const Backward *run = data;
  const P2pNode  *node = run->node;
  const p2p_real *y = node->x, *dy = node->g;
  p2p_real       *dx = node->inputs[0]->g;
  p2p_real        slope = ((const Attr *) node->attr)->slope;
  gsize           end = MIN ((chunk + (gsize) 1) * CHUNK, p2p_node_size (node));

#pragma GCC ivdep
  for (gsize i = chunk * (gsize) CHUNK; i < end; i++)
    dx[i] = (run->empty ? 0 : dx[i]) + (y[i] > 0 ? dy[i] : slope * dy[i]);
}

P2P_WIDE static void
tanh_backward_chunk (int      chunk,
                     int      worker,
                     gpointer data)
{
  const Backward *run = data;
  const P2pNode  *node = run->node;
  const p2p_real *y = node->x, *dy = node->g;
  p2p_real       *dx = node->inputs[0]->g;
  gsize           end = MIN ((chunk + (gsize) 1) * CHUNK, p2p_node_size (node));

#pragma GCC ivdep
  for (gsize i = chunk * (gsize) CHUNK; i < end; i++)
    dx[i] = (run->empty ? 0 : dx[i]) + (1 - y[i] * y[i]) * dy[i];
}

static int
n_chunks (const P2pNode *node)
{
  return (p2p_node_size (node) + CHUNK - 1) / CHUNK;
}

static void
leaky_relu_forward (P2pGraph *graph,
                    P2pNode  *node)
{
  p2p_parallel_for (graph->parallel, n_chunks (node), leaky_relu_chunk, node);
}

static void
tanh_forward (P2pGraph *graph,
              P2pNode  *node)
{
  p2p_parallel_for (graph->parallel, n_chunks (node), tanh_chunk, node);
}

static void
backward (P2pGraph     *graph,
          P2pNode      *node,
          P2pChunkFunc  func)
{
  Backward run = { node, p2p_gradient_is_empty (node->inputs[0]) };

  p2p_parallel_for (graph->parallel, n_chunks (node), func, &run);
}

static void
leaky_relu_backward (P2pGraph *graph,
                     P2pNode  *node)
{
  backward (graph, node, leaky_relu_backward_chunk);
}

static void
tanh_backward (P2pGraph *graph,
               P2pNode  *node)
{
  backward (graph, node, tanh_backward_chunk);
}

/* Backward reads only the output, because slopes are not negative: the output is positive exactly
 * where the input is. */
static const P2pOp leaky_relu_op =
{
  "leaky_relu", P2P_MAY_OVERWRITE | P2P_GRADIENT_IN_PLACE | P2P_BACKWARD_READS_OUTPUT,
  p2p_infer_same_shape, leaky_relu_forward, leaky_relu_backward
};

static const P2pOp tanh_op =
{
  "tanh", P2P_MAY_OVERWRITE | P2P_GRADIENT_IN_PLACE | P2P_BACKWARD_READS_OUTPUT,
  p2p_infer_same_shape, tanh_forward, tanh_backward
};

static P2pNode *
append (const P2pOp *op,
        P2pNode     *x,
        double       slope)
{
  Attr attr = { slope };

  if (! x)
    return NULL;
  return p2p_append ((P2pAt) { x->graph, x->scope }, op, &x, 1, 1, &attr, sizeof attr);
}

P2pNode *
p2p_relu (P2pNode *x)
{
  return append (&leaky_relu_op, x, 0.0);
}

P2pNode *
p2p_leaky_relu (P2pNode *x,
                double   slope)
{
  return append (&leaky_relu_op, x, slope);
}

P2pNode *
p2p_tanh (P2pNode *x)
{
  return append (&tanh_op, x, 0.0);
}
