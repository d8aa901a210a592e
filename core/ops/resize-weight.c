/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The weight with which a transposed convolution does what a picture's doubling and a convolution
 * do: weight [out,c,k,k] → [c,out,4,4].
 *
 * k = 3, doubled by nearest neighbor: each pixel covers two on an axis, so the kernel on the
 * doubled picture reads two pixels of the picture itself: one under one of its taps, and one under
 * two, whose sum is all that counts.  By output pixels, on one axis:
 *
 *   taps of the convolution   0  1  2            output 2i:     0 on pixel i − 1, 1 + 2 on i
 *                                                output 2i + 1: 0 + 1 on pixel i, 2 on i + 1
 *
 * A transposed convolution of stride 2 and padding 1 puts its tap t of pixel i on output
 * 2i − 1 + t, so its taps are 2, 1 + 2, 0 + 1 and 0.  Beyond the picture's edge are zeros for
 * both.
 *
 * k = 2, doubled by linear interpolation: means of neighbors lie between them, which is nearest
 * neighbor and the mean of two.  So a kernel of 2 taps is one of 3 there: half of 0, 0 + 1 and 1.
 * A doubled picture has copies of its spectrum around each frequency of the grid of period 2.  The
 * nearest neighbor keeps these copies' slopes, which show as a faint grid wherever colors run into
 * each other; linear interpolation takes the slopes, too. */

#include "ops.h"

#define CHUNK 8    /* channels */

/* Along one axis: k taps, step apart → four. */
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

/* The gradients of k taps, step apart, of those of the four that they make. */
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

/* The 4×4 kernels of some input channels. */
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
  gboolean  empty;    /* the weight's gradient is set, not added to */
} Backward;

/* The gradients of the k×k kernels of some output channels. */
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
