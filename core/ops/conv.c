/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Convolution and transposed convolution: the builders, the shapes, the choice of an algorithm, and
 * the weights prepared for that algorithm.  The arithmetic is in conv-*.c. */

#include <string.h>

#include "base/memory.h"
#include "base/intl.h"
#include "conv.h"
#include "graph/arena.h"
#include "p2p.h"

/* In order of preference: the first that suits is used.  The last suits every convolution. */
static const P2pConvAlgorithm *const algorithms[] =
{
  &p2p_conv_col2im,
  &p2p_conv_plain,
  &p2p_conv_winograd,
  &p2p_conv_direct,
};

typedef struct
{
  P2pConvAttr shape;    /* must be first: p2p_conv_attr () returns it */
  int         out, extra;
} Attr;

const P2pConvAlgorithm *
p2p_conv_choose (const P2pNode *node)
{
  int i = 0;

  while (! algorithms[i]->suits (node))
    i++;
  return algorithms[i];
}

int
p2p_conv_n_phases (const P2pNode *node)
{
  const P2pConvAttr *attr = p2p_conv_attr (node);

  return attr->transposed ? attr->s : 1;
}

void
p2p_conv_taps (const P2pNode *node,
               int            phase,
               P2pTaps       *taps)
{
  const P2pConvAttr *attr = p2p_conv_attr (node);

  taps->n = 0;
  for (int i = 0; i < attr->k; i++)
    {
      /* A transposed convolution adds input i, times the weight of a tap, to output
       * i · s − p + tap.  So output o · s + phase reads input o + (phase + p − tap) / s.  A tap
       * for which this is not an integer belongs to another phase. */
      int tap = attr->transposed ? attr->k - 1 - i : i;
      int offset = attr->transposed ? phase + attr->p - tap : tap - attr->p;

      if (attr->transposed && offset % attr->s != 0)
        continue;
      taps->tap[taps->n] = tap;
      taps->offset[taps->n++] = attr->transposed ? offset / attr->s : offset;
    }
}

/* Reads n elements of a weight from element start on.  The weight is a parameter, or a value that
 * another op has computed from one. */
static void
read_values (const P2pNode *weight,
             gsize          start,
             gsize          n,
             p2p_real      *values)
{
  if (weight->param)
    p2p_param_read (weight->param, start, n, values);
  else
    memcpy (values, weight->x + start, n * sizeof (p2p_real));
}

static void
read_halves (const P2pNode *weight,
             gsize          start,
             gsize          n,
             guint16       *halves)
{
  p2p_param_read_halves (weight->param, start, n, halves);
}

/* In the weight [out,c,k,k] of a convolution the kernels of consecutive inputs are adjacent and
 * read at once.  In [c,out,k,k] of a transposed one they are not, and each kernel is read by
 * itself. */
#define READ_KERNELS(read)                                                                      \
  const P2pNode     *weight = node->inputs[P2P_CONV_WEIGHT];                                    \
  const P2pConvAttr *attr = p2p_conv_attr (node);                                               \
  gsize              kk = attr->k * attr->k;                                                    \
                                                                                                \
  for (int o = 0; o < n_out; o++)                                                               \
    if (attr->transposed)                                                                       \
      for (int i = 0; i < n_in; i++)                                                            \
        read (weight, ((gsize) (in + i) * node->c + out + o) * kk, kk,                          \
              kernels + (o * n_in + i) * kk);                                                   \
    else                                                                                        \
      read (weight, ((gsize) (out + o) * node->inputs[P2P_CONV_X]->c + in) * kk, n_in * kk,     \
            kernels + o * n_in * kk)

void
p2p_conv_read_kernels (const P2pNode *node,
                       int            in,
                       int            n_in,
                       int            out,
                       int            n_out,
                       p2p_real      *kernels)
{
  READ_KERNELS (read_values);
}

