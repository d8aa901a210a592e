/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The weight with which a transposed convolution does what a picture's doubling and a convolution
 * do: weight [out,c,3,3] → [c,out,4,4].
 *
 * Doubled by nearest neighbor, each pixel covers two on an axis, so a 3×3 kernel on the doubled
 * picture reads two pixels of the picture itself: one under one of its taps, and one under two,
 * whose sum is all that counts.  By output pixels, on one axis:
 *
 *   taps of the convolution   0  1  2            output 2i:     0 on pixel i − 1, 1 + 2 on i
 *                                                output 2i + 1: 0 + 1 on pixel i, 2 on i + 1
 *
 * A transposed convolution of stride 2 and padding 1 puts its tap t of pixel i on output
 * 2i − 1 + t, so its taps are 2, 1 + 2, 0 + 1 and 0.  Beyond the picture's edge are zeros for
 * both. */

#include "ops.h"

#define CHUNK 8    /* channels */

/* Along one axis: three taps, step apart → four. */
static inline void
spread (const p2p_real *from,
        int             step,
        p2p_real       *to)
{
  to[0] = from[2 * step];
  to[step] = from[step] + from[2 * step];
  to[2 * step] = from[0] + from[step];
  to[3 * step] = from[0];
}

/* The gradients of three taps, step apart, of those of the four that they make. */
static inline void
collect (const p2p_real *from,
         int             step,
         p2p_real       *to)
{
  for (int tap = 0; tap < 3; tap++)
    to[tap * step] = from[(2 - tap) * step] + from[(3 - tap) * step];
}

static gboolean
infer (P2pGraph  *graph,
       P2pNode   *node,
       GError   **error)
{
  const int *dims = node->inputs[0]->param->dims;

  node->n = dims[1];
  node->h = dims[0];
  node->w = node->c = 4;
  return TRUE;
}

/* The 4×4 kernels of some input channels. */
static void
forward_chunk (int      chunk,
               int      worker,
               gpointer data)
{
  P2pNode *node = data;
  int      c = node->n, out = node->h, first = chunk * CHUNK, n = MIN (CHUNK, c - first);
  p2p_real kernels[9 * CHUNK], columns[12];

  for (int o = 0; o < out; o++)
    {
      p2p_param_read (node->inputs[0]->param, 9 * ((gsize) o * c + first), 9 * n, kernels);
      for (int i = 0; i < n; i++)
        {
          p2p_real *kernel = node->x + 16 * ((gsize) (first + i) * out + o);

          for (int x = 0; x < 3; x++)
            spread (kernels + 9 * i + x, 3, columns + x);
          for (int y = 0; y < 4; y++)
            spread (columns + 3 * y, 1, kernel + 4 * y);
        }
    }
}

static void
forward (P2pGraph *graph,
         P2pNode  *node)
{
  p2p_parallel_for (graph->parallel, (node->n + CHUNK - 1) / CHUNK, forward_chunk, node);
}

typedef struct
{
  P2pNode  *node;
  gboolean  empty;    /* the weight's gradient is set, not added to */
} Backward;

/* The gradients of the 3×3 kernels of some output channels. */
static void
backward_chunk (int      chunk,
                int      worker,
                gpointer data)
{
  const Backward *run = data;
  const P2pNode  *node = run->node;
  int             c = node->n, out = node->h, first = chunk * CHUNK, end = MIN (first + CHUNK, out);
  p2p_real        columns[12], kernel[9];

  for (int i = 0; i < c; i++)
    for (int o = first; o < end; o++)
      {
        const p2p_real *from = node->g + 16 * ((gsize) i * out + o);
        p2p_real       *to = node->inputs[0]->g + 9 * ((gsize) o * c + i);

        for (int y = 0; y < 4; y++)
          collect (from + 4 * y, 1, columns + 3 * y);
        for (int x = 0; x < 3; x++)
          collect (columns + x, 3, kernel + x);
        for (int tap = 0; tap < 9; tap++)
          to[tap] = (run->empty ? 0 : to[tap]) + kernel[tap];
      }
}

static void
backward (P2pGraph *graph,
          P2pNode  *node)
{
  Backward run = { node, p2p_gradient_is_empty (node->inputs[0]) };

  p2p_parallel_for (graph->parallel, (node->h + CHUNK - 1) / CHUNK, backward_chunk, &run);
}

static const P2pOp resize_weight_op = { "resize_weight", P2P_OF_WEIGHT, infer, forward, backward };

P2pNode *
p2p_resize_weight (P2pAt    at,
                   P2pNode *weight)
{
  return p2p_append (at, &resize_weight_op, &weight, 1, 1, NULL, 0);
}
