/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Losses: each is the mean of a term over all elements, a value [1,1,1,1].  All losses share one op
 * and differ only in two functions, the term and its slope.  Each chunk is summed in double
 * precision, and the chunks' sums are added in order, so that the result does not depend on the
 * threads. */

#include <math.h>

#include "base/intl.h"
#include "ops.h"
#include "p2p.h"

#define CHUNK 16384    /* elements */

/* The term of one element x and its derivative with respect to x.  t is the target: the element of
 * the second input at the same place, or the same number for all elements. */
typedef struct
{
  const char *name;
  double   (* term)  (double x, double t);
  double   (* slope) (double x, double t);
} Loss;

typedef struct
{
  const Loss *loss;
  double      target;    /* used when there is no second input */
} Attr;

enum { X, TARGET };

static double
l1_term (double x,
         double t)
{
  return fabs (x - t);
}

static double
l1_slope (double x,
          double t)
{
  return (x > t) - (x < t);
}

static double
bce_term (double x,
          double t)
{
  return MAX (x, 0.0) - t * x + log1p (exp (-fabs (x)));
}

static double
bce_slope (double x,
           double t)
{
  return 1.0 / (1.0 + exp (-x)) - t;
}

static double
mse_term (double x,
          double t)
{
  return (x - t) * (x - t);
}

static double
mse_slope (double x,
           double t)
{
  return 2.0 * (x - t);
}

static double
hinge_term (double x,
            double t)
{
  return MAX (0.0, 1.0 - t * x);
}

static double
hinge_slope (double x,
             double t)
{
  return t * x < 1.0 ? -t : 0.0;
}

static double
linear_term (double x,
             double t)
{
  return -t * x;
}

static double
linear_slope (double x,
              double t)
{
  return -t;
}

static const Loss l1 = { "l1", l1_term, l1_slope };
static const Loss bce = { "bce", bce_term, bce_slope };
static const Loss mse = { "mse", mse_term, mse_slope };
static const Loss hinge = { "hinge", hinge_term, hinge_slope };
static const Loss linear = { "linear", linear_term, linear_slope };

static int
n_chunks (const P2pNode *node)
{
  return (p2p_node_size (node->inputs[X]) + CHUNK - 1) / CHUNK;
}

static gboolean
infer (P2pGraph  *graph,
       P2pNode   *node,
       GError   **error)
{
  const P2pNode *x = node->inputs[X], *t = node->inputs[TARGET];

  if (t && (t->n != x->n || t->h != x->h || t->w != x->w || t->c != x->c))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("Values of %d×%d×%d and %d×%d×%d elements cannot be compared"),
                   x->w, x->h, x->c, t->w, t->h, t->c);
      return FALSE;
    }
  node->n = node->h = node->w = node->c = 1;
  node->scratch_size = n_chunks (node);
  return TRUE;
}

static void
forward_chunk (int      chunk,
               int      worker,
               gpointer data)
{
  P2pNode        *node = data;
  const Attr     *attr = node->attr;
  const p2p_real *x = node->inputs[X]->x;
  const p2p_real *t = node->inputs[TARGET] ? node->inputs[TARGET]->x : NULL;
  gsize           end = MIN ((chunk + (gsize) 1) * CHUNK, p2p_node_size (node->inputs[X]));
  double          sum = 0.0;

  for (gsize i = chunk * (gsize) CHUNK; i < end; i++)
    sum += attr->loss->term (x[i], t ? t[i] : attr->target);
  p2p_node_scratch (node)[chunk] = sum;
}

static void
forward (P2pGraph *graph,
         P2pNode  *node)
{
  double sum = 0.0;

  p2p_parallel_for (graph->parallel, n_chunks (node), forward_chunk, node);
  for (int i = 0; i < n_chunks (node); i++)
    sum += p2p_node_scratch (node)[i];
  *node->x = sum / p2p_node_size (node->inputs[X]);
}

typedef struct
{
  P2pNode  *node;
  gboolean  empty;    /* set the gradient of x instead of adding to it */
} Backward;

static void
backward_chunk (int      chunk,
                int      worker,
                gpointer data)
{
  const Backward *run = data;
  const P2pNode  *node = run->node;
  const Attr     *attr = node->attr;
  const p2p_real *x = node->inputs[X]->x;
  const p2p_real *t = node->inputs[TARGET] ? node->inputs[TARGET]->x : NULL;
  p2p_real       *dx = node->inputs[X]->g;
  gsize           n = p2p_node_size (node->inputs[X]);
  gsize           end = MIN ((chunk + (gsize) 1) * CHUNK, n);
  double          share = *node->g / n;

  for (gsize i = chunk * (gsize) CHUNK; i < end; i++)
    dx[i] = (run->empty ? 0 : dx[i])
            + share * attr->loss->slope (x[i], t ? t[i] : attr->target);
}

/* Computes only the gradient of x: targets are data and get none. */
static void
backward (P2pGraph *graph,
          P2pNode  *node)
{
  Backward run = { node };

  if (! node->inputs[X]->g)
    return;
  run.empty = p2p_gradient_is_empty (node->inputs[X]);
  p2p_parallel_for (graph->parallel, n_chunks (node), backward_chunk, &run);
}

static const P2pOp loss_op = { "loss", P2P_BACKWARD_READS_INPUTS, infer, forward, backward };

static P2pNode *
append (const Loss *loss,
        P2pNode    *x,
        P2pNode    *t,
        double      target)
{
  P2pNode *inputs[] = { x, t };
  Attr     attr = { loss, target };

  if (! x)
    return NULL;
  return p2p_append ((P2pAt) { x->graph, loss->name }, &loss_op, inputs, 2, 1, &attr, sizeof attr);
}

P2pNode *
p2p_loss_l1 (P2pNode *a,
             P2pNode *b)
{
  return b ? append (&l1, a, b, 0.0) : NULL;
}

P2pNode *
p2p_loss_l2 (P2pNode *a,
             P2pNode *b)
{
  return b ? append (&mse, a, b, 0.0) : NULL;
}

P2pNode *
p2p_loss_bce (P2pNode *x,
              double   target)
{
  return append (&bce, x, NULL, target);
}

P2pNode *
p2p_loss_mse (P2pNode *x,
              double   target)
{
  return append (&mse, x, NULL, target);
}

P2pNode *
p2p_loss_hinge (P2pNode *x,
                double   target)
{
  return append (&hinge, x, NULL, target);
}

P2pNode *
p2p_loss_linear (P2pNode *x,
                 double   target)
{
  return append (&linear, x, NULL, target);
}
