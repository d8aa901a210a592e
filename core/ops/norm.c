/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Batch norm (Ioffe and Szegedy 2015) and instance norm (Ulyanov et al. 2016): x [n,h,w,c] → the same shape, for each
 * channel (x − mean) / sqrt (variance + 1e-5) · weight + bias.
 *
 * One set of statistics covers a group of images: the whole batch, or, for instance norm with its
 * own statistics, one image.  Each chunk of pixels finds its mean and its sum of squared
 * distances from that mean; they are merged in chunk order (Chan, Golub, LeVeque 1979), so the
 * result does not depend on threads, and flat pictures lose no precision. */

#include <math.h>

#include "intl.h"
#include "ops.h"
#include "p2p.h"

#define EPSILON 1e-5

typedef struct
{
  P2pNormKind kind;
} Attr;

enum { X, WEIGHT, BIAS };

static int
n_groups (const P2pNode *node)
{
  return ((const Attr *) node->attr)->kind == P2P_NORM_INSTANCE
         && node->graph->options.stats_use == P2P_STATS_OWN ? node->n : 1;
}

static gsize
group_pixels (const P2pNode *node)
{
  return (gsize) node->n * node->h * node->w / n_groups (node);
}

/* A chunk stays in the first-level cache for its second pass. */
static int
chunk_pixels (const P2pNode *node)
{
  return CLAMP (8192 / node->c, 8, 1024);
}

static int
group_chunks (const P2pNode *node)
{
  return (group_pixels (node) + chunk_pixels (node) - 1) / chunk_pixels (node);
}

static gboolean
infer (P2pGraph  *graph,
       P2pNode   *node,
       GError   **error)
{
  p2p_infer_same_shape (graph, node, error);
  node->saved_size = 2 * (gsize) n_groups (node) * node->c;
  if (graph->options.stats_use != P2P_STATS_GIVEN)
    node->scratch_size = 2 * (gsize) n_groups (node) * group_chunks (node) * node->c;
  else if (! p2p_stats_lookup (graph->options.stats, node->scope))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("The model has no running statistics for its norm “%s”; "
                     "use the statistics of the image"), node->scope);
      return FALSE;
    }
  return TRUE;
}

/* The pixels of a chunk. */
static void
chunk_range (const P2pNode *node,
             int            chunk,
             gsize         *start,
             gsize         *end)
{
  int   group = chunk / group_chunks (node);
  gsize first = (gsize) (chunk % group_chunks (node)) * chunk_pixels (node);

  *start = group * group_pixels (node) + first;
  *end = *start + MIN ((gsize) chunk_pixels (node), group_pixels (node) - first);
}

static void
moments_chunk (int      chunk,
               int      worker,
               gpointer data)
{
  P2pNode  *node = data;
  int       c = node->c;
  p2p_real *mean = p2p_node_scratch (node) + 2 * (gsize) chunk * c;
  p2p_real *square = mean + c;
  gsize     start, end;

  chunk_range (node, chunk, &start, &end);
  for (int k = 0; k < c; k++)
    mean[k] = square[k] = 0;
  for (gsize i = start; i < end; i++)
    {
      const p2p_real *x = node->inputs[X]->x + i * c;

      for (int k = 0; k < c; k++)
        mean[k] += x[k];
    }
  for (int k = 0; k < c; k++)
    mean[k] /= end - start;
  for (gsize i = start; i < end; i++)
    {
      const p2p_real *x = node->inputs[X]->x + i * c;

      for (int k = 0; k < c; k++)
        square[k] += (x[k] - mean[k]) * (x[k] - mean[k]);
    }
}

/* Merges the chunks' moments of a channel into the group's mean and (biased) variance. */
static void
merge_channel (P2pNode  *node,
               int       group,
               int       k,
               double   *mean,
               double   *variance)
{
  double square = 0.0, count = 0.0;

  *mean = 0.0;
  for (int i = 0; i < group_chunks (node); i++)
    {
      int             chunk = group * group_chunks (node) + i;
      const p2p_real *moments = p2p_node_scratch (node) + 2 * (gsize) chunk * node->c;
      double          delta = moments[k] - *mean;
      gsize           start, end;
      double          n;

      chunk_range (node, chunk, &start, &end);
      n = end - start;
      square += moments[node->c + k] + delta * delta * count * n / (count + n);
      count += n;
      *mean += delta * n / count;
    }
  *variance = square / count;
}