void
p2p_conv_read_halves (const P2pNode *node,
                      int            in,
                      int            n_in,
                      int            out,
                      int            n_out,
                      guint16       *kernels)
{
  READ_KERNELS (read_halves);
}

gsize
p2p_conv_shared_size (const P2pNode          *node,
                      const P2pConvAlgorithm *algorithm)
{
  gsize size = algorithm->shared_size ? algorithm->shared_size (node) : 0;
  gsize unit = P2P_ALIGN / sizeof (p2p_real);

  return (size + unit - 1) / unit * unit;
}

static int
output_side (int         side,
             const Attr *attr)
{
  const P2pConvAttr *shape = &attr->shape;

  if (shape->transposed)
    return (side - 1) * shape->s - 2 * shape->p + shape->k + attr->extra;
  if (side + 2 * shape->p < shape->k)
    return 0;
  return (side + 2 * shape->p - shape->k) / shape->s + 1;
}

static gboolean
infer (P2pGraph  *graph,
       P2pNode   *node,
       GError   **error)
{
  const Attr             *attr = node->attr;
  const P2pNode          *x = node->inputs[P2P_CONV_X];
  const P2pConvAlgorithm *algorithm;

  node->n = x->n;
  node->h = output_side (x->h, attr);
  node->w = output_side (x->w, attr);
  node->c = attr->out;
  if (node->h < 1 || node->w < 1)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("%d×%d pixels are too few for this network"), x->w, x->h);
      return FALSE;
    }

  algorithm = p2p_conv_choose (node);
  node->algorithm = algorithm->name;
  node->scratch_size = p2p_conv_shared_size (node, algorithm);
  if (graph->options.gradients)
    {
      node->scratch_size += algorithm->prepared_size (node);
      p2p_conv_infer_backward (node);
    }
  else
    node->prepared_size = algorithm->prepared_size (node);
  node->thread_scratch_size = algorithm->scratch_size (node);
  node->flops = 2.0 * attr->shape.k * attr->shape.k * x->c * attr->out * node->n
                * (attr->shape.transposed ? (double) x->h * x->w : (double) node->h * node->w);
  return TRUE;
}

/* The parameter that is the weight, or from which the weight is computed. */
static P2pParam *
weight_param (const P2pNode *node)
{
  const P2pNode *weight = node->inputs[P2P_CONV_WEIGHT];

  return weight->op ? weight->inputs[0]->param : weight->param;
}

/* Returns where the pointer to the prepared weight is kept.  The pointer is NULL until reserve ()
 * allocates the memory.  Training does not use it, but prepares weights in the node's scratch. */
static p2p_real **
prepared_place (P2pNode                *node,
                const P2pConvAlgorithm *algorithm)
{
  P2pGraph *graph = node->graph;
  P2pParam *param = weight_param (node);

  return graph->options.once ? &graph->once : &param->prepared[algorithm->form];
}

static gboolean
reserve (P2pGraph  *graph,
         P2pNode   *node,
         GError   **error)
{
  p2p_real **place = prepared_place (node, p2p_conv_choose (node));
  gsize      n_bytes = node->prepared_size * sizeof (p2p_real);

  if (graph->options.gradients || *place)
    return TRUE;
  *place = p2p_memory_pages (P2P_FOR_MODEL, graph->options.once ? graph->prepared : n_bytes,
                             error);
  return *place != NULL;
}

/* Returns the weight in the form that the algorithm reads.  It is prepared on first use and kept;
 * with options.once it is prepared for this forward only; in training, where weights change, it is
 * prepared each time.  Returns NULL when the forward was cancelled during the preparation. */
