/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Batch norm (Ioffe and Szegedy 2015) and instance norm (Ulyanov et al. 2016): x [n,h,w,c] → the
 * same shape, for each channel (x − mean) / sqrt (variance + 1e-5) · weight + bias.  Instance norm
 * has neither weight nor bias.
 *
 * A group is the set of images that share a mean and a variance: a single image for instance norm
 * with P2P_STATS_OWN, otherwise the whole batch.  A group is cut into chunks of pixels.  Each chunk
 * computes its mean and its sum of squared distances from that mean, and these are merged in the
 * order of the chunks (Chan, Golub, LeVeque 1979).  So the result does not depend on the threads,
 * and flat pictures lose no precision. */

#include <math.h>

#include "base/intl.h"
#include "ops.h"
#include "p2p.h"

#define EPSILON  1e-5

typedef struct
{
  P2pNormKind kind;
} Attr;

enum { X, WEIGHT, BIAS, RUNNING_MEAN, RUNNING_VAR };

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

/* A chunk is read twice, so it is small enough (about 32 KiB) to stay in the first-level cache. */
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
  node->backward_scratch_size = 2 * (gsize) n_groups (node) * (group_chunks (node) + 1) * node->c;
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

/* Finds the pixels [*start, *end) of a chunk, counted over the whole batch. */
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

P2P_WIDE static void
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

/* Merges the means and squared distances of a group's chunks into the group's mean and biased
 * variance of channel k. */
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

/* The running variance averages unbiased variances, as in PyTorch.  A single pixel has no unbiased
 * variance, so it changes only the running mean. */
static void
update_running (P2pGraph *graph,
                P2pNode  *node,
                int       k,
                double    mean,
                double    variance)
{
  double m = group_pixels (node);

  p2p_params_follow (graph->params, node->inputs[RUNNING_MEAN]->x + k, P2P_MOMENTUM * mean);
  if (m > 1.0)
    p2p_params_follow (graph->params, node->inputs[RUNNING_VAR]->x + k,
                       P2P_MOMENTUM * variance * m / (m - 1.0));
}

/* Fills node->saved [group, 2, c] with mean and 1 / sqrt (variance + ε), and updates the collected
 * and running statistics. */
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
          if (graph->options.train && node->inputs[RUNNING_MEAN])
            update_running (graph, node, k, m, v);
          mean[k] = m;
          mean[node->c + k] = 1.0 / sqrt (v + EPSILON);
        }
    }
}

P2P_WIDE static void
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

      /* The loops can be vectorized even where y overwrites x: y[k] depends on x[k] only. */
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

/* ---- Backward --------------------------------------------------------------------------- */

/* With scale = 1 / sqrt (variance + ε), x̂ = (x − mean) · scale and sums over the m pixels of a
 * group:
 *
 *   d weight = Σ dy x̂,  d bias = Σ dy,  dx = weight · scale · (dy − Σ dy / m − x̂ Σ dy x̂ / m)
 *
 * The two sums in dx are there because mean and scale depend on x.  With P2P_STATS_GIVEN they do
 * not, and the sums are left out. */

typedef struct
{
  P2pNode  *node;
  gboolean  empty;     /* set the input's gradient instead of adding to it */
} Backward;

P2P_WIDE static void
sums_chunk (int      chunk,
            int      worker,
            gpointer data)
{
  P2pNode        *node = ((const Backward *) data)->node;
  int             c = node->c;
  const p2p_real *mean = node->saved + 2 * (gsize) (chunk / group_chunks (node)) * c;
  const p2p_real *scale = mean + c;
  p2p_real       *sum = p2p_node_backward_scratch (node) + 2 * (gsize) chunk * c;
  p2p_real       *product = sum + c;
  gsize           start, end;

  chunk_range (node, chunk, &start, &end);
  for (int k = 0; k < c; k++)
    sum[k] = product[k] = 0;
  for (gsize i = start; i < end; i++)
    {
      const p2p_real *x = node->inputs[X]->x + i * c, *dy = node->g + i * c;

      for (int k = 0; k < c; k++)
        {
          sum[k] += dy[k];
          product[k] += dy[k] * (x[k] - mean[k]) * scale[k];
        }
    }
}

/* The place of Σ dy and Σ dy x̂ of all groups, [group, 2, c], behind the sums of the chunks. */
static p2p_real *
group_sums (P2pNode *node)
{
  return p2p_node_backward_scratch (node)
         + 2 * (gsize) n_groups (node) * group_chunks (node) * node->c;
}

