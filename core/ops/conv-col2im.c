/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A transposed convolution to few channels (a generator's last layer): one matrix product gives all
 * taps of each input pixel, and each output picks up those that fall on it (col2im).
 *
 * x [n,h,w,c] → y [n,h',w',out]; the weight [c,out,k,k] is a matrix [c][out·k·k] as it is. */

#include "blas.h"
#include "conv.h"

#define MOST_COLUMNS 64    /* out · k · k: above, gathering is faster */
#define BLOCK_HEIGHT 16    /* in outputs of a phase */
#define BLOCK_WIDTH  64

static int
n_columns (const P2pNode *node)
{
  return node->c * p2p_conv_attr (node)->k * p2p_conv_attr (node)->k;
}

static gboolean
suits (const P2pNode *node)
{
  return p2p_conv_attr (node)->transposed && n_columns (node) <= MOST_COLUMNS;
}

static gsize
prepared_size (const P2pNode *node)
{
  return node->inputs[P2P_CONV_WEIGHT]->param->n;
}

static void
prepare (P2pNode  *node,
         p2p_real *prepared)
{
  p2p_param_read (node->inputs[P2P_CONV_WEIGHT]->param, 0, prepared_size (node), prepared);
}

/* The offsets at which any phase reads the input. */
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

static gsize
scratch_size (const P2pNode *node)
{
  int least, most;

  reach (node, &least, &most);
  return (gsize) (BLOCK_HEIGHT + most - least) * (BLOCK_WIDTH + most - least) * n_columns (node);
}

typedef struct
{
  P2pNode        *node;
  const p2p_real *prepared;
  int             across, down;    /* blocks */
} Forward;

/* The part of the input that a block sees, and its products [height, width, out·k·k]. */
typedef struct
{
  int       top, left, height, width;
  p2p_real *products;
} Window;

static void
multiply_window (P2pNode        *node,
                 const p2p_real *prepared,
                 int             image,
                 const Window   *window)
{
  const P2pNode *x = node->inputs[P2P_CONV_X];
  int            n = n_columns (node);

  for (int i = 0; i < window->height; i++)
    p2p_gemm (window->width, n, x->c,
              x->x + (((gsize) image * x->h + window->top + i) * x->w + window->left) * x->c, x->c,
              prepared, n, 0, window->products + (gsize) i * window->width * n, n);
}

/* Adds up the products that fall on one output. */
static void
sum_taps (const P2pNode *node,
          const Window  *window,
          const P2pTaps *taps_y,
          const P2pTaps *taps_x,
          int            row,
          int            column,
          p2p_real      *y)
{
  int k = p2p_conv_attr (node)->k, n = n_columns (node);

  for (int i = 0; i < taps_y->n; i++)
    for (int j = 0; j < taps_x->n; j++)
      {
        int             iy = row + taps_y->offset[i] - window->top;
        int             ix = column + taps_x->offset[j] - window->left;
        const p2p_real *product = window->products + ((gsize) iy * window->width + ix) * n
                                  + taps_y->tap[i] * k + taps_x->tap[j];

        if (iy < 0 || iy >= window->height || ix < 0 || ix >= window->width)
          continue;
        for (int o = 0; o < node->c; o++)
          y[o] += product[o * k * k];
      }
}

static void
forward_chunk (int      chunk,
               int      worker,
               gpointer data)
{
  const Forward *run = data;
  P2pNode       *node = run->node;
  const P2pNode *x = node->inputs[P2P_CONV_X], *bias = node->inputs[P2P_CONV_BIAS];
  int            n_phases = p2p_conv_n_phases (node);
  int            image = chunk / (run->across * run->down);
  int            top = chunk / run->across % run->down * BLOCK_HEIGHT;
  int            left = chunk % run->across * BLOCK_WIDTH;
  int            bottom = MIN ((top + BLOCK_HEIGHT) * n_phases, node->h);
  int            right = MIN ((left + BLOCK_WIDTH) * n_phases, node->w);
  Window         window = { .products = p2p_node_thread_scratch (node, worker) };
  P2pTaps        taps[P2P_MAX_KERNEL];
  int            least, most;

  reach (node, &least, &most);
  window.top = MAX (top + least, 0);
  window.left = MAX (left + least, 0);
  window.height = MIN (top + BLOCK_HEIGHT + most, x->h) - window.top;
  window.width = MIN (left + BLOCK_WIDTH + most, x->w) - window.left;
  multiply_window (node, run->prepared, image, &window);

  for (int phase = 0; phase < n_phases; phase++)
    p2p_conv_taps (node, phase, &taps[phase]);
  for (int oy = top * n_phases; oy < bottom; oy++)
    for (int ox = left * n_phases; ox < right; ox++)
      {
        p2p_real *y = node->x + (((gsize) image * node->h + oy) * node->w + ox) * node->c;

        for (int o = 0; o < node->c; o++)
          y[o] = bias ? bias->x[o] : 0;
        sum_taps (node, &window, &taps[oy % n_phases], &taps[ox % n_phases], oy / n_phases,
                  ox / n_phases, y);
      }
}

static void
forward (P2pNode        *node,
         const p2p_real *prepared)
{
  int     n_phases = p2p_conv_n_phases (node);
  int     width = BLOCK_WIDTH * n_phases, height = BLOCK_HEIGHT * n_phases;
  Forward run = { node, prepared, (node->w + width - 1) / width,
                  (node->h + height - 1) / height };

  p2p_parallel_for (node->graph->parallel, node->n * run.across * run.down, forward_chunk, &run);
}

const P2pConvAlgorithm p2p_conv_col2im =
{
  "gemm + col2im", P2P_FORM_PACKED, suits, prepared_size, NULL, scratch_size, prepare, forward
};
