/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The parts of a step, which ranks share: sums of gradients are those of one binary tree, bit by
 * bit, also if they are rounded to travel in two bytes, and if they travel while backward still
 * runs; running statistics change in the order of parts, however many ranks there are; and ranks
 * agree on errors.  The ranks are threads here, so the test needs no MPI.  Built with the float
 * core and with the double core */

#include <math.h>
#include <string.h>

#include "ops/ops.h"
#include "p2p.h"
#include "testing.h"
#include "thread-ranks.h"
#include "train/agree.h"
#include "train/sum.h"

#define N          300000    /* elements; more than ranks exchange at a time */
#define N_STATE    3

/* ---- Sums ------------------------------------------------------------------------------- */

static int       n_parts;
static gboolean  reversed, half;
static p2p_real *wanted;         /* [N] */
static p2p_real  wanted_state[N_STATE];

/* The gradients of all sizes that a float can have, and of both signs. */
static p2p_real
gradient_of (int   part,
             gsize i)
{
  const double x = (i * 7919 + part * 104729) % 1000003 / 7.0 - 50000.0;

  return i == 5 ? NAN : i % 9 == 0 ? 1e-40 * x : i % 9 == 1 ? 1e30 * x : x;
}

static p2p_real *part_gradients[MOST_RANKS];    /* of test_overlap (); NULL elsewhere */

/* The nearest number with eight binary digits, ties to even, or a multiple of the smallest
 * bfloat16. */
static p2p_real
rounded (p2p_real x)
{
  int exponent;

  if (! half || n_parts == 1 || isnan (x))
    return x;
  frexp ((float) x, &exponent);
  exponent = MAX (exponent - 8, -133);
  return ldexp (rint (ldexp ((float) x, -exponent)), exponent);
}

/* The sum over the parts first … first + length − 1, of which those from n_parts on are missing. */
static p2p_real
tree (int   first,
      int   length,
      gsize i)
{
  if (length == 1)
    return rounded (part_gradients[0] ? part_gradients[first][i] : gradient_of (first, i));
  if (first + length / 2 >= n_parts)
    return tree (first, length / 2, i);
  return rounded (tree (first, length / 2, i) + tree (first + length / 2, length / 2, i));
}

/* What one forward of a part adds to the running statistics.  The last value is not measured. */
static double
addend (int part,
        int forward,
        int k)
{
  return k < N_STATE - 1 ? 0.1 * (10 * part + 3 * forward + k) : NAN;
}

static P2pParams *
make_params (void)
{
  const int     dims[] = { N - 7 }, rest[] = { 7 }, state[] = { N_STATE };
  const P2pInit zero = { 0.0, 0.0 };
  P2pParams    *params = p2p_params_new ();

  p2p_params_declare (params, "weight", P2P_TRAINABLE, 1, dims, zero, NULL);
  p2p_params_declare (params, "bias", P2P_TRAINABLE, 1, rest, zero, NULL);
  p2p_params_declare (params, "running", P2P_STATE, 1, state, zero, NULL);
  g_assert_true (p2p_params_init (params, 0, NULL));
  p2p_params_train (params);
  return params;
}

/* What a part's forwards and backward do. */
static void
compute_part (P2pParams *params,
              int        part)
{
  p2p_real *gradient = p2p_params_train (params).gradient;
  p2p_real *running = p2p_params_values (params, P2P_STATE);

  for (int forward = 0; forward < 2; forward++)
    {
      p2p_params_begin_row (params);
      for (int k = 0; k < N_STATE - 1; k++)
        p2p_params_follow (params, running + k, addend (part, forward, k));
    }
  for (gsize i = 0; i < N; i++)
    gradient[i] += gradient_of (part, i);
}

static void
check_rank (const P2pRanks *ranks)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (1);
  g_autoptr (P2pParts)    parts = p2p_parts_new (n_parts, half, ranks, parallel);
  g_autoptr (P2pParams)   params = make_params ();
  g_autoptr (P2pSum)      sum = p2p_sum_new (parts, params, NULL);
  const int               n = parts->end - parts->first;

  for (int step = 0; step < 2; step++)    /* the second one begins without traces of the first */
    {
      memset (p2p_params_values (params, P2P_STATE), 0, N_STATE * sizeof (p2p_real));
      p2p_sum_start (sum);
      for (int i = 0; i < n; i++)
        {
          const int part = reversed ? parts->end - 1 - i : parts->first + i;

          compute_part (params, part);
          p2p_sum_add (sum, part);
        }
      p2p_sum_finish (sum);
      p2p_sum_statistics (sum, reversed);
      g_assert_cmpmem (p2p_params_train (params).gradient, N * sizeof (p2p_real), wanted,
                       N * sizeof (p2p_real));
      g_assert_cmpmem (p2p_params_values (params, P2P_STATE), sizeof wanted_state, wanted_state,
                       sizeof wanted_state);
    }
}

