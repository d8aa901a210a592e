/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Ranks that share an evaluation: all get the bits of one process, and stop together.  The ranks
 * are threads here, so the test needs no MPI */

#include "ops/ops.h"
#include "pairs.h"
#include "thread-ranks.h"
#include "train/evaluate.h"

#define N_PAIRS 11

static Fixture   *shared;
static guint      n_wanted;                       /* pictures to evaluate */
static int        stopping;                       /* the rank that is stopped; −1: none */
static P2pMetrics found[MOST_RANKS];
static guint      n_told[MOST_RANKS];             /* pictures that a rank has evaluated */

/* A rank's network and its cancellable. */
typedef struct
{
  P2pParallel  *parallel;
  P2pParams    *params;
  P2pGraph     *graph;
  GCancellable *cancellable;
} Own;

static P2pGraph *
get_graph (int        w,
           int        h,
           P2pNode  **input,
           P2pNode  **output,
           gpointer   data,
           GError   **error)
{
  Own                  *own = data;
  const P2pGraphOptions mode = { P2P_STATS_OWN };

  own->graph = p2p_graph_new (own->params, own->parallel, &mode);
  *input = p2p_input (own->graph, 1, h, w, 3);
  *output = p2p_tanh (*input);
  p2p_output (*output);
  return p2p_graph_plan (own->graph, error) ? own->graph : NULL;
}

/* Stops its rank during the first picture. */
static gboolean
on_picture (const P2pEvaluated  *evaluated,
            guint                index,
            gpointer             data,
            GError             **error)
{
  Own *own = data;

  n_told[me]++;
  if (me == stopping)
    g_cancellable_cancel (own->cancellable);
  return TRUE;
}

static void
evaluate (const P2pRanks *ranks)
{
  const P2pTrainOptions     options = { .load_size = { SIDE, SIDE }, .crop_size = { SIDE, SIDE },
                                        .net_g = &p2p_net_unet,
                                        .g = { .num_downs = 4, .input_nc = 3, .output_nc = 3 } };
  g_autoptr (P2pDataset)    dataset = open_set (shared, &aligned);
  g_autoptr (GCancellable)  cancellable = g_cancellable_new ();
  g_autoptr (P2pParallel)   parallel = p2p_parallel_new (1);
  g_autoptr (P2pParams)     params = p2p_params_new ();
  g_autoptr (GError)        error = NULL;
  Own                       own = { parallel, params, NULL, cancellable };
  const P2pEvaluation       evaluation = {
    .graph = get_graph, .dataset = dataset, .kind = aligned, .options = &options, .ranks = ranks,
    .n = n_wanted, .tell = on_picture, .data = &own,
  };

  n_told[me] = 0;
  if (p2p_evaluate (&evaluation, cancellable, &found[me], &error))
    g_assert_no_error (error);
  else
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true ((error != NULL) == (stopping >= 0));
  p2p_graph_free (own.graph);
}

static int picture;    /* that is being written */

static int
value (int x,
       int y,
       int k)
{
  return p2p_random (picture, 64 * y + x, k) % 256;
}

static void
set_up_pairs (Fixture       *fixture,
              gconstpointer  data)
{
  set_up (fixture, data);
  shared = fixture;
  stopping = -1;
  for (picture = 0; picture < N_PAIRS; picture++)
    {
      g_autofree char *name = g_strdup_printf ("%02d.png", picture);

      write_picture (fixture, name, 2 * SIDE, SIDE, value);
    }
}

/* All pictures, and as many as end within a round. */
static void
test_bits (Fixture       *fixture,
           gconstpointer  data)
{
  const gsize numbers = sizeof (P2pMetrics) - G_STRUCT_OFFSET (P2pMetrics, l1);

  for (n_wanted = 7; n_wanted <= N_PAIRS; n_wanted += N_PAIRS - 7)
    {
      P2pMetrics wanted;

      with_ranks (1, evaluate);
      wanted = found[0];
      g_assert_cmpuint (wanted.n, ==, n_wanted);
      for (int n = 2; n <= MOST_RANKS; n++)
        {
          with_ranks (n, evaluate);
          for (int r = 0; r < n; r++)
            {
              g_assert_cmpuint (found[r].n, ==, n_wanted);
              g_assert_cmpmem (&found[r].l1, numbers, &wanted.l1, numbers);
              g_assert_cmpuint (n_told[r], <=, (n_wanted + n - 1) / n);
            }
        }
    }
}

/* No rank goes on for more than the picture that it has begun. */
static void
test_stop (Fixture       *fixture,
           gconstpointer  data)
{
  n_wanted = N_PAIRS;
  for (stopping = 0; stopping < 3; stopping++)
    {
      with_ranks (3, evaluate);
      for (int r = 0; r < 3; r++)
        g_assert_cmpuint (n_told[r], <=, 2);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/evaluate/bits", Fixture, NULL, set_up_pairs, test_bits, tear_down);
  g_test_add ("/evaluate/stop", Fixture, NULL, set_up_pairs, test_stop, tear_down);
  return g_test_run ();
}
