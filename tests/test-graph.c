/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The graph: its arena, its errors, what graphs share, and that neither threads nor cancelling
 * change a result.  Built with the float core and with the double core. */

#include <string.h>

#include "graph/arena.h"
#include "nets/nets.h"
#include "testing.h"

static const P2pNetOptions small = { .num_downs = 6, .ngf = 4, .input_nc = 3, .output_nc = 3,
                                     .norm = P2P_NORM_BATCH, .use_dropout = TRUE, .skip = TRUE };

/* A U-Net with random weights. */
typedef struct
{
  P2pParams   *params;
  P2pParallel *parallel;
  P2pGraph    *graph;
  P2pNode     *x, *y;
} Fixture;

static P2pGraph *
build (P2pParams    *params,
       P2pParallel  *parallel,
       gboolean      dropout,
       int           side,
       P2pNode     **x,
       P2pNode     **y)
{
  P2pGraph *graph = p2p_graph_new (params, parallel,
                                   &(P2pGraphOptions) { P2P_STATS_OWN, NULL, dropout });

  *x = p2p_input (graph, 1, side, 2 * side, 3);
  *y = p2p_net_unet.build (p2p_at (graph), *x, &small);
  p2p_output (*y);
  return graph;
}

static Fixture
fixture_new (int      n_threads,
             gboolean dropout)
{
  Fixture   f = { p2p_params_new (), p2p_parallel_new (n_threads) };
  P2pGraph *first = build (f.params, f.parallel, FALSE, 64, &f.x, &f.y);

  p2p_graph_free (first);
  p2p_params_init (f.params, 1, NULL);
  f.graph = build (f.params, f.parallel, dropout, 128, &f.x, &f.y);
  plan (f.graph);
  fill_random (f.x->x, p2p_node_size (f.x), 2);
  return f;
}

static void
fixture_clear (Fixture *f)
{
  p2p_graph_free (f->graph);
  p2p_params_free (f->params);
  p2p_parallel_free (f->parallel);
}

/* ---- The arena -------------------------------------------------------------------------- */

/* A buffer of the arena, and the first and the last node for which it must keep its contents. */
typedef struct
{
  const char *what;
  int         node, first, last;
  gsize       start, end;
} Life;

static void
add_life (GArray     *lives,
          const char *what,
          int         node,
          int         first,
          int         last,
          gsize       start,
          gsize       n_elements)
{
  Life life = { what, node, first, last, start, start + n_elements * sizeof (p2p_real) };

  if (n_elements)
    g_array_append_val (lives, life);
}

/* Finds when each value is first written and last read, without the planner. */
static GArray *
find_lives (const P2pGraph *graph,
            int             n_threads)
{
  GArray *lives = g_array_new (FALSE, FALSE, sizeof (Life));

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      P2pNode *node = g_ptr_array_index (graph->nodes, i);
      int      last = node->is_output ? (int) graph->nodes->len : (int) i;

      if (node->param)
        continue;
      for (guint j = i + 1; j < graph->nodes->len; j++)
        for (int k = 0; k < P2P_MAX_INPUTS; k++)
          if (((P2pNode *) g_ptr_array_index (graph->nodes, j))->inputs[k] == node)
            last = MAX (last, (int) j);
      add_life (lives, "value", i, node->op ? (int) i : 0, last,
                (char *) node->x - graph->arena, p2p_node_size (node));
      add_life (lives, "saved", i, i, i, node->saved_offset, node->saved_size);
      add_life (lives, "scratch", i, i, i, (char *) p2p_node_scratch (node) - graph->arena,
                node->scratch_size);
      for (int t = 0; t < n_threads; t++)
        add_life (lives, "thread scratch", i, i, i,
                  (char *) p2p_node_thread_scratch (node, t) - graph->arena,
                  node->thread_scratch_size);
    }

  return lives;
}

