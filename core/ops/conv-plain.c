/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Convolutions of few pixels and many channels in training, such as the innermost layers of a
 * U-Net.  Nearly all their time is spent on reading the weights.  Weights change in each step, so
 * preparing them would take longer than it saves; they are multiplied where they lie.
 *
 * As in conv-backward.c, P with p channels is the larger picture, Q with q channels the smaller
 * one, and the weight is a matrix W [q, p·k·k].  The matrix C [pixels of Q, p·k·k] holds what each
 * pixel of Q sees of P.  Then
 *
 *   a convolution is               Q = C Wᵀ,
 *   a transposed convolution is    P = Q W, with the products of all taps that fall on the same
 *                                  pixel of P added up,
 *   the gradient of the weight is  Qᵀ C. */

#include <string.h>

#include "conv.h"
#include "dots.h"
#include "packed.h"

#define MOST_PIXELS 64     /* of Q in the whole batch */
#define ROWS        64     /* channels of Q in a chunk */
#define COLUMNS     256    /* k · k · channels of P in a chunk */

typedef struct
{
  P2pNode        *node;
  const P2pNode  *p, *q;
  const p2p_real *p_values, *q_values;    /* the values of P and Q, or their gradients */
  int             k, s, pad, pixels, columns;
  p2p_real       *matrix;                 /* C */
  p2p_real       *gradient;               /* of the weight */
  gboolean        empty;                  /* set the gradient instead of adding to it */
} Plain;

static void
find_roles (P2pNode *node,
            Plain   *run)
{
  const P2pConvAttr *attr = p2p_conv_attr (node);
  const P2pNode     *x = node->inputs[P2P_CONV_X];

  *run = (Plain) { node, attr->transposed ? node : x, attr->transposed ? x : node };
  run->k = attr->k;
  run->s = attr->s;
  run->pad = attr->p;
  run->pixels = run->q->n * run->q->h * run->q->w;
  run->columns = attr->k * attr->k * run->p->c;
}

static gboolean
suits (const P2pNode *node)
{
  Plain run;

  find_roles ((P2pNode *) node, &run);
  return node->graph->options.gradients && run.pixels <= MOST_PIXELS
         && (gsize) run.q->c * run.columns > (gsize) run.pixels * (run.q->c + run.columns);
}

static gsize
prepared_size (const P2pNode *node)
{
  return 0;
}

static void
prepare (P2pNode  *node,
         p2p_real *prepared)
{
}

/* Finds the pixel of P that tap t (0 to k·k − 1) of a pixel of Q sees.  Returns FALSE when it lies
 * outside the picture. */
static gboolean
find_tap (const Plain *run,
          int          pixel,
          int          t,
          gsize       *place)
{
  const P2pNode *q = run->q, *p = run->p;
  int            y = pixel / q->w % q->h * run->s - run->pad + t / run->k;
  int            x = pixel % q->w * run->s - run->pad + t % run->k;

  *place = ((gsize) (pixel / (q->h * q->w)) * p->h + y) * p->w + x;
  return y >= 0 && y < p->h && x >= 0 && x < p->w;
}

/* ---- Products with the matrix C --------------------------------------------------------- */

/* Computes one row of C, [p, k, k]: what one pixel of Q sees. */
static void
gather_pixel (int      pixel,
              int      worker,
              gpointer data)
{
  const Plain *run = data;
  int          kk = run->k * run->k, c = run->p->c;
  p2p_real    *row = run->matrix + (gsize) pixel * run->columns;

  for (int t = 0; t < kk; t++)
    {
      gsize           place;
      gboolean        inside = find_tap (run, pixel, t, &place);
      const p2p_real *from = run->p_values + place * c;

      for (int i = 0; i < c; i++)
        row[i * kk + t] = inside ? from[i] : 0;
    }
}

static void
down_chunk (int      chunk,
            int      worker,
            gpointer data)
{
  const Plain   *run = data;
  P2pNode       *node = run->node;
  const P2pNode *bias = node->inputs[P2P_CONV_BIAS];
  int            q = chunk * ROWS, n = MIN (ROWS, node->c - q);

  for (int i = 0; i < run->pixels; i++)
    for (int j = 0; j < n; j++)
      node->x[(gsize) i * node->c + q + j] = bias ? bias->x[q + j] : 0;
  p2p_dot_products (run->pixels, n, run->columns, run->matrix, run->columns,
                    node->inputs[P2P_CONV_WEIGHT]->x + (gsize) q * run->columns, run->columns,
                    node->x + q, node->c);
}

