/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reflection padding: x [n,h,w,c] → [n, h+2p, w+2p, c], the picture mirrored at its edges.  PyTorch
 * refuses a padding that is at least as wide as the picture; here the picture is then mirrored
 * repeatedly. */

#include <string.h>

#include "base/mirror.h"
#include "ops.h"

typedef struct
{
  int p;
} Attr;

static gboolean
infer (P2pGraph  *graph,
       P2pNode   *node,
       GError   **error)
{
  const P2pNode *x = node->inputs[0];
  int            p = ((const Attr *) node->attr)->p;

  node->n = x->n;
  node->h = x->h + 2 * p;
  node->w = x->w + 2 * p;
  node->c = x->c;
  return TRUE;
}

/* Computes one row of the result, counted over all pictures of the batch. */
static void
forward_row (int      row,
             int      worker,
             gpointer data)
{
  P2pNode        *node = data;
  const P2pNode  *x = node->inputs[0];
  int             p = ((const Attr *) node->attr)->p, c = node->c;
  int             image = row / node->h, source = p2p_mirror (row % node->h - p, x->h);
  const p2p_real *from = x->x + ((gsize) image * x->h + source) * x->w * c;
  p2p_real       *to = node->x + (gsize) row * node->w * c;

  for (int i = -p; i < 0; i++, to += c)
    memcpy (to, from + (gsize) p2p_mirror (i, x->w) * c, c * sizeof (p2p_real));
  memcpy (to, from, (gsize) x->w * c * sizeof (p2p_real));
  to += (gsize) x->w * c;
  for (int i = x->w; i < x->w + p; i++, to += c)
    memcpy (to, from + (gsize) p2p_mirror (i, x->w) * c, c * sizeof (p2p_real));
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

/* Computes the gradient of one row of the input: the sum over all rows of the result that show this
 * row, itself or mirrored. */
static void
backward_row (int      row,
              int      worker,
              gpointer data)
{
  const Backward *run = data;
  const P2pNode  *node = run->node, *x = node->inputs[0];
  int             p = ((const Attr *) node->attr)->p, c = node->c;
  int             image = row / x->h;
  p2p_real       *to = x->g + (gsize) row * x->w * c;

  if (run->empty)
    memset (to, 0, (gsize) x->w * c * sizeof (p2p_real));
  for (int i = 0; i < node->h; i++)
    {
      const p2p_real *from = node->g + ((gsize) image * node->h + i) * node->w * c;

      if (p2p_mirror (i - p, x->h) != row % x->h)
        continue;
      for (int j = 0; j < node->w; j++, from += c)
        {
          p2p_real *pixel = to + (gsize) p2p_mirror (j - p, x->w) * c;

          for (int k = 0; k < c; k++)
            pixel[k] += from[k];
        }
    }
}

static void
backward (P2pGraph *graph,
          P2pNode  *node)
{
  P2pNode  *x = node->inputs[0];
  Backward  run = { node, p2p_gradient_is_empty (x) };

  p2p_parallel_for (graph->parallel, x->n * x->h, backward_row, &run);
}

static const P2pOp pad_reflect_op = { "pad_reflect", 0, infer, forward, backward };

P2pNode *
p2p_pad_reflect (P2pNode *x,
                 int      p)
{
  Attr attr = { p };

  if (! x)
    return NULL;
  return p2p_append ((P2pAt) { x->graph, x->scope }, &pad_reflect_op, &x, 1, 1, &attr,
                     sizeof attr);
}