/* Whether b is computed in a's place, which its op must allow. */
static gboolean
takes_its_place (const P2pGraph *graph,
                 const Life     *a,
                 const Life     *b)
{
  const P2pNode *node = g_ptr_array_index (graph->nodes, b->node);

  return node->op && (node->op->flags & P2P_MAY_OVERWRITE)
         && node->inputs[0] == g_ptr_array_index (graph->nodes, a->node)
         && a->last == b->first && a->start == b->start && a->end == b->end;
}

static void
test_arena (void)
{
  Fixture           f = fixture_new (3, TRUE);
  g_autoptr (GArray) lives = find_lives (f.graph, 3);
  int               n_shared = 0;

  for (guint i = 0; i < lives->len; i++)
    for (guint j = 0; j < lives->len; j++)
      {
        const Life *a = &g_array_index (lives, Life, i), *b = &g_array_index (lives, Life, j);

        g_assert_cmpuint (a->end + P2P_GUARD, <=, f.graph->arena_size);
        if (i == j || a->first > b->first || a->last < b->first)
          continue;
        if (a->start < b->end + P2P_GUARD && b->start < a->end + P2P_GUARD)
          {
            if (! takes_its_place (f.graph, a, b) && ! takes_its_place (f.graph, b, a))
              g_error ("the %s of node %d and the %s of node %d overlap while both are needed",
                       a->what, a->node, b->what, b->node);
            n_shared++;
          }
      }
  g_assert_cmpint (n_shared, >, 10);    /* activations and norms work in place */
  fixture_clear (&f);
}

/* An op does not work in place if its input is read again later. */
static void
test_not_in_place (void)
{
  g_autoptr (P2pParams)   params = p2p_params_new ();
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (1);
  g_autoptr (P2pGraph)    graph = p2p_graph_new (params, parallel, &(P2pGraphOptions) { 0 });
  P2pNode                *x = p2p_input (graph, 1, 4, 4, 2);
  P2pNode                *relu = p2p_relu (x);
  P2pNode                *both = p2p_concat (x, relu);

  p2p_output (both);
  plan (graph);
  g_assert_true (relu->x != x->x);
  x->x[0] = -3.0;
  forward (graph, 0);
  g_assert_cmpfloat (both->x[0], ==, -3.0);
  g_assert_cmpfloat (both->x[2], ==, 0.0);
}

static void
test_arena_of_unet_256 (void)
{
  g_autoptr (P2pParams)   params = p2p_params_new ();
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  g_autoptr (P2pGraph)    graph = p2p_graph_new (params, parallel, &(P2pGraphOptions) { 0 });
  g_autoptr (GError)      error = NULL;

  p2p_output (p2p_net_unet.build (p2p_at (graph), p2p_input (graph, 1, 256, 256, 3),
                                  &p2p_net_unet.defaults));
  g_assert_true (p2p_graph_plan (graph, &error));
  g_assert_cmpuint (graph->arena_size * sizeof (float) / sizeof (p2p_real), <=, 64 << 20);
}

/* ---- Building --------------------------------------------------------------------------- */

/* The first error is reported, and later calls only pass NULL on. */
static void
test_sticky_error (void)
{
  g_autoptr (P2pParams)   params = p2p_params_new ();
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (1);
  g_autoptr (P2pGraph)    graph = p2p_graph_new (params, parallel, &(P2pGraphOptions) { 0 });
  g_autoptr (GError)      error = NULL;
  P2pAt                   at = p2p_at (graph);
  P2pNode                *x = p2p_input (graph, 1, 8, 8, 2);
  P2pNode                *y = p2p_concat (x, p2p_input (graph, 1, 4, 8, 2));

  g_assert_null (y);
  y = p2p_relu (p2p_norm (p2p_sub (at, "norm"), y, P2P_NORM_INSTANCE));
  g_assert_null (y);
  g_assert_null (p2p_conv (p2p_sub (at, "later"), x, 4, 3, 1, 1, FALSE));
  g_assert_false (p2p_graph_plan (graph, &error));
  g_assert_cmpstr (error->message, ==,
                   "input (concat): Values of 8×8 and 8×4 pixels cannot be joined");
}

