/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Training CycleGAN: ten steps compared with PyTorch (data/cyclegan.safetensors, made by
 * make-steps.py), the image pool, and what a training does not depend on.  Built with the float
 * core and with the double core. */

#include "steps-reference.h"
#include "train/pool.h"
#include "train/watch.h"
#include "train/ways.h"

static const char plain[] = "recipe=cyclegan net=resnet depth=1 ngf=4 norm=instance dropout=0 "
                            "input_nc=3 d=patch ndf=4 n_layers=3 conditional=0 gan=lsgan "
                            "lambda_gan=1 batch=1 size=32 accumulate=1 ema=0 diffaugment=0 "
                            "upsample=transposed pool=3";

/* ---- Against PyTorch -------------------------------------------------------------------- */

static void
test_pytorch (gconstpointer data)
{
  steps_compare ("cyclegan.safetensors", data, 5e-3);
}

/* Fills the networks, in the order G_A, G_B, D_A, D_B, with 0.1 · sin (0.7 j + k + 10 i): network
 * i, parameter k, element j. */
static void
fill_with_sines (Steps *steps)
{
  for (int i = 0; i < 4; i++)
    {
      P2pParams *params = steps->recipe->params (steps->training, steps->recipe->networks[i]);

      for (guint k = 0; k < p2p_params_length (params); k++)
        for (gsize j = 0; j < p2p_params_nth (params, k)->n; j++)
          p2p_params_nth (params, k)->value[j] = 0.1 * sin (0.7 * j + k + 10.0 * i);
      p2p_params_changed (params);
    }
}

/* Losses of three steps, which another program computed with PyTorch in double precision. */
static void
test_known_losses (void)
{
  static const double known[3][8] =
  {
    { 1.192586573, 5.801638591, 1.697573453, 0.998932993, 3.241232224, 2.904746482, 0.592101532,
      0.606305887 },
    { 1.115432325, 5.805974855, 1.687875908, 0.962096548, 3.248398028, 2.906051000, 0.544768899,
      0.500920305 },
    { 1.041192922, 5.805390586, 1.687652592, 0.807149375, 3.269918895, 2.899831191, 0.502667165,
      0.421460254 },
  };
  g_autofree char *line = g_strconcat ("pool=0 ", plain, NULL);
  Steps           *steps = steps_new (line, 1);
  p2p_real         pictures[2][32 * 32 * 3];
  const P2pBatch   batch = { 1, 32, 32, pictures[0], pictures[1] };
  double           losses[P2P_MAX_LOSSES];
  const double     most = sizeof (p2p_real) == sizeof (double) ? 1e-8 : 1e-4;

  fill_with_sines (steps);
  for (int c = 0, j = 0; c < 3; c++)
    for (int i = 0; i < 32 * 32; i++, j++)
      {
        pictures[0][3 * i + c] = 0.9 * sin (0.7 * j + 1.0);
        pictures[1][3 * i + c] = 0.5 * sin (0.7 * j + 2.0);
      }
  for (int step = 0; step < 3; step++)
    {
      g_assert_true (steps->recipe->step (steps->training, &batch, 2e-4, step, losses, NULL));
      for (int i = 0; i < 8; i++)
        g_assert_cmpfloat (fabs (losses[i] - known[step][i]), <=, most * known[step][i]);
    }
  steps_free (steps);
}

/* ---- The first steps -------------------------------------------------------------------- */

