/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A graph with one op, for the tests that compare ops with naive loops. */

#pragma once

#include <string.h>

#include "graph/arena.h"
#include "ops/ops.h"
#include "testing.h"

#define GUARD_BYTE 0x5a

/* A graph with one op under test.  Guard bytes, which no op may touch, follow its values. */
typedef struct
{
  P2pParams   *params;
  P2pParallel *parallel;
  P2pStats    *stats;
  P2pGraph    *graph;
  P2pNode     *x, *b, *y;    /* inputs and result */
} Fixture;

static inline Fixture
fixture_new (P2pStatsUse stats_use,
             gboolean    dropout)
{
  Fixture f = { p2p_params_new (), p2p_parallel_new (2), p2p_stats_new () };

  f.graph = p2p_graph_new (f.params, f.parallel,
                           &(P2pGraphOptions) { stats_use, f.stats, dropout });
  return f;
}

static inline void
fixture_clear (Fixture *f)
{
  p2p_graph_free (f->graph);
  p2p_stats_free (f->stats);
  p2p_params_free (f->params);
  p2p_parallel_free (f->parallel);
}

/* Checks the guard bytes behind a value, up to the next multiple of the alignment. */
static inline void
check_guard (const P2pNode *node,
             const char    *what)
{
  const guint8 *end = (const guint8 *) (node->x + p2p_node_size (node));

  for (int i = 0; i < P2P_GUARD; i++)
    if (end[i] != GUARD_BYTE)
      g_error ("%s: byte %d behind %s was written to", what, i, node->scope);
}

static inline void
run (Fixture    *f,
     const char *what)
{
  p2p_output (f->y);
  if (f->x)
    p2p_output (f->x);
  plan (f->graph);
  memset (f->graph->arena, GUARD_BYTE, f->graph->arena_size);
  if (f->x)
    fill_random (f->x->x, p2p_node_size (f->x), 7);
  if (f->b)
    fill_random (f->b->x, p2p_node_size (f->b), 8);
  forward (f->graph, 1);
  check_guard (f->y, what);
  if (f->x)
    check_guard (f->x, what);
}