/* If a file does not fit a network, the error names the weight. */
static void
test_sealed_params (void)
{
  Fixture            f = fixture_new (1, FALSE);
  P2pNetOptions      other = small;
  g_autoptr (GError) error = NULL;
  P2pGraph          *graph = p2p_graph_new (f.params, f.parallel, &(P2pGraphOptions) { 0 });

  other.num_downs = 7;
  p2p_net_unet.build (p2p_at (graph), p2p_input (graph, 1, 64, 64, 3), &other);
  g_assert_false (p2p_graph_plan (graph, &error));
  g_assert_nonnull (strstr (error->message,
                            "“model.model.1.model.3.model.3.model.3.model.3.model.2.weight”"));
  p2p_graph_free (graph);
  fixture_clear (&f);
}

/* ---- Sharing ---------------------------------------------------------------------------- */

/* Graphs of several sizes share the weights and what is prepared from them.  The last graph frees
 * what is prepared. */
static void
test_shared_params (void)
{
  Fixture              f = fixture_new (2, FALSE);
  P2pParam            *weight = p2p_params_lookup (f.params, "model.model.0.weight");
  gsize                bytes = p2p_node_size (f.y) * sizeof (p2p_real);
  g_autofree p2p_real *first = NULL;
  const p2p_real      *prepared;
  P2pGraph            *other;
  P2pNode             *x, *y;

  forward (f.graph, 0);
  first = g_memdup2 (f.y->x, bytes);
  prepared = weight->prepared[P2P_FORM_PACKED];
  g_assert_nonnull (prepared);

  other = build (f.params, f.parallel, FALSE, 64, &x, &y);
  plan (other);
  fill_random (x->x, p2p_node_size (x), 9);
  forward (other, 0);
  g_assert_true (weight->prepared[P2P_FORM_PACKED] == prepared);
  p2p_graph_free (other);
  g_assert_true (weight->prepared[P2P_FORM_PACKED] == prepared);

  fill_random (f.x->x, p2p_node_size (f.x), 2);
  forward (f.graph, 0);
  g_assert_cmpmem (f.y->x, bytes, first, bytes);

  g_clear_pointer (&f.graph, p2p_graph_free);
  g_assert_null (weight->prepared[P2P_FORM_PACKED]);
  fixture_clear (&f);
}

/* ---- Running ---------------------------------------------------------------------------- */

static void
test_threads (gconstpointer data)
{
  gboolean             dropout = GPOINTER_TO_INT (data);
  static const int     counts[] = { 1, 2, 3, 7 };
  g_autofree p2p_real *first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      Fixture f = fixture_new (counts[i], dropout);
      gsize   bytes = p2p_node_size (f.y) * sizeof (p2p_real);

      forward (f.graph, 77);
      if (! first)
        first = g_memdup2 (f.y->x, bytes);
      if (memcmp (f.y->x, first, bytes) != 0)
        g_error ("%d threads give other bits than one", counts[i]);
      fixture_clear (&f);
    }
}

/* A picture of one color has only differences from rounding, and norms divide by them. */
static void
test_flat (void)
{
  g_autofree p2p_real *first = NULL;

  for (int n_threads = 1; n_threads <= 3; n_threads++)
    {
      Fixture f = fixture_new (n_threads, FALSE);
      gsize   n = p2p_node_size (f.y);

      for (gsize i = 0; i < p2p_node_size (f.x); i++)
        f.x->x[i] = 0.7;
      forward (f.graph, 77);
      for (gsize i = 0; i < n; i++)
        if (! isfinite (f.y->x[i]))
          g_error ("value %" G_GSIZE_FORMAT " is %g", i, f.y->x[i]);
      if (! first)
        first = g_memdup2 (f.y->x, n * sizeof (p2p_real));
      g_assert_cmpmem (f.y->x, n * sizeof (p2p_real), first, n * sizeof (p2p_real));
      fixture_clear (&f);
    }
}