/* mean |G (x) − x| for the generator of a way, and pictures x [32 × 32 × 3]. */
static double
distance_from_identity (Steps          *steps,
                        const char     *network,
                        const p2p_real *x)
{
  const P2pGraphOptions options = { P2P_STATS_OWN };
  P2pGraph *graph = p2p_graph_new (steps->recipe->params (steps->training, network),
                                   steps->parallel, &options);
  P2pNode  *in = p2p_input (graph, 1, 32, 32, 3);
  P2pNode  *out = p2p_net_resnet.build (p2p_at (graph), in, &steps->options.g);
  double    sum = 0.0;

  p2p_output (out);
  plan (graph);
  memcpy (in->x, x, 32 * 32 * 3 * sizeof (p2p_real));
  forward (graph, 0);
  for (int i = 0; i < 32 * 32 * 3; i++)
    sum += fabs ((double) out->x[i] - x[i]);
  p2p_graph_free (graph);
  return sum / (32 * 32 * 3);
}

/* All values of a network (newly allocated). */
static p2p_real *
copy_values (Steps      *steps,
             const char *network,
             gsize      *n)
{
  P2pParams *params = steps->recipe->params (steps->training, network);

  *n = p2p_params_count (params, P2P_TRAINABLE);
  return g_memdup2 (p2p_params_values (params, P2P_TRAINABLE), *n * sizeof (p2p_real));
}

/* In the first steps the generators learn to leave both kinds of pictures as they are.  Then the
 * discriminators begin like any others: Adam's first step is as long as the rate. */
static void
test_first_steps (void)
{
  enum { FIRST = 4, LOSSES = 8 };
  g_autofree char     *line = g_strdup_printf ("%s identity=0 identity_steps=%d lambda_A=8", plain,
                                               FIRST);
  Steps               *steps = steps_new (line, 1);
  p2p_real             pictures[2][32 * 32 * 3];
  const P2pBatch       batch = { 1, 32, 32, pictures[0], pictures[1] };
  double               losses[P2P_MAX_LOSSES], farthest = 0.0;
  gsize                n;
  g_autofree p2p_real *d = copy_values (steps, "D_A", &n), *later = NULL;

  for (int step = 0; step < FIRST; step++)
    {
      double away[2] = { 0.0 };

      for (int kind = 0; kind < 2; kind++)
        fill_random (pictures[kind], G_N_ELEMENTS (pictures[kind]), 2 * step + kind);
      for (int way = 0; way < 2; way++)
        for (int kind = 0; kind < 2; kind++)
          away[way] += 0.5 * (kind == 0 ? 8.0 : 10.0)
                       * distance_from_identity (steps, way == 0 ? "G_A" : "G_B", pictures[kind]);
      steps->recipe->step (steps->training, &batch, 2e-4, step, losses, NULL);
      for (int i = 0; i < LOSSES; i++)
        g_assert_cmpfloat (fabs (losses[i] - (i == 2 ? away[0] : i == 5 ? away[1] : 0.0)), <=,
                           1e-5 * losses[i]);
    }
  later = copy_values (steps, "D_A", &n);
  g_assert_cmpmem (later, n * sizeof (p2p_real), d, n * sizeof (p2p_real));
  g_free (later);

  steps->recipe->step (steps->training, &batch, 2e-4, FIRST, losses, NULL);
  g_assert_cmpfloat (losses[0] * losses[1] * losses[6], >, 0.0);
  g_assert_cmpfloat (losses[2], ==, 0.0);
  later = copy_values (steps, "D_A", &n);
  for (gsize i = 0; i < n; i++)
    farthest = MAX (farthest, fabs (later[i] - d[i]));
  g_assert_cmpfloat (fabs (farthest - 2e-4), <=, 1e-6);
  steps_free (steps);
}

/* ---- Noise ------------------------------------------------------------------------------ */

/* Only what is turned back has noise: in the first step the discriminators and the identities see
 * what they see without it. */
static void
test_noise (void)
{
  g_autofree char *line = g_strconcat (plain, " cycle_noise=0.3", NULL);
  Steps           *without = steps_new (plain, 1), *with = steps_new (line, 1);

  steps_run (without);
  steps_run (with);
  for (int i = 0; i < 8; i++)
    if (i == 1 || i == 4)    /* cycle_A and cycle_B */
      g_assert_cmpfloat (fabs (with->losses[0][i] - without->losses[0][i]), >, 1e-4);
    else
      g_assert_cmpfloat (with->losses[0][i], ==, without->losses[0][i]);
  steps_free (without);
  steps_free (with);
}

