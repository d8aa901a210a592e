/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Doubling by linear interpolation, as PyTorch's nn.Upsample (scale_factor=2, mode="bilinear") does
 * it without align_corners.  Along each axis a value is replaced by two, which lie a quarter of a
 * step beside it: ¾ of the value and ¼ of its neighbor on that side.  A value at the edge is its
 * own neighbor. */

#include "ops.h"

static gboolean
infer (P2pGraph  *graph,
       P2pNode   *node,
       GError   **error)
{
  const P2pNode *x = node->inputs[0];

  node->n = x->n;
  node->h = 2 * x->h;
  node->w = 2 * x->w;
  node->c = x->c;
  return TRUE;
}

/* The neighbor from which value i of the doubled axis gets its quarter.  size: the values on the
 * axis before. */
static int
neighbor (int i,
          int size)
{
  return CLAMP (i / 2 + (i % 2 ? 1 : -1), 0, size - 1);
}

/* Computes one row of the result, counted over all pictures of the batch. */
static void
forward_row (int      row,
             int      worker,
             gpointer data)
{
  P2pNode        *node = data;
  const P2pNode  *x = node->inputs[0];
  const int       c = node->c, image = row / node->h, i = row % node->h;
  const p2p_real *here = x->x + ((gsize) image * x->h + i / 2) * x->w * c;
  const p2p_real *beside = x->x + ((gsize) image * x->h + neighbor (i, x->h)) * x->w * c;
  p2p_real       *to = node->x + (gsize) row * node->w * c;

  for (int j = 0; j < node->w; j++)
    {
      const gsize a = (gsize) j / 2 * c, b = (gsize) neighbor (j, x->w) * c;

      for (int k = 0; k < c; k++)
        *to++ = (9 * here[a + k] + 3 * (here[b + k] + beside[a + k]) + beside[b + k]) / 16;
    }
}

static void
forward (P2pGraph *graph,
         P2pNode  *node)
{
  p2p_parallel_for (graph->parallel, node->n * node->h, forward_row, node);
}

typedef struct
{
  P2pNode  *node;
  gboolean  empty;    /* set the input's gradient instead of adding to it */
} Backward;

/* Adds to a row of the input's gradient what a row of the result's gradient gives it, with a
 * weight in fourths of a fourth. */
static void
add_row (const P2pNode *node,
         int            image,
         int            row,
         int            weight,
         p2p_real      *to)
{
  const int       c = node->c, w = node->inputs[0]->w;
  const p2p_real *from = node->g + ((gsize) image * node->h + row) * node->w * c;

  for (int j = 0; j < node->w; j++, from += c)
    {
      const gsize a = (gsize) j / 2 * c, b = (gsize) neighbor (j, w) * c;

      for (int k = 0; k < c; k++)
        {
          to[a + k] += 3 * weight * from[k] / 16;
          to[b + k] += weight * from[k] / 16;
        }
    }
}

/* Computes the gradient of one row of the input.  The rows of the result that read it are its own
 * two, and those of its neighbors that lie on its side. */
static void
backward_row (int      row,
              int      worker,
              gpointer data)
{
  const Backward *run = data;
  const P2pNode  *node = run->node, *x = node->inputs[0];
  const int       image = row / x->h, y = row % x->h;
  p2p_real       *to = x->g + (gsize) row * x->w * x->c;

  for (gsize k = 0; run->empty && k < (gsize) x->w * x->c; k++)
    to[k] = 0;
  for (int i = MAX (0, 2 * y - 1); i <= MIN (node->h - 1, 2 * y + 2); i++)
    add_row (node, image, i, (i / 2 == y ? 3 : 0) + (neighbor (i, x->h) == y ? 1 : 0), to);
}

static void
backward (P2pGraph *graph,
          P2pNode  *node)
{
  P2pNode  *x = node->inputs[0];
  Backward  run = { node, p2p_gradient_is_empty (x) };

  p2p_parallel_for (graph->parallel, x->n * x->h, backward_row, &run);
}

static const P2pOp double_op = { "double", 0, infer, forward, backward };

P2pNode *
p2p_double (P2pNode *x)
{
  if (! x)
    return NULL;
  return p2p_append ((P2pAt) { x->graph, x->scope }, &double_op, &x, 1, 1, NULL, 0);
}

P2pNode *
p2p_conv_double (P2pAt    at,
                 P2pNode *x,
                 int      out,
                 gboolean bias)
{
  P2pNode *y = p2p_conv (at, p2p_double (x), out, 3, 1, 1, bias);

  if (y)
    y->inputs[1]->param->resized = TRUE;
  return y;
}