static void
test_seed (void)
{
  Fixture              f = fixture_new (2, TRUE);
  gsize                bytes = p2p_node_size (f.y) * sizeof (p2p_real);
  g_autofree p2p_real *first = NULL;

  forward (f.graph, 1);
  first = g_memdup2 (f.y->x, bytes);
  fill_random (f.x->x, p2p_node_size (f.x), 2);
  forward (f.graph, 1);
  g_assert_cmpmem (f.y->x, bytes, first, bytes);
  fill_random (f.x->x, p2p_node_size (f.x), 2);
  forward (f.graph, 2);
  g_assert_true (memcmp (f.y->x, first, bytes) != 0);
  fixture_clear (&f);
}

typedef struct
{
  GCancellable *cancellable;
  double        cancel_at, last;
  int           calls;
} Watch;

static void
watch_progress (double   fraction,
                gpointer data)
{
  Watch *watch = data;

  g_assert_cmpfloat (fraction, >=, watch->last);
  g_assert_cmpfloat (fraction, <=, 1.0 + 1e-9);
  watch->last = fraction;
  watch->calls++;
  if (fraction >= watch->cancel_at)
    g_cancellable_cancel (watch->cancellable);
}

static void
test_progress (void)
{
  Fixture            f = fixture_new (2, FALSE);
  g_autoptr (GError) error = NULL;
  Watch              watch = { NULL, 2.0, 0.0, 0 };

  p2p_graph_forward (f.graph, 0, watch_progress, &watch, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (watch.calls, >=, 10);
  g_assert_cmpfloat_with_epsilon (watch.last, 1.0, 1e-9);
  fixture_clear (&f);
}

/* A graph that was cancelled at any point, also while preparing weights, gives the right result the
 * next time. */
static void
test_cancel (void)
{
  Fixture              f = fixture_new (2, FALSE);
  gsize                bytes = p2p_node_size (f.y) * sizeof (p2p_real);
  g_autofree p2p_real *first = NULL;

  forward (f.graph, 0);
  first = g_memdup2 (f.y->x, bytes);
  for (double at = 0.0; at < 0.95; at += 0.09)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError)       error = NULL;
      Watch                    watch = { cancellable, at, 0.0, 0 };

      for (guint i = 0; i < p2p_params_length (f.params); i++)
        p2p_param_drop_prepared (p2p_params_nth (f.params, i));
      g_assert_false (p2p_graph_forward (f.graph, 0, watch_progress, &watch, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

      fill_random (f.x->x, p2p_node_size (f.x), 2);
      forward (f.graph, 0);
      g_assert_cmpmem (f.y->x, bytes, first, bytes);
    }
  fixture_clear (&f);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/graph/arena/no-overlap", test_arena);
  g_test_add_func ("/graph/arena/not-in-place", test_not_in_place);
  g_test_add_func ("/graph/arena/unet-256-within-64-MiB", test_arena_of_unet_256);
  g_test_add_func ("/graph/sticky-error", test_sticky_error);
  g_test_add_func ("/graph/sealed-params", test_sealed_params);
  g_test_add_func ("/graph/shared-params", test_shared_params);
  g_test_add_data_func ("/graph/threads/same-bits", GINT_TO_POINTER (FALSE), test_threads);
  g_test_add_data_func ("/graph/threads/same-bits-with-dropout", GINT_TO_POINTER (TRUE),
                        test_threads);
  g_test_add_func ("/graph/flat-picture-finite-and-same-bits", test_flat);
  g_test_add_func ("/graph/seed-decides", test_seed);
  g_test_add_func ("/graph/progress", test_progress);
  g_test_add_func ("/graph/cancel", test_cancel);

  return g_test_run ();
}
