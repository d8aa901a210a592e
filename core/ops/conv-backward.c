/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Backward of convolution and transposed convolution.
 *
 * Both have a larger picture P with p channels, a smaller picture Q with q channels, a weight
 * [q,p,k,k], stride s and padding pad.  A convolution computes Q from P, a transposed convolution
 * computes P from Q.
 *
 * The gradient of the input.  Each operation's backward is the other operation's forward, applied
 * to the gradient of the result with the same weight.  So the algorithms of conv-*.c compute it.
 *
 * The gradient of the weight.  The formula is the same for both operations.  Of P and Q, one is
 * here the input, and the other is the gradient of the result:
 *
 *   dW [q,p,y,x] = Σ Q [i,j,q] · P [i·s + y − pad, j·s + x − pad, p]
 *
 * The sum is over all pixels i, j of Q.  It is computed as matrix products over blocks of pixels:
 * for each pixel of Q, what its taps see of P is gathered.  With stride 1 the same sum can be taken
 * over the pixels of P, whose taps, in reverse order, see Q:
 *
 *   dW [q,p,k−1−y,k−1−x] = Σ P [i,j,p] · Q [i + y − (k−1−pad), j + x − (k−1−pad), q]
 *
 * So there P and Q are exchanged if Q has fewer channels, because less is gathered then.  A layer
 * of 7×7 taps from 32 channels to 3 gathers a tenth.
 *
 * Each chunk of work writes to sums of its own, so no two threads add to the same place. */

#include <string.h>

#include "conv.h"
#include "graph/arena.h"
#include "packed.h"
#include "transpose.h"

/* ---- Input ------------------------------------------------------------------------------ */

/* A node of the other operation, which computes the gradient of the input from dy, the gradient of
 * the result. */
typedef struct
{
  P2pConvAttr attr;
  P2pNode     dy, node;
} Mirror;

static void
make_mirror (const P2pNode *node,
             Mirror        *mirror)
{
  const P2pNode *x = node->inputs[P2P_CONV_X];

  mirror->attr = *p2p_conv_attr (node);
  mirror->attr.transposed = ! mirror->attr.transposed;
  mirror->dy = (P2pNode) { .graph = node->graph, .x = node->g,
                           .n = node->n, .h = node->h, .w = node->w, .c = node->c };
  mirror->node = (P2pNode) {
    .graph = node->graph, .attr = &mirror->attr, .x = x->g,
    .n = x->n, .h = x->h, .w = x->w, .c = x->c,
    .inputs = { &mirror->dy, node->inputs[P2P_CONV_WEIGHT] },
    .scratch_offset = node->backward_scratch_offset,
    .scratch_size = node->backward_scratch_size,
    .thread_scratch_size = node->backward_thread_scratch_size };
}

/* Elements of the prepared weight, rounded up so that an aligned buffer can follow. */
static gsize
prepared_size (const Mirror *mirror)
{
  gsize unit = P2P_ALIGN / sizeof (p2p_real);

  return (p2p_conv_choose (&mirror->node)->prepared_size (&mirror->node) + unit - 1) / unit * unit;
}

#define ADD_CHUNK 16384    /* elements */

static void
add_chunk (int      chunk,
           int      worker,
           gpointer data)
{
  const Mirror   *mirror = data;
  p2p_real       *to = mirror->node.g;
  const p2p_real *from = mirror->node.x;
  gsize           end = MIN ((chunk + (gsize) 1) * ADD_CHUNK, p2p_node_size (&mirror->node));

  for (gsize i = chunk * (gsize) ADD_CHUNK; i < end; i++)
    to[i] += from[i];
}

static void
backward_input (P2pGraph *graph,
                P2pNode  *node)
{
  P2pNode                *x = node->inputs[P2P_CONV_X];
  gboolean                empty = p2p_gradient_is_empty (x);
  const P2pConvAlgorithm *algorithm;
  p2p_real               *prepared;
  Mirror                  mirror;

  make_mirror (node, &mirror);
  algorithm = p2p_conv_choose (&mirror.node);
  prepared = p2p_node_scratch (&mirror.node) + p2p_conv_shared_size (&mirror.node, algorithm);
  algorithm->prepare (&mirror.node, prepared);

  if (! empty)
    {
      mirror.node.g = x->g;
      mirror.node.x = prepared + prepared_size (&mirror);
    }
  algorithm->forward (&mirror.node, prepared);
  if (! empty)
    p2p_parallel_for (graph->parallel, (p2p_node_size (x) + ADD_CHUNK - 1) / ADD_CHUNK, add_chunk,
                      &mirror);
}