/* ---- What a training does not depend on ------------------------------------------------- */

/* All values of all networks and pools.  Caller frees the result. */
static p2p_real *
values (Steps *steps,
        gsize *bytes)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (p2p_real));

  for (int i = 0; steps->recipe->networks[i]; i++)
    {
      P2pParams *params = steps->recipe->params (steps->training, steps->recipe->networks[i]);

      for (guint j = 0; params && j < p2p_params_length (params); j++)
        g_array_append_vals (all, p2p_params_nth (params, j)->value, p2p_params_nth (params, j)->n);
    }
  *bytes = all->len * sizeof (p2p_real);
  return (p2p_real *) g_array_free (all, FALSE);
}

static void
test_threads (void)
{
  Steps               *one = steps_new (plain, 1), *three = steps_new (plain, 3);
  gsize                bytes, other_bytes;
  g_autofree p2p_real *first = NULL, *second = NULL;

  steps_run (one);
  steps_run (three);
  first = values (one, &bytes);
  second = values (three, &other_bytes);
  g_assert_cmpmem (first, bytes, second, other_bytes);
  steps_free (one);
  steps_free (three);
}

/* Two trainings, of which the second has A and B exchanged, in its pictures and in its networks'
 * initial weights, learn the same with exchanged names. */
static void
test_exchanged (void)
{
  static const char *const names[] = { "G_A", "G_B", "D_A", "D_B" };
  Steps                   *one = steps_new (plain, 1), *other = steps_new (plain, 1);
  p2p_real                 pictures[2][32 * 32 * 3];
  const P2pBatch           ab = { 1, 32, 32, pictures[0], pictures[1] };
  const P2pBatch           ba = { 1, 32, 32, pictures[1], pictures[0] };
  double                   losses[2][P2P_MAX_LOSSES];

  for (int i = 0; i < 4; i++)
    steps_fill (other->recipe->params (other->training, names[i]), steps_seed (names[i ^ 1]));
  for (int step = 0; step < 2; step++)    /* the pools' random choices come later */
    {
      fill_random (pictures[0], G_N_ELEMENTS (pictures[0]), 2 * step);
      fill_random (pictures[1], G_N_ELEMENTS (pictures[1]), 2 * step + 1);
      one->recipe->step (one->training, &ab, 2e-4, step, losses[0], NULL);
      other->recipe->step (other->training, &ba, 2e-4, step, losses[1], NULL);
    }
  for (int i = 0; i < 3; i++)
    g_assert_cmpfloat (fabs (losses[0][i] - losses[1][3 + i]), <=, 1e-4 * losses[0][i]);
  g_assert_cmpfloat (fabs (losses[0][6] - losses[1][7]), <=, 1e-4 * losses[0][6]);
  steps_free (one);
  steps_free (other);
}

/* No more than two generators' graphs are in memory at a time. */
static void
test_memory (void)
{
  Steps   *steps = steps_new (plain, 1);
  P2pWays *ways = steps->training;

  steps_run (steps);
  g_assert_true (ways->way[0].first.graph->arena == ways->way[1].first.graph->arena);
  g_assert_true (ways->way[0].second.graph->arena == ways->way[1].second.graph->arena);
  steps_free (steps);
}

/* Translates a picture as a step does.  It must have a target, which does not matter here. */
static void
translate (P2pTranslation *translation,
           const p2p_real *from,
           p2p_real       *to)
{
  const gsize size = p2p_node_size (translation->in) * sizeof *from;

  memcpy (translation->in->x, from, size);
  memcpy (translation->target->x, from, size);
  p2p_graph_forward (translation->graph, 0, NULL, NULL, NULL, NULL);
  memcpy (to, translation->out->x, size);
}

