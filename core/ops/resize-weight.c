/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Computes the weight of a transposed convolution that does the work of two steps at once: doubling
 * a picture's sides, and a convolution on the doubled picture.  weight [out,c,k,k] → [c,out,4,4].
 *
 * k = 3 doubles by nearest neighbor.  On each axis a pixel of the picture covers 2 pixels of the
 * doubled picture, so the 3 taps w0, w1, w2 fall on only 2 pixels of the picture:
 *
 *   doubled picture         2i−1    2i  2i+1  2i+2
 *   pixel of the picture     i−1     i     i   i+1
 *   taps for output 2i        w0    w1    w2            w0 on pixel i−1, w1 + w2 on pixel i
 *   taps for output 2i+1            w0    w1    w2      w0 + w1 on pixel i, w2 on pixel i+1
 *
 * A transposed convolution with stride 2 and padding 1 adds its tap t times pixel i to output
 * 2i − 1 + t, so its 4 taps are w2, w1 + w2, w0 + w1, w0.  Both ways read zeros beyond the edge.
 *
 * k = 2 doubles by linear interpolation.  This is the same as doubling by nearest neighbor and then
 * taking the mean of each two adjacent pixels, so the taps w0, w1 become the 3 taps w0 / 2,
 * (w0 + w1) / 2, w1 / 2 of the first case.  The reason for this way: doubling makes a copy of the
 * picture's spectrum around the frequency with a period of 2 pixels.  Nearest neighbor removes the
 * copy only of constant areas, so a faint grid shows wherever one color runs into another.  Linear
 * interpolation also removes the copy of constant slopes. */

#include "ops.h"

#define CHUNK 8    /* channels */

/* Turns k taps into 4, on one axis.  Taps lie step elements apart in from and in to. */
static inline void
spread (const p2p_real *from,
        int             k,
        int             step,
        p2p_real       *to)
{
  p2p_real first = from[0], middle = from[step], last = k == 3 ? from[2 * step] : 0;

  if (k == 2)
    {
      last = middle / 2;
      first = first / 2;
      middle = first + last;
    }
  to[0] = last;
  to[step] = middle + last;
  to[2 * step] = first + middle;
  to[3 * step] = first;
}

/* The backward of spread (): turns the gradients of the 4 taps into the gradients of the k taps. */
static inline void
collect (const p2p_real *from,
         int             k,
         int             step,
         p2p_real       *to)
{
  p2p_real first = from[2 * step] + from[3 * step], middle = from[step] + from[2 * step];
  p2p_real last = from[0] + from[step];

  to[0] = k == 3 ? first : (first + middle) / 2;
  to[step] = k == 3 ? middle : (middle + last) / 2;
  if (k == 3)
    to[2 * step] = last;
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

/* Computes the 4×4 kernels of CHUNK input channels. */
static void
forward_chunk (int      chunk,
               int      worker,
               gpointer data)
{
  P2pNode *node = data;
  int      c = node->n, out = node->h, first = chunk * CHUNK, n = MIN (CHUNK, c - first);
  int      k = node->inputs[0]->param->dims[2], taps = k * k;
  p2p_real kernels[9 * CHUNK], columns[12];

  for (int o = 0; o < out; o++)
    {
      p2p_param_read (node->inputs[0]->param, taps * ((gsize) o * c + first), taps * n, kernels);
      for (int i = 0; i < n; i++)
        {
          p2p_real *kernel = node->x + 16 * ((gsize) (first + i) * out + o);

          for (int x = 0; x < k; x++)
            spread (kernels + taps * i + x, k, k, columns + x);
          for (int y = 0; y < 4; y++)
            spread (columns + k * y, k, 1, kernel + 4 * y);
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
  gboolean  empty;    /* set the weight's gradient instead of adding to it */
} Backward;

/* Computes the gradients of the k×k kernels of CHUNK output channels. */
static void
backward_chunk (int      chunk,
                int      worker,
                gpointer data)
{
  const Backward *run = data;
  const P2pNode  *node = run->node;
  int             c = node->n, out = node->h, first = chunk * CHUNK, end = MIN (first + CHUNK, out);
  int             k = node->inputs[0]->param->dims[2], taps = k * k;
  p2p_real        columns[12], kernel[9];

  for (int i = 0; i < c; i++)
    for (int o = first; o < end; o++)
      {
        const p2p_real *from = node->g + 16 * ((gsize) i * out + o);
        p2p_real       *to = node->inputs[0]->g + taps * ((gsize) o * c + i);

        for (int y = 0; y < 4; y++)
          collect (from + 4 * y, k, 1, columns + k * y);
        for (int x = 0; x < k; x++)
          collect (columns + x, k, k, kernel + x);
        for (int tap = 0; tap < taps; tap++)
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
