/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Graphs that are trained: the arena with gradients, what backward computes on request, parameters
 * that graphs share, and that neither training mode nor threads change a result.  Built with the
 * float core and with the double core. */

#include <string.h>

#include "graph/arena.h"
#include "nets/nets.h"
#include "testing.h"

static const P2pNetOptions small_unet = { .num_downs = 6, .ngf = 4, .input_nc = 3, .output_nc = 3,
                                          .norm = P2P_NORM_BATCH, .use_dropout = TRUE,
                                          .skip = TRUE };
static const P2pNetOptions small_resnet = { .n_blocks = 2, .ngf = 4, .input_nc = 3, .output_nc = 3,
                                            .norm = P2P_NORM_INSTANCE, .use_dropout = TRUE };
static const P2pDiscriminatorOptions small_d = { FALSE, 4, 3, P2P_NORM_BATCH };

static P2pNode *
build_unet (P2pAt    at,
            P2pNode *x)
{
  return p2p_net_unet.build (at, x, &small_unet);
}

static P2pNode *
build_resnet (P2pAt    at,
              P2pNode *x)
{
  return p2p_net_resnet.build (at, x, &small_resnet);
}

static P2pNode *
build_unet_resize (P2pAt    at,
                   P2pNode *x)
{
  P2pNetOptions options = small_unet;

  options.upsample = P2P_UPSAMPLE_RESIZE;
  return p2p_net_unet.build (at, x, &options);
}

static P2pNode *
build_resnet_resize (P2pAt    at,
                     P2pNode *x)
{
  P2pNetOptions options = small_resnet;

  options.upsample = P2P_UPSAMPLE_RESIZE;
  return p2p_net_resnet.build (at, x, &options);
}

static P2pNode *
build_d (P2pAt    at,
         P2pNode *x)
{
  return p2p_discriminator (at, x, &small_d);
}

typedef P2pNode * (* Build) (P2pAt at, P2pNode *x);

static const Build builds[] = { build_unet, build_resnet, build_unet_resize, build_resnet_resize,
                                build_d };

/* A network with random weights, and a loss. */
typedef struct
{
  P2pParams   *params;
  P2pParallel *parallel;
  P2pGraph    *graph;
  P2pNode     *x, *y, *loss;
} Fixture;

static void
build (Fixture *f,
       Build    net,
       gboolean dropout,
       guint    gradients)
{
  P2pGraphOptions options = { .dropout = dropout, .train = gradients != 0, .gradients = gradients };

  f->graph = p2p_graph_new (f->params, f->parallel, &options);
  f->x = p2p_input (f->graph, 1, 64, 128, 3);
  f->y = net (p2p_at (f->graph), f->x);
  f->loss = p2p_loss_mse (f->y, 0.5);
  p2p_output (f->y);
  p2p_output (f->loss);
}

static Fixture
fixture_new (Build    net,
             int      n_threads,
             gboolean dropout,
             guint    gradients)
{
  Fixture f = { p2p_params_new (), p2p_parallel_new (n_threads) };

  build (&f, net, FALSE, 0);
  p2p_graph_free (f.graph);
  p2p_params_init (f.params, 1, NULL);
  p2p_params_train (f.params);
  build (&f, net, dropout, gradients);
  plan (f.graph);
  return f;
}

static void
fixture_clear (Fixture *f)
{
  p2p_graph_free (f->graph);
  p2p_params_free (f->params);
  p2p_parallel_free (f->parallel);
}

static void
run (Fixture *f)
{
  fill_random (f->x->x, p2p_node_size (f->x), 2);
  forward (f->graph, 77);
}

static void
run_backward (Fixture *f,
              guint    wanted)
{
  run (f);
  *p2p_graph_seed (f->loss) = 1.0;
  p2p_graph_backward (f->graph, wanted);
}

/* All gradients of the parameters.  Caller frees the result. */
static p2p_real *
gradients (Fixture *f,
           gsize   *n)
{
  P2pTrained trained = p2p_params_train (f->params);

  *n = trained.n;
  return g_memdup2 (trained.gradient, trained.n * sizeof (p2p_real));
}

/* ---- The arena -------------------------------------------------------------------------- */

typedef enum { VALUE, GRADIENT, OTHER } What;

