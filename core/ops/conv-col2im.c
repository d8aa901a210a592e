/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Convolutions with few output channels, such as a generator's last layer (col2im, along rows
 * only).
 *
 * A packed matrix with only 3 columns, the colors of an output, would leave most of a panel empty
 * (packed.c).  Here the columns are all pairs of a horizontal tap and an output channel: a 7×7
 * convolution to 3 channels has 7 · 3 = 21 columns.  Each row of outputs takes one matrix product,
 * which has a row for each position across the input.  A row of it holds the products with all k
 * horizontal taps, each of which is already the sum over the vertical taps and the input channels.
 * Each output then adds up the products that belong to it:
 *
 *   k 3, padding 1:   y [i] = product [i−1, tap 0] + product [i, tap 1] + product [i+1, tap 2]
 *
 * x [n,h,w,c] → y [n,h',w',out].  The prepared weight has a packed matrix
 * [vertical taps · c, k · out] for each vertical phase (phases are explained in conv.h). */

#include <string.h>

#include "conv.h"
#include "packed.h"

#define MOST_COLUMNS 32     /* k · out */
#define BLOCK_WIDTH  128    /* outputs of each phase that a chunk computes */

static int
n_columns (const P2pNode *node)
{
  return node->c * p2p_conv_attr (node)->k;
}

static gboolean
suits (const P2pNode *node)
{
  const P2pConvAttr *attr = p2p_conv_attr (node);

  return (attr->transposed || attr->s == 1) && attr->k > 1 && n_columns (node) <= MOST_COLUMNS;
}

/* Elements of the prepared weight that come before the matrix of a vertical phase. */
static gsize
phase_start (const P2pNode *node,
             int            phase)
{
  gsize start = 0;

  for (int i = 0; i < phase; i++)
    {
      P2pTaps taps;

      p2p_conv_taps (node, i, &taps);
      start += p2p_packed_size (taps.n * node->inputs[P2P_CONV_X]->c, n_columns (node));
    }
  return start;
}

static gsize
prepared_size (const P2pNode *node)
{
  return phase_start (node, p2p_conv_n_phases (node));
}

static void
prepare (P2pNode  *node,
         p2p_real *prepared)
{
  int      c = node->inputs[P2P_CONV_X]->c, k = p2p_conv_attr (node)->k;
  int      width = p2p_packed_width (n_columns (node));
  p2p_real kernels[MOST_COLUMNS * P2P_MAX_KERNEL];

  memset (prepared, 0, prepared_size (node) * sizeof (p2p_real));
  for (int phase = 0; phase < p2p_conv_n_phases (node); phase++)
    {
      p2p_real *part = prepared + phase_start (node, phase);
      P2pTaps   taps;

      p2p_conv_taps (node, phase, &taps);
      for (int in = 0; in < c; in++)
        {
          p2p_conv_read_kernels (node, in, 1, 0, node->c, kernels);
          for (int ty = 0; ty < taps.n; ty++)
            for (int tx = 0; tx < k; tx++)
              for (int o = 0; o < node->c; o++)
                part[p2p_packed_place (width, taps.n * c, ty * c + in, tx * node->c + o)] =
                  kernels[(o * k + taps.tap[ty]) * k + tx];
        }
    }
}

/* Finds the least and the greatest offset at which any phase reads the input, on one axis. */
static void
reach (const P2pNode *node,
       int           *least,
       int           *most)
{
  *least = G_MAXINT;
  *most = G_MININT;
  for (int phase = 0; phase < p2p_conv_n_phases (node); phase++)
    {
      P2pTaps taps;

      p2p_conv_taps (node, phase, &taps);
      if (taps.n)
        {
          *least = MIN (*least, taps.offset[0]);
          *most = MAX (*most, taps.offset[taps.n - 1]);
        }
    }
}

static int
window_width (const P2pNode *node)
{
  int least, most;

  reach (node, &least, &most);
  return BLOCK_WIDTH + most - least;
}

/* Room for the pointers to input pixels, for the products, and for p2p_packed_multiply (). */
static gsize
scratch_size (const P2pNode *node)
{
  gsize width = window_width (node);

  return width * P2P_MAX_KERNEL * sizeof (gpointer) / sizeof (p2p_real) + width * n_columns (node)
         + p2p_packed_scratch (width);
}

typedef struct
{
  P2pNode        *node;
  const p2p_real *prepared;
  int             across;    /* blocks in a row of outputs */
} Forward;