static const p2p_real *
prepared_weight (P2pNode                *node,
                 const P2pConvAlgorithm *algorithm)
{
  P2pGraph  *graph = node->graph;
  P2pNode   *weight = node->inputs[P2P_CONV_WEIGHT];
  P2pParam  *param = weight_param (node);
  p2p_real **place = prepared_place (node, algorithm);
  gboolean  *is_prepared = &param->is_prepared[algorithm->form];

  if (graph->options.gradients)
    {
      p2p_real *prepared = p2p_node_scratch (node) + p2p_conv_shared_size (node, algorithm);

      algorithm->prepare (node, prepared);
      return prepared;
    }
  if (*is_prepared && ! graph->options.once)
    return *place;

  if (weight->op)
    weight->op->forward (graph, weight);
  algorithm->prepare (node, *place);
  *is_prepared = ! graph->options.once;
  if (! p2p_parallel_is_cancelled (graph->parallel))
    return *place;

  p2p_param_drop_prepared (param);
  return NULL;
}

static void
forward (P2pGraph *graph,
         P2pNode  *node)
{
  const P2pConvAlgorithm *algorithm = p2p_conv_choose (node);
  const p2p_real         *prepared = prepared_weight (node, algorithm);

  if (prepared)
    algorithm->forward (node, prepared);
}

static const P2pOp conv_op =
{
  "conv", P2P_BACKWARD_READS_INPUTS, infer, forward, p2p_conv_backward, reserve
};

static const P2pOp conv_transpose_op =
{
  "conv_transpose", P2P_BACKWARD_READS_INPUTS, infer, forward, p2p_conv_backward, reserve
};

/* Declares or finds the parameter "weight" of the scope at.  out_dim tells which of its dimensions
 * counts the output channels: 0 for a convolution, 1 for a transposed convolution. */
static P2pNode *
add_weight (P2pAt          at,
            const P2pNode *x,
            int            out,
            int            out_dim,
            int            k)
{
  P2pNode *weight = p2p_weight (at, "weight", P2P_TRAINABLE, 4,
                                (int[]) { out_dim ? x->c : out, out_dim ? out : x->c, k, k },
                                (P2pInit) { 0.0, 0.02 });

  if (weight)
    weight->param->out_dim = out_dim;
  return weight;
}

static P2pNode *
append (P2pAt       at,
        P2pNode    *x,
        P2pNode    *weight,
        const Attr *attr,
        gboolean    bias)
{
  P2pNode *inputs[] = { x, weight, NULL };
  gboolean transposed = attr->shape.transposed;

  if (bias)
    inputs[P2P_CONV_BIAS] = p2p_weight (at, "bias", P2P_TRAINABLE, 1, &attr->out,
                                        (P2pInit) { 0.0, 0.0 });
  return p2p_append (at, transposed ? &conv_transpose_op : &conv_op, inputs, 3, bias ? 3 : 2,
                     attr, sizeof *attr);
}

P2pNode *
p2p_conv (P2pAt    at,
          P2pNode *x,
          int      out,
          int      k,
          int      s,
          int      p,
          gboolean bias)
{
  Attr attr = { { k, s, p, FALSE }, out, 0 };

  g_return_val_if_fail (k <= P2P_MAX_KERNEL, NULL);

  return x ? append (at, x, add_weight (at, x, out, 0, k), &attr, bias) : NULL;
}

P2pNode *
p2p_conv_transpose (P2pAt    at,
                    P2pNode *x,
                    int      out,
                    int      k,
                    int      s,
                    int      p,
                    int      extra,
                    gboolean bias)
{
  Attr attr = { { k, s, p, TRUE }, out, extra };

  g_return_val_if_fail (k <= P2P_MAX_KERNEL, NULL);

  return x ? append (at, x, add_weight (at, x, out, 1, k), &attr, bias) : NULL;
}

P2pNode *
p2p_conv_resize (P2pAt    at,
                 P2pNode *x,
                 int      out,
                 int      k,
                 gboolean bias)
{
  Attr     attr = { { 4, 2, 1, TRUE }, out, 0 };
  P2pNode *weight = x ? add_weight (at, x, out, 0, k) : NULL;

  g_return_val_if_fail (k == 2 || k == 3, NULL);

  if (! weight)
    return NULL;
  weight->param->resized = TRUE;
  return append (at, x, p2p_resize_weight (at, weight), &attr, bias);
}