/* ---- Weight ----------------------------------------------------------------------------- */

#define BLOCK_PIXELS  256
#define BLOCK_COLUMNS 256    /* in a chunk, k · k taps times channels of P are at most so many */
#define BLOCK_ROWS    256    /* the most channels of Q in a chunk */
#define ENOUGH_CHUNKS 16     /* the number to aim at, so that threads have work */

typedef struct
{
  const p2p_real *values;
  int             n, h, w, c;
} Picture;

/* The work is cut by channels of P and Q into parts of the weight.  Where this gives too few
 * chunks, each part is also cut by pixels.  Each chunk computes sums of its own, and the sums of a
 * part's chunks are then added in order. */
typedef struct
{
  P2pNode *node;
  gboolean empty;                     /* set the gradient instead of adding to it */
  Picture  p, q;                      /* from p is gathered, for each pixel of q */
  gboolean exchanged;                 /* p is the layer's Q, and q its P */
  int      pad;
  int      p_channels, q_channels;    /* of a chunk */
  int      p_splits, q_splits, pixel_splits;    /* into how many pieces each is cut */
  gsize    n_blocks;                  /* blocks of BLOCK_PIXELS pixels of Q */
  gsize    sums_size;                 /* elements of the sums of one chunk */
} Weight;

static void
find_weight_chunks (P2pNode *node,
                    Weight  *run)
{
  const P2pConvAttr *attr = p2p_conv_attr (node);
  const P2pNode     *x = node->inputs[P2P_CONV_X];
  const int          kk = attr->k * attr->k;
  const Picture      in = { x->x, x->n, x->h, x->w, x->c };
  const Picture      out = { node->g, node->n, node->h, node->w, node->c };
  const Picture     *p = attr->transposed ? &out : &in, *q = attr->transposed ? &in : &out;

  run->node = node;
  run->exchanged = attr->s == 1 && q->c < p->c;
  run->p = run->exchanged ? *q : *p;
  run->q = run->exchanged ? *p : *q;
  run->pad = run->exchanged ? attr->k - 1 - attr->p : attr->p;

  run->p_channels = CLAMP (BLOCK_COLUMNS / kk, 1, run->p.c);
  run->p_splits = (run->p.c + run->p_channels - 1) / run->p_channels;
  run->p_channels = (run->p.c + run->p_splits - 1) / run->p_splits;
  run->q_channels = MIN (BLOCK_ROWS, run->q.c);
  run->q_splits = (run->q.c + run->q_channels - 1) / run->q_channels;
  run->n_blocks = ((gsize) run->q.n * run->q.h * run->q.w + BLOCK_PIXELS - 1) / BLOCK_PIXELS;
  run->pixel_splits = CLAMP (ENOUGH_CHUNKS / (run->p_splits * run->q_splits), 1,
                             (int) run->n_blocks);
  while (run->p_splits * run->q_splits * run->pixel_splits < ENOUGH_CHUNKS
         && run->q_channels >= 32)
    {
      run->q_channels = (run->q_channels + 1) / 2;
      run->q_splits = (run->q.c + run->q_channels - 1) / run->q_channels;
    }
  run->sums_size = (gsize) kk * run->p_channels * run->q_channels;
}

/* Elements of the sums of all chunks. */
static gsize
weight_scratch_size (const Weight *run)
{
  return run->sums_size * run->p_splits * run->q_splits * run->pixel_splits;
}

/* Elements that a chunk gathers for one block of pixels. */
static gsize
weight_thread_scratch_size (const Weight *run)
{
  int k = p2p_conv_attr (run->node)->k;

  return (gsize) BLOCK_PIXELS * k * k * run->p_channels;
}

/* Gathers the pixels of P that the k×k taps of one pixel of Q see, in channels [first, first + n),
 * with zeros outside the picture.  Writes them to the array "to" [k,k,n].  pixel is the index of
 * the pixel among all pixels of Q in the batch. */