/* A buffer of the arena and the times from first to last at which it must keep its contents.  Node
 * i of N runs forward at time i and backward at time 2N − i.  At time N, gradients are seeded. */
typedef struct
{
  What  what;
  int   node, first, last;
  gsize start, end;
} Life;

static void
add_life (GArray *lives,
          What    what,
          int     node,
          int     first,
          int     last,
          gsize   start,
          gsize   n_elements)
{
  Life life = { what, node, first, last, start, start + n_elements * sizeof (p2p_real) };

  if (n_elements)
    g_array_append_val (lives, life);
}

/* Adds the times of all reads and writes of a node's value and gradient, found without the
 * planner. */
static void
add_node_lives (GArray  *lives,
                P2pNode *node,
                guint    wanted)
{
  const GPtrArray *nodes = node->graph->nodes;
  int              n = nodes->len, i = node->index, end = 2 * n + 1;
  int              last = i, first_gradient = node->is_output ? n : 2 * n - i;

  if (node->op && node->depends & wanted && node->op->flags & P2P_BACKWARD_READS_OUTPUT)
    last = 2 * n - i;
  for (int j = i + 1; j < n; j++)
    for (int k = 0; k < P2P_MAX_INPUTS; k++)
      {
        const P2pNode *reader = g_ptr_array_index (nodes, j);

        if (reader->inputs[k] != node)
          continue;
        last = MAX (last, j);
        if (! (reader->depends & wanted))
          continue;
        first_gradient = MIN (first_gradient, 2 * n - j);
        if (reader->op->flags & P2P_BACKWARD_READS_INPUTS)
          last = MAX (last, 2 * n - j);
      }
  add_life (lives, VALUE, i, node->op ? i : 0, node->is_output ? end : last,
            (char *) node->x - node->graph->arena, p2p_node_size (node));
  if (node->depends & wanted)
    add_life (lives, GRADIENT, i, first_gradient, node->op ? 2 * n - i : end,
              node->g_storage->g_offset, p2p_node_size (node));
}

static GArray *
find_lives (Fixture *f,
            guint    wanted,
            int      n_threads)
{
  GArray *lives = g_array_new (FALSE, FALSE, sizeof (Life));
  int     n = f->graph->nodes->len;

  for (int i = 0; i < n; i++)
    {
      P2pNode *node = g_ptr_array_index (f->graph->nodes, i);
      gboolean back = (node->depends & wanted) != 0;

      if (node->param)
        continue;
      add_node_lives (lives, node, wanted);
      add_life (lives, OTHER, i, i, back ? 2 * n - i : i, node->saved_offset, node->saved_size);
      add_life (lives, OTHER, i, i, i, (char *) p2p_node_scratch (node) - f->graph->arena,
                node->scratch_size);
      for (int t = 0; t < n_threads; t++)
        add_life (lives, OTHER, i, i, i,
                  (char *) p2p_node_thread_scratch (node, t) - f->graph->arena,
                  node->thread_scratch_size);
      if (! back)
        continue;
      add_life (lives, OTHER, i, 2 * n - i, 2 * n - i,
                (char *) p2p_node_backward_scratch (node) - f->graph->arena,
                node->backward_scratch_size);
      for (int t = 0; t < n_threads; t++)
        add_life (lives, OTHER, i, 2 * n - i, 2 * n - i,
                  (char *) p2p_node_backward_thread_scratch (node, t) - f->graph->arena,
                  node->backward_thread_scratch_size);
    }

  return lives;
}

/* Whether b takes a's place, which an op must allow: its result in place of its first input, or the
 * first input's gradient in place of the result's gradient. */
static gboolean
takes_its_place (const Fixture *f,
                 const Life    *a,
                 const Life    *b)
{
  const P2pNode *from = g_ptr_array_index (f->graph->nodes, a->node);
  const P2pNode *to = g_ptr_array_index (f->graph->nodes, b->node);
  const P2pNode *op = a->what == VALUE ? to : from, *input = a->what == VALUE ? from : to;
  guint          flag = a->what == VALUE ? P2P_MAY_OVERWRITE : P2P_GRADIENT_IN_PLACE;

  return a->what == b->what && a->what != OTHER && op->op && op->op->flags & flag
         && op->inputs[0] == input && a->last == b->first && a->start == b->start
         && a->end == b->end;
}