static void
weight_chunk (int      chunk,
              int      worker,
              gpointer data)
{
  const Plain *run = data;
  int          q = chunk * ROWS, n = MIN (ROWS, run->q->c - q);

  p2p_outer_products (n, run->columns, run->pixels, run->q_values + q, run->q->c, run->matrix,
                      run->columns, ! run->empty, run->gradient + (gsize) q * run->columns,
                      run->columns);
}

static void
run_with_matrix (Plain        *run,
                 p2p_real     *matrix,
                 P2pChunkFunc  func)
{
  P2pParallel *parallel = run->node->graph->parallel;

  run->matrix = matrix;
  p2p_parallel_for (parallel, run->pixels, gather_pixel, run);
  p2p_parallel_for (parallel, (run->q->c + ROWS - 1) / ROWS, func, run);
}

static gsize
weight_scratch_size (P2pNode *node)
{
  Plain run;

  find_roles (node, &run);
  return suits (node) ? (gsize) run.pixels * run.columns : 0;
}

static void
add_weight (P2pNode  *node,
            p2p_real *scratch)
{
  P2pNode *weight = node->inputs[P2P_CONV_WEIGHT], *x = node->inputs[P2P_CONV_X];
  Plain    run;

  find_roles (node, &run);
  run.p_values = run.p == x ? x->x : node->g;
  run.q_values = run.q == x ? x->x : node->g;
  run.gradient = weight->g;
  run.empty = p2p_gradient_is_empty (weight);
  run_with_matrix (&run, scratch, weight_chunk);
}

/* ---- Transposed convolution ------------------------------------------------------------- */

static int
up_channels (const Plain *run)
{
  return CLAMP (COLUMNS / (run->k * run->k), 1, run->p->c);
}

/* Computes some channels of P: first the products of each pixel of Q with all taps, and then the
 * sums of the products that fall on each pixel of P. */
static void
up_chunk (int      chunk,
          int      worker,
          gpointer data)
{
  const Plain   *run = data;
  P2pNode       *node = run->node;
  const P2pNode *bias = node->inputs[P2P_CONV_BIAS];
  int            kk = run->k * run->k, c = node->c;
  int            p = chunk * up_channels (run), n = MIN (up_channels (run), c - p);
  p2p_real      *products = p2p_node_thread_scratch (node, worker);

  p2p_multiply (run->pixels, n * kk, run->q->c, run->q_values, run->q->c,
                node->inputs[P2P_CONV_WEIGHT]->x + (gsize) p * kk, run->columns, FALSE, products,
                n * kk);
  for (gsize i = 0; i < (gsize) node->n * node->h * node->w; i++)
    for (int j = 0; j < n; j++)
      node->x[i * c + p + j] = bias ? bias->x[p + j] : 0;
  for (int pixel = 0; pixel < run->pixels; pixel++, products += n * kk)
    for (int t = 0; t < kk; t++)
      {
        gsize place;

        if (find_tap (run, pixel, t, &place))
          for (int j = 0; j < n; j++)
            node->x[place * c + p + j] += products[j * kk + t];
      }
}

/* ---- Forward ---------------------------------------------------------------------------- */

static gsize
shared_size (const P2pNode *node)
{
  Plain run;

  find_roles ((P2pNode *) node, &run);
  return p2p_conv_attr (node)->transposed ? 0 : (gsize) run.pixels * run.columns;
}

static gsize
scratch_size (const P2pNode *node)
{
  Plain run;

  find_roles ((P2pNode *) node, &run);
  return p2p_conv_attr (node)->transposed
         ? (gsize) run.pixels * up_channels (&run) * run.k * run.k : 0;
}

static void
forward (P2pNode        *node,
         const p2p_real *prepared)
{
  const P2pNode *x = node->inputs[P2P_CONV_X];
  Plain          run;

  find_roles (node, &run);
  run.p_values = run.q_values = x->x;
  if (p2p_conv_attr (node)->transposed)
    p2p_parallel_for (node->graph->parallel,
                      (node->c + up_channels (&run) - 1) / up_channels (&run), up_chunk, &run);
  else
    run_with_matrix (&run, p2p_node_scratch (node), down_chunk);
}

const P2pConvAlgorithm p2p_conv_plain =
{
  "plain", P2P_FORM_PACKED, suits, prepared_size, shared_size, scratch_size, prepare, forward
};

const P2pConvWeight p2p_conv_weight_plain = { weight_scratch_size, add_weight };