static void
gather (const Weight *run,
        gsize         pixel,
        int           first,
        int           n,
        p2p_real     *to)
{
  const P2pConvAttr *attr = p2p_conv_attr (run->node);
  const Picture     *p = &run->p;
  int                image = pixel / (run->q.h * run->q.w);
  int                top = pixel / run->q.w % run->q.h * attr->s - run->pad;
  int                left = pixel % run->q.w * attr->s - run->pad;
  gboolean           row_at_once = n == p->c && left >= 0 && left + attr->k <= p->w;

  for (int y = top; y < top + attr->k; y++)
    {
      gboolean        inside = y >= 0 && y < p->h;
      const p2p_real *row = p->values + ((gsize) image * p->h + (inside ? y : 0)) * p->w * p->c;

      if (inside && row_at_once)
        {
          memcpy (to, row + (gsize) left * n, attr->k * n * sizeof (p2p_real));
          to += attr->k * n;
          continue;
        }
      for (int x = left; x < left + attr->k; x++, to += n)
        if (! inside || x < 0 || x >= p->w)
          memset (to, 0, n * sizeof (p2p_real));
        else
          memcpy (to, row + (gsize) x * p->c + first, n * sizeof (p2p_real));
    }
}

/* A part of the weight: channels [p, p + n_p) of P and [q, q + n_q) of Q. */
typedef struct
{
  int p, n_p, q, n_q;
} Part;

static Part
find_part (const Weight *run,
           int           index)
{
  Part part = { index / run->q_splits * run->p_channels, 0,
                index % run->q_splits * run->q_channels, 0 };

  part.n_p = MIN (run->p_channels, run->p.c - part.p);
  part.n_q = MIN (run->q_channels, run->q.c - part.q);
  return part;
}

/* Computes the sums [q,k,k,p] over the pixels of a chunk. */
static void
weight_chunk (int      chunk,
              int      worker,
              gpointer data)
{
  const Weight *run = data;
  P2pNode      *node = run->node;
  Part          part = find_part (run, chunk / run->pixel_splits);
  int           columns = p2p_conv_attr (node)->k * p2p_conv_attr (node)->k * part.n_p;
  int           split = chunk % run->pixel_splits;
  gsize         first = run->n_blocks * split / run->pixel_splits * BLOCK_PIXELS;
  gsize         end = MIN (run->n_blocks * (split + 1) / run->pixel_splits * BLOCK_PIXELS,
                           (gsize) run->q.n * run->q.h * run->q.w);
  p2p_real     *gathered = p2p_node_backward_thread_scratch (node, worker);

  for (gsize start = first; start < end && part.n_q > 0; start += BLOCK_PIXELS)
    {
      int pixels = MIN (BLOCK_PIXELS, end - start);

      for (int i = 0; i < pixels; i++)
        gather (run, start + i, part.p, part.n_p, gathered + (gsize) i * columns);
      p2p_outer_products (part.n_q, columns, pixels, run->q.values + start * run->q.c + part.q,
                          run->q.c, gathered, columns, start > first,
                          p2p_node_backward_scratch (node) + chunk * run->sums_size, columns);
    }
}

/* Adds the sums [q,k·k,p] of a part to the weight's gradient. */
static void
add_part (const Weight   *run,
          const Part     *part,
          const p2p_real *sums)
{
  const int kk = p2p_conv_attr (run->node)->k * p2p_conv_attr (run->node)->k;
  p2p_real *gradient = run->node->inputs[P2P_CONV_WEIGHT]->g;

  for (int q = 0; q < part->n_q && ! run->exchanged; q++)
    p2p_transpose (sums + (gsize) q * kk * part->n_p, part->n_p, kk, part->n_p, ! run->empty,
                   gradient + ((gsize) (part->q + q) * run->p.c + part->p) * kk, kk);

  for (int q = 0; q < part->n_q && run->exchanged; q++)
    for (int t = kk - 1; t >= 0; t--)
      for (int p = 0; p < part->n_p; p++, sums++)
        {
          p2p_real *to = gradient + ((gsize) (part->p + p) * run->q.c + part->q + q) * kk + t;

          *to = (run->empty ? 0 : *to) + *sums;
        }
}

/* Adds up the sums of a part's chunks, and adds them to the weight's gradient. */
static void
part_chunk (int      index,
            int      worker,
            gpointer data)
{
  const Weight *run = data;
  const int     kk = p2p_conv_attr (run->node)->k * p2p_conv_attr (run->node)->k;
  const Part    part = find_part (run, index);
  p2p_real     *sums = p2p_node_backward_scratch (run->node)
                       + (gsize) index * run->pixel_splits * run->sums_size;

  for (int split = 1; split < run->pixel_splits; split++)
    for (int i = 0; i < kk * part.n_p * part.n_q; i++)
      sums[i] += sums[split * run->sums_size + i];
  add_part (run, &part, sums);
}

