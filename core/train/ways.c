/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "init.h"
#include "ops/ops.h"
#include "p2p.h"
#include "pool.h"
#include "ways.h"

/* ---- Graphs ----------------------------------------------------------------------------- */

static gboolean
build_g (const P2pWays   *ways,
         const P2pWay    *way,
         P2pTranslation  *translation,
         P2pSize          size,
         guint            gradients,
         GError         **error)
{
  const P2pNetOptions *net = &ways->options.g;
  P2pGraphOptions      options = { P2P_STATS_OWN, NULL, .dropout = TRUE, .train = TRUE,
                                   .gradients = gradients };
  const int            n = ways->options.batch_size;
  P2pGraph            *graph = p2p_graph_new (way->g, ways->parallel, &options);

  translation->graph = graph;
  translation->in = p2p_input (graph, n, size.height, size.width, net->input_nc);
  translation->target = p2p_input (graph, n, size.height, size.width, net->output_nc);
  translation->out = ways->options.net_g->build (p2p_at (graph), translation->in, net);
  translation->l1 = p2p_loss_l1 (translation->out, translation->target);
  p2p_output (translation->out);
  p2p_output (translation->l1);
  return p2p_graph_plan (graph, error);
}

static gboolean
build_d (const P2pWays  *ways,
         P2pWay         *way,
         P2pSize         size,
         GError        **error)
{
  const P2pTrainOptions *o = &ways->options;
  P2pGraphOptions        options = { P2P_STATS_OWN, NULL, .train = TRUE,
                                     .gradients = P2P_INPUTS | P2P_PARAMS };

  way->judge = p2p_graph_new (way->d, ways->parallel, &options);
  way->seen = p2p_input (way->judge, o->batch_size, size.height, size.width, o->g.output_nc);
  way->said = p2p_gan_judge (o, way->judge, way->seen);
  return p2p_graph_plan (way->judge, error);
}

static void
drop_graphs (P2pWays *ways)
{
  for (int w = 0; w < 2; w++)
    {
      P2pWay *way = &ways->way[w];

      g_clear_pointer (&way->first.graph, p2p_graph_free);
      g_clear_pointer (&way->second.graph, p2p_graph_free);
      g_clear_pointer (&way->judge, p2p_graph_free);
      g_clear_pointer (&way->fakes, g_free);
    }
  for (guint i = 0; i < G_N_ELEMENTS (ways->memory); i++)
    g_clear_pointer (&ways->memory[i], free);
}

static gboolean
build (P2pWays  *ways,
       P2pSize   size,
       GError  **error)
{
  drop_graphs (ways);
  for (int w = 0; w < 2; w++)
    {
      P2pWay *way = &ways->way[w];

      if (! build_g (ways, way, &way->first, size, P2P_PARAMS, error)
          || ! build_g (ways, way, &way->second, size, P2P_INPUTS | P2P_PARAMS, error)
          || ! build_d (ways, way, size, error))
        return FALSE;
    }
  return TRUE;
}

/* Puts two graphs of one size, which never run at the same time, into the same memory. */
static gboolean
share (P2pGraph  *one,
       P2pGraph  *other,
       void     **memory,
       GError   **error)
{
  *memory = p2p_memory_pages (P2P_FOR_BATCH, one->arena_size, error);
  if (! *memory)
    return FALSE;
  p2p_graph_place (one, *memory);
  p2p_graph_place (other, *memory);
  return TRUE;
}

static gboolean
allocate (P2pWays  *ways,
          gsize     n_pixels,
          GError  **error)
{
  P2pWay *const one = &ways->way[0], *const other = &ways->way[1];

  if (! share (one->first.graph, other->first.graph, &ways->memory[0], error)
      || ! share (one->second.graph, other->second.graph, &ways->memory[1], error)
      || ! share (one->judge, other->judge, &ways->memory[2], error))
    return FALSE;
  for (int w = 0; w < 2; w++)
    {
      P2pWay *way = &ways->way[w];

      way->fakes = p2p_memory_alloc (P2P_FOR_BATCH, n_pixels * ways->options.g.output_nc,
                                     sizeof (p2p_real), error);
      if (! way->fakes)
        return FALSE;
    }
  return TRUE;
}

gboolean
p2p_ways_fit (P2pWays  *ways,
              P2pSize   size,
              GError  **error)
{
  const P2pNode *seen = ways->way[1].seen;
  const gsize    n = ways->parts->n * ways->options.batch_size;

  if (ways->way[1].fakes && seen->h == size.height && seen->w == size.width)
    return TRUE;
  if (build (ways, size, error)
      && allocate (ways, n * size.height * size.width, error))
    return TRUE;
  drop_graphs (ways);
  return FALSE;
}

/* ---- Networks --------------------------------------------------------------------------- */

/* Gives the networks of a way, whose weights a build has declared, their initial values. */
static gboolean
init (P2pWays  *ways,
      int       w,
      GError  **error)
{
  static const char *const names[2][2] = { { "G_A", "D_A" }, { "G_B", "D_B" } };
  const P2pTrainOptions   *o = &ways->options;
  P2pWay                  *way = &ways->way[w];
  P2pParams *const         both[] = { way->g, way->d };

  for (int i = 0; i < 2; i++)
    {
      const guint64 seed = p2p_random (o->seed, p2p_random_stream (names[w][i]), 0);

      if (! p2p_init_weights (both[i], o->init_type, o->init_gain, seed, error)
          || ! p2p_params_reserve (both[i], error))
        return FALSE;
      p2p_params_train (both[i]);
    }
  return (way->g_sum = p2p_sum_new (ways->parts, way->g, error))
         && (way->d_sum = p2p_sum_new (ways->parts, way->d, error))
         && (o->ema <= 0.0 || (way->average = p2p_params_copy (way->g, error)))
         && (o->pool_size == 0
             || (way->pool = p2p_pool_new (o->pool_size, o->crop_size.height, o->crop_size.width,
                                           o->g.output_nc, error)));
}

P2pWays *
p2p_ways_new (const P2pTrainOptions  *options,
              P2pParallel            *parallel,
              const P2pRanks         *ranks,
              GError                **error)
{
  g_autoptr (P2pWays) ways = NULL;

  if (! p2p_gan_check (options, error) || ! p2p_parts_check (options->accumulate, ranks, error))
    return NULL;
  ways = g_new0 (P2pWays, 1);
  ways->options = *options;
  ways->parallel = parallel;
  ways->parts = p2p_parts_new (options->accumulate, options->half_gradients, ranks, parallel);
  for (int w = 0; w < 2; w++)
    {
      ways->way[w].g = p2p_params_new ();
      ways->way[w].d = p2p_params_new ();
    }

  /* This build only declares the weights; the graphs of p2p_ways_fit () use them. */
  if (! build (ways, options->crop_size, error) || ! init (ways, 0, error)
      || ! init (ways, 1, error))
    return NULL;
  drop_graphs (ways);
  return g_steal_pointer (&ways);
}

void
p2p_ways_free (P2pWays *ways)
{
  if (! ways)
    return;
  drop_graphs (ways);
  for (int w = 0; w < 2; w++)
    {
      p2p_sum_free (ways->way[w].g_sum);
      p2p_sum_free (ways->way[w].d_sum);
      p2p_params_free (ways->way[w].g);
      p2p_params_free (ways->way[w].d);
      p2p_params_free (ways->way[w].average);
      p2p_params_free (ways->way[w].pool);
    }
  p2p_parts_free (ways->parts);
  g_free (ways);
}