static void
test_arena (gconstpointer data)
{
  static const guint wanteds[] = { P2P_PARAMS, P2P_INPUTS, P2P_INPUTS | P2P_PARAMS };

  for (guint w = 0; w < G_N_ELEMENTS (wanteds); w++)
    {
      Fixture            f = fixture_new (*(const Build *) data, 3, TRUE, wanteds[w]);
      g_autoptr (GArray) lives = find_lives (&f, wanteds[w], 3);
      int                n_shared = 0;

      for (guint i = 0; i < lives->len; i++)
        for (guint j = 0; j < lives->len; j++)
          {
            const Life *a = &g_array_index (lives, Life, i), *b = &g_array_index (lives, Life, j);

            g_assert_cmpuint (a->end + P2P_GUARD, <=, f.graph->arena_size);
            if (i == j || a->first > b->first || a->last < b->first
                || a->start >= b->end + P2P_GUARD || b->start >= a->end + P2P_GUARD)
              continue;
            if (! takes_its_place (&f, a, b) && ! takes_its_place (&f, b, a))
              g_error ("buffers of nodes %d (%d) and %d (%d) overlap while both are needed",
                       a->node, a->what, b->node, b->what);
            n_shared++;
          }
      g_assert_cmpint (n_shared, >, 5);
      fixture_clear (&f);
    }
}

/* ---- Wanted gradients ------------------------------------------------------------------- */

/* Gradients do not depend on which other gradients are wanted. */
static void
test_wanted (gconstpointer data)
{
  const Build          net = *(const Build *) data;
  Fixture              f = fixture_new (net, 2, TRUE, P2P_INPUTS | P2P_PARAMS);
  gsize                n, bytes = p2p_node_size (f.x) * sizeof (p2p_real);
  g_autofree p2p_real *zero = gradients (&f, &n), *both = NULL, *params = NULL, *inputs = NULL;

  run_backward (&f, P2P_INPUTS);
  inputs = g_memdup2 (f.x->g, bytes);
  params = gradients (&f, &n);
  g_assert_cmpmem (params, n * sizeof (p2p_real), zero, n * sizeof (p2p_real));
  g_free (params);

  run_backward (&f, P2P_PARAMS);
  g_assert_null (f.x->g);
  params = gradients (&f, &n);

  p2p_params_zero_grad (f.params);
  run_backward (&f, P2P_INPUTS | P2P_PARAMS);
  both = gradients (&f, &n);
  g_assert_cmpmem (f.x->g, bytes, inputs, bytes);
  g_assert_cmpmem (both, n * sizeof (p2p_real), params, n * sizeof (p2p_real));
  g_assert_true (memcmp (both, zero, n * sizeof (p2p_real)) != 0);
  fixture_clear (&f);
}

/* The gradients of graphs that share parameters add up until p2p_params_zero_grad () is called. */
static void
test_adds_up (void)
{
  Fixture              f = fixture_new (build_unet, 2, TRUE, P2P_PARAMS);
  P2pGraph            *first = f.graph;
  gsize                n;
  g_autofree p2p_real *once = NULL, *twice = NULL;
  g_autofree double   *expected = NULL;

  run_backward (&f, P2P_PARAMS);
  once = gradients (&f, &n);
  build (&f, build_unet, TRUE, P2P_PARAMS);
  plan (f.graph);
  run_backward (&f, P2P_PARAMS);
  twice = gradients (&f, &n);
  expected = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    expected[i] = 2.0 * once[i];
  g_assert_cmpfloat (nmse (twice, expected, n), <=, ROUNDING);
  p2p_graph_free (first);
  fixture_clear (&f);
}