/* Not inlined: GCC 12 at -O2 would otherwise keep the value in a register of doubles from one call
 * to the next, without rounding it to float. */
static G_GNUC_NO_INLINE void
follow (p2p_real *running,
        double    added)
{
  *running = (1.0 - 0.1) * *running + added;
}

static void
set_wanted (void)
{
  int length = 1;

  while (length < n_parts)
    length *= 2;
  for (gsize i = 0; i < N; i++)
    wanted[i] = tree (0, length, i);
  memset (wanted_state, 0, sizeof wanted_state);
  for (int i = 0; i < n_parts; i++)
    for (int forward = 0; forward < 2; forward++)
      for (int k = 0; k < N_STATE - 1; k++)
        follow (&wanted_state[k], addend (reversed ? n_parts - 1 - i : i, forward, k));
}

static void
test_sums (void)
{
  static const int numbers[] = { 1, 2, 3, 5, 6, 11 };

  wanted = g_new (p2p_real, N);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    for (int kind = 0; kind < 4; kind++)
      {
        n_parts = numbers[i];
        reversed = kind % 2;
        half = kind / 2;
        set_wanted ();
        for (int n = 1; n <= MIN (n_parts, MOST_RANKS); n++)
          with_ranks (n, check_rank);
      }
  g_free (wanted);
}

/* ---- Sums that are exchanged while backward runs ---------------------------------------- */

#define WIDTH    520                    /* channels */
#define N_LAYERS 4
#define N_NET    (N_LAYERS * WIDTH * WIDTH)

typedef struct
{
  P2pGraph *graph;
  P2pNode  *x, *y;
} Net;

/* Layers of WIDTH channels for one pixel.  The last one is not part of the result, so its gradients
 * are zero.  The names are not in the order of the layers. */
static Net
build_net (P2pParams   *params,
           P2pParallel *parallel)
{
  const P2pGraphOptions options = { .gradients = P2P_PARAMS };
  Net                   net = { p2p_graph_new (params, parallel, &options) };
  const P2pAt           at = p2p_at (net.graph);

  net.x = net.y = p2p_input (net.graph, 1, 1, 1, WIDTH);
  for (int i = 0; i < N_LAYERS - 1; i++)
    net.y = p2p_conv (p2p_sub (at, "%d", (i + 2) % N_LAYERS), net.y, WIDTH, 1, 1, 0, FALSE);
  p2p_output (p2p_conv (p2p_sub (at, "unused"), net.y, WIDTH, 1, 1, 0, FALSE));
  p2p_output (net.y);
  return net;
}

/* The forward and the backward of a part. */
static void
run_net (Net    *net,
         int     part,
         P2pSum *sum)
{
  fill_random (net->x->x, WIDTH, part);
  forward (net->graph, 0);
  fill_random (p2p_graph_seed (net->y), WIDTH, 100 + part);
  if (sum)
    p2p_sum_overlap (sum, part, net->graph);
  p2p_graph_backward (net->graph, P2P_PARAMS);
}

/* Declares the layers of params out of their order, and plans the graph. */
static Net
new_net (P2pParams   *params,
         P2pParallel *parallel)
{
  Net           net;
  const int     dims[] = { WIDTH, WIDTH, 1, 1 };
  const P2pInit init = { 0.0, 0.05 };

  for (int i = 0; i < N_LAYERS; i++)
    {
      g_autofree char *name = i == 1 ? g_strdup ("unused.weight")
                                     : g_strdup_printf ("%d.weight", i);

      p2p_params_declare (params, name, P2P_TRAINABLE, 4, dims, init, NULL);
    }
  g_assert_true (p2p_params_init (params, 0, NULL));
  p2p_params_train (params);
  net = build_net (params, parallel);
  plan (net.graph);
  return net;
}