/* Computes the products [width, k · out] for a row of outputs, from the input columns [left, left +
 * width).  Returns FALSE, with products left as they are, when no vertical tap of the row reaches
 * the picture. */
static gboolean
multiply_row (const Forward   *run,
              int              image,
              int              row,
              int              left,
              int              width,
              const p2p_real **from,
              p2p_real        *products,
              p2p_real        *scratch)
{
  const P2pNode *node = run->node, *x = node->inputs[P2P_CONV_X];
  int            n_phases = p2p_conv_n_phases (node), phase = row % n_phases, first, end;
  P2pRows        rows = { width, 0, x->c, from };
  P2pPacked      weight = { run->prepared + phase_start (node, phase), 0, n_columns (node) };
  P2pTaps        taps;

  p2p_conv_taps (node, phase, &taps);
  for (first = 0; first < taps.n && row / n_phases + taps.offset[first] < 0; first++)
    ;
  for (end = taps.n; end > first && row / n_phases + taps.offset[end - 1] >= x->h; end--)
    ;
  if (first == end)
    return FALSE;

  for (int tap = first; tap < end; tap++)
    for (int i = 0; i < width; i++)
      from[(tap - first) * width + i] =
        x->x + (((gsize) image * x->h + row / n_phases + taps.offset[tap]) * x->w + left + i)
               * x->c;
  rows.n_segments = end - first;
  weight.k = taps.n * x->c;
  p2p_packed_multiply (&rows, &weight, first * x->c, 0, weight.n, FALSE, products, weight.n,
                       scratch);
  return TRUE;
}

/* Adds the products that belong to one output pixel to y, the channels of this pixel.  taps are
 * those of the pixel's horizontal phase.  column is the place of the pixel in its row, where only
 * outputs of this phase count.  products cover the input columns [left, left + width). */
static void
sum_taps (const P2pNode  *node,
          const P2pTaps  *taps,
          int             column,
          int             left,
          int             width,
          const p2p_real *products,
          p2p_real       *y)
{
  int out = node->c, n = n_columns (node);

  for (int i = 0; i < taps->n; i++)
    {
      int             ix = column + taps->offset[i] - left;
      const p2p_real *product = products + (gsize) ix * n + taps->tap[i] * out;

      if (ix < 0 || ix >= width)
        continue;
      for (int o = 0; o < out; o++)
        y[o] += product[o];
    }
}

static void
forward_chunk (int      chunk,
               int      worker,
               gpointer data)
{
  const Forward   *run = data;
  P2pNode         *node = run->node;
  const P2pNode   *x = node->inputs[P2P_CONV_X], *bias = node->inputs[P2P_CONV_BIAS];
  int              n_phases = p2p_conv_n_phases (node), least, most;
  int              image = chunk / run->across / node->h, row = chunk / run->across % node->h;
  int              left = chunk % run->across * BLOCK_WIDTH;
  int              right = MIN ((left + BLOCK_WIDTH) * n_phases, node->w), first, width;
  const p2p_real **from = (const p2p_real **) p2p_node_thread_scratch (node, worker);
  p2p_real        *products = (p2p_real *) (from + window_width (node) * P2P_MAX_KERNEL);
  p2p_real        *y = node->x + (((gsize) image * node->h + row) * node->w + left * n_phases)
                                 * node->c;
  P2pTaps          taps[P2P_MAX_KERNEL];

  reach (node, &least, &most);
  first = MAX (left + least, 0);
  width = MIN (left + BLOCK_WIDTH + most, x->w) - first;
  if (width <= 0
      || ! multiply_row (run, image, row, first, width, from, products,
                         products + window_width (node) * n_columns (node)))
    width = 0;

  for (int phase = 0; phase < n_phases; phase++)
    p2p_conv_taps (node, phase, &taps[phase]);
  for (int i = left * n_phases; i < right; i++, y += node->c)
    {
      for (int o = 0; o < node->c; o++)
        y[o] = bias ? bias->x[o] : 0;
      sum_taps (node, &taps[i % n_phases], i / n_phases, first, width, products, y);
    }
}

static void
forward (P2pNode        *node,
         const p2p_real *prepared)
{
  int     width = BLOCK_WIDTH * p2p_conv_n_phases (node);
  Forward run = { node, prepared, (node->w + width - 1) / width };

  p2p_parallel_for (node->graph->parallel, node->n * node->h * run.across, forward_chunk, &run);
}

const P2pConvAlgorithm p2p_conv_col2im =
{
  "taps as columns", P2P_FORM_PACKED, suits, prepared_size, NULL, scratch_size, prepare, forward
};
