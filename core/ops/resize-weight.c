/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Computes the weight of a transposed convolution that does the work of two steps at once: doubling
 * a picture's sides, and a convolution on the doubled picture.  weight [out,c,k,k] → [c,out,m,m].
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
 * 2i − 1 + t, so its m = 4 taps are w2, w1 + w2, w0 + w1, w0: the sums of neighbors, from the last
 * to the first.  Both ways read zeros beyond the edge.
 *
 * An even k doubles by linear interpolation.  This is the same as doubling by nearest neighbor and
 * then taking the mean of each two adjacent pixels, so the k taps first become k + 1: the means of
 * neighbors, with zeros beside them.  The taps w0, w1 become w0 / 2, (w0 + w1) / 2, w1 / 2, and
 * m = k + 2.  The reason for this way: doubling makes a copy of the picture's spectrum around the
 * frequency with a period of 2 pixels.  Nearest neighbor removes the copy only of constant areas,
 * so a faint grid shows wherever one color runs into another.  Linear interpolation also removes
 * the copy of constant slopes. */

#include "ops.h"

#define CHUNK       8    /* channels */
#define MOST_TAPS   4    /* of a kernel's side */
#define MOST_SUMS   6

/* The side of the transposed convolution's kernel. */
static inline int
n_sums (int k)
{
  return k == 3 ? 4 : k + 2;
}

/* Turns k taps into the n_sums (k) of the transposed convolution, on one axis.  Taps lie step
 * elements apart in from and in to. */
static inline void
spread (const p2p_real *from,
        int             k,
        int             step,
        p2p_real       *to)
{
  p2p_real taps[MOST_SUMS] = { 0 };
  int      n = n_sums (k) - 1;

  for (int i = 0; i < n; i++)
    taps[i] = k == 3 ? from[i * step]
              : ((i < k ? from[i * step] : 0) + (i > 0 ? from[(i - 1) * step] : 0)) / 2;
  for (int i = 0; i <= n; i++)
    to[(n - i) * step] = taps[i] + (i > 0 ? taps[i - 1] : 0);
}

/* The backward of spread (): turns the gradients of the transposed convolution's taps into the
 * gradients of the k taps. */
static inline void
collect (const p2p_real *from,
         int             k,
         int             step,
         p2p_real       *to)
{
  p2p_real taps[MOST_SUMS];
  int      n = n_sums (k) - 1;

  for (int i = 0; i < n; i++)
    taps[i] = from[(n - i) * step] + from[(n - i - 1) * step];
  for (int i = 0; i < k; i++)
    to[i * step] = k == 3 ? taps[i] : (taps[i] + taps[i + 1]) / 2;
}

static gboolean
infer (P2pGraph  *graph,
       P2pNode   *node,
       GError   **error)
{
  const int *dims = node->inputs[0]->param->dims;

  node->n = dims[1];
  node->h = dims[0];
  node->w = node->c = n_sums (dims[2]);
  return TRUE;
}

/* Computes the kernels of CHUNK input channels.  k is the weight's own, as a constant that the
 * compiler can unroll. */
static inline void
forward_channels (P2pNode *node,
                  int      first,
                  int      k)
{
  int      c = node->n, out = node->h, n = MIN (CHUNK, c - first), m = n_sums (k);
  p2p_real kernels[MOST_TAPS * MOST_TAPS * CHUNK], columns[MOST_SUMS * MOST_TAPS];

  for (int o = 0; o < out; o++)
    {
      p2p_param_read (node->inputs[0]->param, k * k * ((gsize) o * c + first), k * k * n, kernels);
      for (int i = 0; i < n; i++)
        {
          p2p_real *kernel = node->x + m * m * ((gsize) (first + i) * out + o);

          for (int x = 0; x < k; x++)
            spread (kernels + k * k * i + x, k, k, columns + x);
          for (int y = 0; y < m; y++)
            spread (columns + k * y, k, 1, kernel + m * y);
        }
    }
}

static void
forward_chunk (int      chunk,
               int      worker,
               gpointer data)
{
  P2pNode *node = data;

  switch (node->inputs[0]->param->dims[2])
    {
    case 2: forward_channels (node, chunk * CHUNK, 2); break;
    case 3: forward_channels (node, chunk * CHUNK, 3); break;
    case 4: forward_channels (node, chunk * CHUNK, 4); break;
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

/* Computes the gradients of the kernels of CHUNK output channels. */
static inline void
backward_channels (const Backward *run,
                   int             first,
                   int             k)
{
  const P2pNode *node = run->node;
  int            c = node->n, out = node->h, end = MIN (first + CHUNK, out), m = n_sums (k);
  p2p_real       columns[MOST_SUMS * MOST_TAPS], kernel[MOST_TAPS * MOST_TAPS];

  for (int i = 0; i < c; i++)
    for (int o = first; o < end; o++)
      {
        const p2p_real *from = node->g + m * m * ((gsize) i * out + o);
        p2p_real       *to = node->inputs[0]->g + k * k * ((gsize) o * c + i);

        for (int y = 0; y < m; y++)
          collect (from + m * y, k, 1, columns + k * y);
        for (int x = 0; x < k; x++)
          collect (columns + x, k, k, kernel + x);
        for (int tap = 0; tap < k * k; tap++)
          to[tap] = (run->empty ? 0 : to[tap]) + kernel[tap];
      }
}

static void
backward_chunk (int      chunk,
                int      worker,
                gpointer data)
{
  const Backward *run = data;

  switch (run->node->inputs[0]->param->dims[2])
    {
    case 2: backward_channels (run, chunk * CHUNK, 2); break;
    case 3: backward_channels (run, chunk * CHUNK, 3); break;
    case 4: backward_channels (run, chunk * CHUNK, 4); break;
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