static void
check_overlap (const P2pRanks *ranks)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (1);
  g_autoptr (P2pParts)    parts = p2p_parts_new (n_parts, half, ranks, parallel);
  g_autoptr (P2pParams)   params = p2p_params_new ();
  Net                     net = new_net (params, parallel);
  g_autoptr (P2pSum)      sum = p2p_sum_new (parts, params, NULL);

  for (int step = 0; step < 2; step++)    /* the second one begins without traces of the first */
    {
      fill_random (p2p_params_train (params).gradient, N_NET, step);
      p2p_sum_start (sum);    /* forgets it */
      run_net (&net, ranks->rank, sum);
      p2p_sum_add (sum, ranks->rank);
      p2p_sum_finish (sum);
      g_assert_cmpmem (p2p_params_train (params).gradient, N_NET * sizeof (p2p_real), wanted,
                       N_NET * sizeof (p2p_real));
    }
  p2p_graph_free (net.graph);
}

static void
test_overlap (void)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (1);
  g_autoptr (P2pParams)   params = p2p_params_new ();
  Net                     net = new_net (params, parallel);

  wanted = g_new (p2p_real, N_NET);
  for (int part = 0; part < MOST_RANKS; part++)
    {
      p2p_params_zero_grad (params);
      run_net (&net, part, NULL);
      part_gradients[part] = g_memdup2 (p2p_params_train (params).gradient,
                                        N_NET * sizeof (p2p_real));
    }
  for (half = FALSE; half <= TRUE; half++)
    for (n_parts = 2; n_parts <= MOST_RANKS; n_parts++)
      {
        for (gsize i = 0; i < N_NET; i++)
          wanted[i] = tree (0, 8, i);
        with_ranks (n_parts, check_overlap);
      }
  for (int part = 0; part < MOST_RANKS; part++)
    g_clear_pointer (&part_gradients[part], g_free);
  g_free (wanted);
  p2p_graph_free (net.graph);
}

/* ---- Numbers and pictures --------------------------------------------------------------- */

static void
check_numbers (const P2pRanks *ranks)
{
  g_autoptr (P2pParts) parts = p2p_parts_new (5, FALSE, ranks, NULL);
  p2p_real             pictures[5][3] = { { 0.0 } };

  for (int i = parts->first; i < parts->end; i++)
    {
      parts->numbers[i][2] = pow (10.0, i);
      pictures[i][1] = i;
    }
  p2p_parts_gather_numbers (parts);
  p2p_parts_share (parts, pictures[0], 3);
  g_assert_cmpfloat (p2p_parts_total (parts, 2), ==, 11111.0);
  for (int i = 0; i < 5; i++)
    g_assert_cmpfloat (pictures[i][1], ==, i);
}

static void
test_numbers (void)
{
  for (int n = 1; n <= 5; n++)
    with_ranks (n, check_numbers);
}

/* Each rank needs a part. */
static void
test_few (void)
{
  const P2pRanks     ranks = { 3, 0, 3, "here", TRUE, gather, exchange, wait_for };
  g_autoptr (GError) error = NULL;

  g_assert_true (p2p_parts_check (3, &ranks, NULL));
  g_assert_true (p2p_parts_check (1, NULL, NULL));
  g_assert_false (p2p_parts_check (2, &ranks, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_OPTION);
}

/* ---- Agreement -------------------------------------------------------------------------- */

static void
check_agreement (const P2pRanks *ranks)
{
  GError *error = NULL;

  g_assert_true (p2p_agree (ranks, TRUE, &error));
  g_assert_no_error (error);
  g_assert_false (p2p_agree_any (ranks, FALSE));
  g_assert_true (p2p_agree_any (ranks, me == 1));

  if (me == 1)
    g_set_error_literal (&error, P2P_ERROR, P2P_ERROR_MEMORY, "too much");
  if (me == 2)
    g_set_error_literal (&error, P2P_ERROR, P2P_ERROR_MEMORY, "even more");
  g_assert_false (p2p_agree (ranks, me == 0, &error));
  g_assert_cmpstr (error->message, ==, "rank 1, on here: too much");
  g_clear_error (&error);

  if (me == 2)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped");
  g_assert_false (p2p_agree (ranks, me != 2, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  g_assert_true (p2p_agree_lines (ranks, "a=1\nb=2\n", &error));
  g_assert_false (p2p_agree_lines (ranks, me == 2 ? "a=1\nb=3\n" : "a=1\nb=2\n", &error));
  g_assert_nonnull (strstr (error->message, "“b=2”, and rank 2 has “b=3”"));
  g_clear_error (&error);
}

static void
test_agreement (void)
{
  with_ranks (3, check_agreement);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parts/sums", test_sums);
  g_test_add_func ("/parts/overlap", test_overlap);
  g_test_add_func ("/parts/numbers", test_numbers);
  g_test_add_func ("/parts/few", test_few);
  g_test_add_func ("/parts/agreement", test_agreement);
  return g_test_run ();
}