/* Outputs without a seed do not contribute, and a seed is used for one backward only. */
static void
test_seeds (void)
{
  Fixture              f = fixture_new (build_d, 2, FALSE, P2P_INPUTS | P2P_PARAMS);
  gsize                bytes = p2p_node_size (f.x) * sizeof (p2p_real);
  g_autofree p2p_real *by_loss = NULL;
  p2p_real            *seed;

  run_backward (&f, P2P_INPUTS);
  by_loss = g_memdup2 (f.x->g, bytes);

  run (&f);
  seed = p2p_graph_seed (f.y);
  for (gsize i = 0; i < p2p_node_size (f.y); i++)
    seed[i] = 2.0 * (f.y->x[i] - 0.5) / p2p_node_size (f.y);    /* the loss's own gradient */
  p2p_graph_backward (f.graph, P2P_INPUTS);
  {
    g_autofree double *expected = g_new (double, p2p_node_size (f.x));

    for (gsize i = 0; i < p2p_node_size (f.x); i++)
      expected[i] = by_loss[i];
    g_assert_cmpfloat (nmse (f.x->g, expected, p2p_node_size (f.x)), <=, ROUNDING);
  }

  run (&f);
  p2p_graph_backward (f.graph, P2P_INPUTS);
  for (gsize i = 0; i < p2p_node_size (f.x); i++)
    g_assert_cmpfloat (f.x->g[i], ==, 0.0);
  fixture_clear (&f);
}

/* ---- The same bits ---------------------------------------------------------------------- */

static void
test_threads (gconstpointer data)
{
  static const int     counts[] = { 1, 2, 3, 7 };
  g_autofree p2p_real *first = NULL, *first_x = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      Fixture              f = fixture_new (*(const Build *) data, counts[i], TRUE,
                                            P2P_INPUTS | P2P_PARAMS);
      gsize                n, bytes = p2p_node_size (f.x) * sizeof (p2p_real);
      g_autofree p2p_real *now = NULL;

      run_backward (&f, P2P_INPUTS | P2P_PARAMS);
      now = gradients (&f, &n);
      if (! first)
        {
          first = g_steal_pointer (&now);
          first_x = g_memdup2 (f.x->g, bytes);
        }
      else if (memcmp (now, first, n * sizeof (p2p_real)) || memcmp (f.x->g, first_x, bytes))
        g_error ("%d threads give other bits than one", counts[i]);
      fixture_clear (&f);
    }
}

/* If both modes use the same algorithms, training computes the same as an apply. */
static void
test_modes (gconstpointer data)
{
  const Build          net = *(const Build *) data;
  Fixture              f = fixture_new (net, 2, TRUE, 0);
  gsize                n = p2p_node_size (f.y);
  gboolean             same = TRUE;
  g_autofree p2p_real *applied = NULL;
  g_autofree double   *expected = g_new (double, n);
  P2pGraph            *apply = f.graph;

  run (&f);
  applied = g_memdup2 (f.y->x, n * sizeof (p2p_real));
  build (&f, net, TRUE, P2P_PARAMS);
  plan (f.graph);
  run (&f);
  for (guint i = 0; i < f.graph->nodes->len; i++)
    same &= ((P2pNode *) apply->nodes->pdata[i])->algorithm
            == ((P2pNode *) f.graph->nodes->pdata[i])->algorithm;
  for (gsize i = 0; i < n; i++)
    expected[i] = applied[i];
  g_assert_cmpfloat (nmse (f.y->x, expected, n), <=, same ? 0.0 : ROUNDING);
  p2p_graph_free (apply);
  fixture_clear (&f);
}

int
main (int    argc,
      char **argv)
{
  static const char *const names[] = { "unet", "resnet", "unet-resize", "resnet-resize",
                                       "patchgan" };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (builds); i++)
    {
      g_autofree char *arena = g_strconcat ("/train-graph/arena/", names[i], NULL);
      g_autofree char *wanted = g_strconcat ("/train-graph/wanted/", names[i], NULL);
      g_autofree char *threads = g_strconcat ("/train-graph/threads/", names[i], NULL);
      g_autofree char *modes = g_strconcat ("/train-graph/modes/", names[i], NULL);

      g_test_add_data_func (arena, &builds[i], test_arena);
      g_test_add_data_func (wanted, &builds[i], test_wanted);
      g_test_add_data_func (threads, &builds[i], test_threads);
      g_test_add_data_func (modes, &builds[i], test_modes);
    }
  g_test_add_func ("/train-graph/adds-up", test_adds_up);
  g_test_add_func ("/train-graph/seeds", test_seeds);

  return g_test_run ();
}
