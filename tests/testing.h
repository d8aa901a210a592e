/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Shared by the C tests. */

#pragma once

#include <math.h>

#include "base/random.h"
#include "graph/graph.h"

/* The largest normalized squared error Σ (a − b)² / Σ b² that rounding can explain. */
#ifdef P2P_DOUBLE
#define ROUNDING 1e-26
#else
#define ROUNDING 1e-12
#endif

static inline void
fill_random (p2p_real *values,
             gsize     n,
             guint64   seed)
{
  for (gsize i = 0; i < n; i++)
    values[i] = 2.0 * p2p_random_uniform (seed, 1, i) - 1.0;
}

/* The normalized squared error of values against expected. */
static inline double
nmse (const p2p_real *values,
      const double   *expected,
      gsize           n)
{
  double error = 0.0, power = 0.0;

  for (gsize i = 0; i < n; i++)
    {
      error += (values[i] - expected[i]) * (values[i] - expected[i]);
      power += expected[i] * expected[i];
    }
  return power > 0.0 ? error / power : error;
}

static inline void
forward (P2pGraph *graph,
         guint64   seed)
{
  GError *error = NULL;

  p2p_graph_forward (graph, seed, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static inline void
plan (P2pGraph *graph)
{
  GError *error = NULL;

  p2p_graph_plan (graph, &error);
  g_assert_no_error (error);
  p2p_graph_allocate (graph, NULL);
}