/* Fills saved: mean and 1 / sqrt (variance + ε), [group, 2, c]. */
static void
find_statistics (P2pGraph *graph,
                 P2pNode  *node)
{
  P2pStat *stat = NULL;

  if (graph->options.stats_use != P2P_STATS_OWN)
    stat = p2p_stats_get (graph->options.stats, node->scope, node->c);
  if (graph->options.stats_use != P2P_STATS_GIVEN)
    p2p_parallel_for (graph->parallel, n_groups (node) * group_chunks (node), moments_chunk, node);

  for (int group = 0; group < n_groups (node); group++)
    {
      p2p_real *mean = node->saved + 2 * (gsize) group * node->c;

      for (int k = 0; k < node->c; k++)
        {
          double m, v;

          if (graph->options.stats_use == P2P_STATS_GIVEN)
            {
              m = stat->mean[k];
              v = stat->variance[k];
            }
          else
            merge_channel (node, group, k, &m, &v);
          if (graph->options.stats_use == P2P_STATS_COLLECT)
            {
              stat->mean[k] = m;
              stat->variance[k] = v;
            }
          mean[k] = m;
          mean[node->c + k] = 1.0 / sqrt (v + EPSILON);
        }
    }
}

static void
normalise_chunk (int      chunk,
                 int      worker,
                 gpointer data)
{
  P2pNode        *node = data;
  int             c = node->c;
  const p2p_real *mean = node->saved + 2 * (gsize) (chunk / group_chunks (node)) * c;
  const p2p_real *scale = mean + c;
  const p2p_real *weight = node->inputs[WEIGHT] ? node->inputs[WEIGHT]->x : NULL;
  const p2p_real *bias = node->inputs[BIAS] ? node->inputs[BIAS]->x : NULL;
  gsize           start, end;

  chunk_range (node, chunk, &start, &end);
  for (gsize i = start; i < end; i++)
    {
      const p2p_real *x = node->inputs[X]->x + i * c;
      p2p_real       *y = node->x + i * c;

      /* In place or apart, each element depends on its own place alone. */
      if (weight)
        {
#pragma GCC ivdep
          for (int k = 0; k < c; k++)
            y[k] = (x[k] - mean[k]) * scale[k] * weight[k] + bias[k];
        }
      else
        {
#pragma GCC ivdep
          for (int k = 0; k < c; k++)
            y[k] = (x[k] - mean[k]) * scale[k];
        }
    }
}

static void
forward (P2pGraph *graph,
         P2pNode  *node)
{
  find_statistics (graph, node);
  p2p_parallel_for (graph->parallel, n_groups (node) * group_chunks (node), normalise_chunk, node);
}

static const P2pOp norm_op =
{
  "norm", P2P_MAY_OVERWRITE | P2P_BACKWARD_READS_OUTPUT, infer, forward, NULL
};

P2pNode *
p2p_norm (P2pAt        at,
          P2pNode     *x,
          P2pNormKind  kind)
{
  P2pNode *inputs[] = { x, NULL, NULL };
  Attr     attr = { kind };

  if (! x || kind == P2P_NORM_NONE)
    return x;
  if (kind == P2P_NORM_BATCH)
    {
      const int *c = &x->c;

      inputs[WEIGHT] = p2p_weight (at, "weight", P2P_TRAINABLE, 1, c, (P2pInit) { 1.0, 0.02 });
      inputs[BIAS] = p2p_weight (at, "bias", P2P_TRAINABLE, 1, c, (P2pInit) { 0.0, 0.0 });
      p2p_weight (at, "running_mean", P2P_STATE, 1, c, (P2pInit) { 0.0, 0.0 });
      p2p_weight (at, "running_var", P2P_STATE, 1, c, (P2pInit) { 1.0, 0.0 });
    }
  return p2p_append (at, &norm_op, inputs, 3, kind == P2P_NORM_BATCH ? 3 : 1, &attr, sizeof attr);
}