static void
test_answer (void)
{
  Steps         *steps = steps_new (plain, 1);
  p2p_real       pictures[2][32 * 32 * 3], wanted[32 * 32 * 3];
  const P2pBatch batch = { 1, 32, 32, pictures[0], pictures[1] };
  P2pWays       *ways = steps->training;

  fill_random (pictures[0], G_N_ELEMENTS (pictures[0]), 1);
  g_assert_true (p2p_ways_fit (ways, (P2pSize) { 32, 32 }, NULL));
  translate (&ways->way[0].first, pictures[0], wanted);
  translate (&ways->way[1].second, wanted, wanted);

  g_assert_true (steps->recipe->answer (steps->training, 0, &batch, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    g_assert_cmpfloat (fabs (pictures[1][i] - wanted[i]), <=, 1e-5);
  steps_free (steps);
}

/* ---- The pool --------------------------------------------------------------------------- */

#define SIZE  50
#define ASKED 100000

/* The first pictures come back at once.  Later about half of the pictures come from the pool, and a
 * picture stays there for 100 pictures on average. */
static void
test_pool (void)
{
  P2pParams *pool = p2p_pool_new (SIZE, 1, 1, 1, NULL);
  double     from_pool = 0.0, stay = 0.0;

  for (int i = 0; i < SIZE + ASKED; i++)
    {
      const p2p_real picture = i;
      p2p_real       shown;

      p2p_pool_exchange (pool, i, 1, 2, &picture, &shown);
      if (i < SIZE)
        g_assert_cmpfloat (shown, ==, picture);
      else if (shown != picture)
        {
          from_pool++;
          stay += i - shown;
        }
    }
  g_assert_cmpfloat (fabs (from_pool / ASKED - 0.5), <=, 0.005);
  g_assert_cmpfloat (fabs (stay / from_pool - 100.0), <=, 2.0);
  p2p_params_free (pool);
}

/* ---- Warnings --------------------------------------------------------------------------- */

/* The warning after 600 steps with this input, result and loss of D. */
static const char *
warning_for (const p2p_real *input,
             const p2p_real *result,
             double          d_loss)
{
  P2pWatch watch = { 0 };
  double   change, likeness;

  for (int i = 0; i < 600; i++)
    {
      p2p_watch_compare (4, 1, input, result, &change, &likeness);
      p2p_watch_results (&watch, change, likeness);
      p2p_watch_d (&watch, d_loss);
    }
  return p2p_watch_warning (&watch);
}

static void
test_warnings (void)
{
  const p2p_real input[] = { -0.5, 0.5, 0.3, -0.1 }, good[] = { -0.4, 0.7, 0.1, -0.3 };
  const p2p_real inverted[] = { 0.5, -0.5, -0.3, 0.1 };

  g_assert_null (warning_for (input, good, 0.2));
  g_assert_nonnull (strstr (warning_for (input, inverted, 0.2), "inverted"));
  g_assert_nonnull (strstr (warning_for (input, input, 0.2), "nearly the same as the inputs"));
  g_assert_nonnull (strstr (warning_for (input, good, 0.001), "learns little"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  steps_add_cases ("/cyclegan/pytorch/", "cyclegan.safetensors", test_pytorch);
  g_test_add_func ("/cyclegan/known-losses", test_known_losses);
  g_test_add_func ("/cyclegan/first-steps", test_first_steps);
  g_test_add_func ("/cyclegan/noise", test_noise);
  g_test_add_func ("/cyclegan/threads", test_threads);
  g_test_add_func ("/cyclegan/exchanged", test_exchanged);
  g_test_add_func ("/cyclegan/memory", test_memory);
  g_test_add_func ("/cyclegan/answer", test_answer);
  g_test_add_func ("/cyclegan/pool", test_pool);
  g_test_add_func ("/cyclegan/warnings", test_warnings);

  return g_test_run ();
}