/* Adds up the chunks' sums for each group, and adds them to the gradients of weight and bias. */
static void
merge_sums (P2pNode *node)
{
  const p2p_real *chunks = p2p_node_backward_scratch (node);
  p2p_real       *sums = group_sums (node);
  int             c = node->c;

  for (int group = 0; group < n_groups (node); group++, sums += 2 * c)
    for (int k = 0; k < 2 * c; k++)
      {
        double sum = 0.0;

        for (int i = 0; i < group_chunks (node); i++)
          sum += chunks[2 * (gsize) (group * group_chunks (node) + i) * c + k];
        sums[k] = sum;
      }

  /* Only batch norm has weight and bias, and it has one group. */
  sums = group_sums (node);
  for (int i = WEIGHT; i <= BIAS; i++)
    if (node->inputs[i] && node->inputs[i]->g)
      {
        const p2p_real *sum = i == BIAS ? sums : sums + c;
        p2p_real       *g = node->inputs[i]->g;
        gboolean        empty = p2p_gradient_is_empty (node->inputs[i]);

        for (int k = 0; k < c; k++)
          g[k] = (empty ? 0 : g[k]) + sum[k];
      }
}

/* The gradients dx of the c channels of a pixel.  empty and weighted are constants where this is
 * inlined: a test in the loop would make the compiler load dx under a mask, which is slow. */
static inline __attribute__ ((always_inline)) void
backward_pixel (const Backward *run,
                const p2p_real *mean,
                const p2p_real *sum,
                p2p_real        share,
                gsize           i,
                const gboolean  empty,
                const gboolean  weighted)
{
  const P2pNode  *node = run->node;
  const int       c = node->c;
  const p2p_real *scale = mean + c, *product = sum + c;
  const p2p_real *weight = weighted ? node->inputs[WEIGHT]->x : NULL;
  const p2p_real *x = node->inputs[X]->x + i * c, *dy = node->g + i * c;
  p2p_real       *dx = node->inputs[X]->g + i * c;

#pragma GCC ivdep
  for (int k = 0; k < c; k++)
    {
      p2p_real normal = (x[k] - mean[k]) * scale[k];

      dx[k] = (empty ? 0 : dx[k])
              + (weighted ? weight[k] : 1) * scale[k]
                * (dy[k] - share * (sum[k] + normal * product[k]));
    }
}

P2P_WIDE static void
backward_chunk (int      chunk,
                int      worker,
                gpointer data)
{
  const Backward *run = data;
  P2pNode        *node = run->node;
  const int       group = chunk / group_chunks (node);
  const p2p_real *mean = node->saved + 2 * (gsize) group * node->c;
  const p2p_real *sum = group_sums (node) + 2 * (gsize) group * node->c;
  const gboolean  given = node->graph->options.stats_use == P2P_STATS_GIVEN;
  const p2p_real  share = given ? 0 : 1.0 / group_pixels (node);
  gsize           start, end;

  chunk_range (node, chunk, &start, &end);
  if (run->empty && node->inputs[WEIGHT])
    for (gsize i = start; i < end; i++)
      backward_pixel (run, mean, sum, share, i, TRUE, TRUE);
  else if (run->empty)
    for (gsize i = start; i < end; i++)
      backward_pixel (run, mean, sum, share, i, TRUE, FALSE);
  else
    for (gsize i = start; i < end; i++)
      backward_pixel (run, mean, sum, share, i, FALSE, node->inputs[WEIGHT] != NULL);
}

static void
backward (P2pGraph *graph,
          P2pNode  *node)
{
  int      n_chunks = n_groups (node) * group_chunks (node);
  Backward run = { node };

  p2p_parallel_for (graph->parallel, n_chunks, sums_chunk, &run);
  merge_sums (node);
  if (! node->inputs[X]->g)
    return;
  run.empty = p2p_gradient_is_empty (node->inputs[X]);
  p2p_parallel_for (graph->parallel, n_chunks, backward_chunk, &run);
}

static const P2pOp norm_op =
{
  "norm", P2P_MAY_OVERWRITE | P2P_GRADIENT_IN_PLACE | P2P_BACKWARD_READS_INPUTS, infer, forward,
  backward
};

P2pNode *
p2p_norm (P2pAt        at,
          P2pNode     *x,
          P2pNormKind  kind)
{
  P2pNode *inputs[] = { x, NULL, NULL, NULL, NULL };
  Attr     attr = { kind };

  if (! x || kind == P2P_NORM_NONE)
    return x;
  if (kind == P2P_NORM_BATCH)
    {
      const int *c = &x->c;

      inputs[WEIGHT] = p2p_weight (at, "weight", P2P_TRAINABLE, 1, c, (P2pInit) { 1.0, 0.02 });
      inputs[BIAS] = p2p_weight (at, "bias", P2P_TRAINABLE, 1, c, (P2pInit) { 0.0, 0.0 });
      inputs[RUNNING_MEAN] = p2p_weight (at, "running_mean", P2P_STATE, 1, c,
                                         (P2pInit) { 0.0, 0.0 });
      inputs[RUNNING_VAR] = p2p_weight (at, "running_var", P2P_STATE, 1, c,
                                        (P2pInit) { 1.0, 0.0 });
    }
  return p2p_append (at, &norm_op, inputs, kind == P2P_NORM_BATCH ? 5 : 1,
                     kind == P2P_NORM_BATCH ? 5 : 1, &attr, sizeof attr);
}