/* In order of preference: the first that suits is used.  When none suits, the gradient is computed
 * in blocks of pixels, as above. */
static const P2pConvWeight *const algorithms[] =
{
  &p2p_conv_weight_plain,
  &p2p_conv_weight_winograd,
};

static const P2pConvWeight *
choose_weight (P2pNode *node)
{
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (algorithms[i]->scratch_size (node))
      return algorithms[i];
  return NULL;
}

static void
backward_weight (P2pGraph *graph,
                 P2pNode  *node)
{
  const P2pConvWeight *algorithm = choose_weight (node);
  Weight               run;

  if (algorithm)
    {
      algorithm->add (node, p2p_node_backward_scratch (node));
      return;
    }
  find_weight_chunks (node, &run);
  run.empty = p2p_gradient_is_empty (node->inputs[P2P_CONV_WEIGHT]);
  p2p_parallel_for (graph->parallel, run.p_splits * run.q_splits * run.pixel_splits, weight_chunk,
                    &run);
  p2p_parallel_for (graph->parallel, run.p_splits * run.q_splits, part_chunk, &run);
}

/* ---- Bias ------------------------------------------------------------------------------- */

#define BIAS_CHUNK 1024    /* pixels */

static int
n_bias_chunks (const P2pNode *node)
{
  return ((gsize) node->n * node->h * node->w + BIAS_CHUNK - 1) / BIAS_CHUNK;
}

static void
bias_chunk (int      chunk,
            int      worker,
            gpointer data)
{
  P2pNode  *node = data;
  p2p_real *sums = p2p_node_backward_scratch (node) + (gsize) chunk * node->c;
  gsize     end = MIN ((chunk + (gsize) 1) * BIAS_CHUNK, (gsize) node->n * node->h * node->w);

  memset (sums, 0, node->c * sizeof (p2p_real));
  for (gsize i = chunk * (gsize) BIAS_CHUNK; i < end; i++)
    for (int k = 0; k < node->c; k++)
      sums[k] += node->g[i * node->c + k];
}

static void
backward_bias (P2pGraph *graph,
               P2pNode  *node)
{
  const p2p_real *sums = p2p_node_backward_scratch (node);
  P2pNode        *bias = node->inputs[P2P_CONV_BIAS];
  gboolean        empty = p2p_gradient_is_empty (bias);

  p2p_parallel_for (graph->parallel, n_bias_chunks (node), bias_chunk, node);
  for (int k = 0; k < node->c; k++)
    {
      double sum = 0.0;

      for (int i = 0; i < n_bias_chunks (node); i++)
        sum += sums[(gsize) i * node->c + k];
      bias->g[k] = (empty ? 0 : bias->g[k]) + sum;
    }
}

/* ---- All -------------------------------------------------------------------------------- */

void
p2p_conv_infer_backward (P2pNode *node)
{
  Mirror                  mirror;
  const P2pConvAlgorithm *algorithm;
  Weight                  run;

  make_mirror (node, &mirror);
  algorithm = p2p_conv_choose (&mirror.node);
  find_weight_chunks (node, &run);

  /* Shared scratch and prepared weight, as in forward, and room for the whole gradient of the
   * input: backward_input () computes it there when it must be added to a gradient that is not
   * empty. */
  node->backward_scratch_size = MAX (p2p_conv_shared_size (&mirror.node, algorithm)
                                     + prepared_size (&mirror) + p2p_node_size (&mirror.node),
                                     (gsize) n_bias_chunks (node) * node->c);
  node->backward_scratch_size = MAX (node->backward_scratch_size,
                                     choose_weight (node)
                                     ? choose_weight (node)->scratch_size (node)
                                     : weight_scratch_size (&run));
  node->backward_thread_scratch_size = MAX (algorithm->scratch_size (&mirror.node),
                                            weight_thread_scratch_size (&run));
}

void
p2p_conv_backward (P2pGraph *graph,
                   P2pNode  *node)
{
  if (node->inputs[P2P_CONV_BIAS] && node->inputs[P2P_CONV_BIAS]->g)
    backward_bias (graph, node);
  if (node->inputs[P2P_CONV_WEIGHT]->g)
    backward_weight (graph, node);
  if (node->inputs[P2P_CONV_X]->g)
    backward_input (graph, node);
}
