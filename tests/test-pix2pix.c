/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Training pix2pix: ten steps compared with PyTorch (data/steps.safetensors, made by
 * make-steps.py), discriminators, batches, and what a step does not change.  Built with the float
 * core and with the double core. */

#include "steps-reference.h"

static const char plain[] = "net=unet depth=5 ngf=2 norm=batch dropout=1 input_nc=3 d=patch ndf=3 "
                            "n_layers=3 conditional=1 gan=vanilla lambda_gan=1 batch=1 size=32 "
                            "accumulate=1 ema=0 diffaugment=0 upsample=transposed";

/* ---- Against PyTorch -------------------------------------------------------------------- */

static void
test_pytorch (gconstpointer data)
{
  steps_compare ("steps.safetensors", data, 1e-3);
}

/* ---- A step ----------------------------------------------------------------------------- */

/* All values of a network.  Caller frees the result. */
static p2p_real *
values (Steps      *steps,
        const char *network,
        gsize      *bytes)
{
  P2pParams *params = p2p_recipe_pix2pix.params (steps->training, network);
  GArray    *all = g_array_new (FALSE, FALSE, sizeof (p2p_real));

  for (guint i = 0; i < p2p_params_length (params); i++)
    g_array_append_vals (all, p2p_params_nth (params, i)->value, p2p_params_nth (params, i)->n);
  *bytes = all->len * sizeof (p2p_real);
  return (p2p_real *) g_array_free (all, FALSE);
}

static void
test_threads (void)
{
  static const int     counts[] = { 1, 2, 3, 7 };
  g_autofree p2p_real *g = NULL, *d = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      Steps               *steps = steps_new (plain, counts[i]);
      gsize                g_bytes, d_bytes;
      g_autofree p2p_real *now_g = NULL, *now_d = NULL;

      steps_run (steps);
      now_g = values (steps, "G", &g_bytes);
      now_d = values (steps, "D", &d_bytes);
      if (! g)
        {
          g = g_steal_pointer (&now_g);
          d = g_steal_pointer (&now_d);
        }
      else if (memcmp (g, now_g, g_bytes) || memcmp (d, now_d, d_bytes))
        g_error ("%d threads give other weights than one", counts[i]);
      steps_free (steps);
    }
}

/* Without the GAN loss, D is not trained and sees no pictures. */
static void
test_without_gan (void)
{
  g_autofree char     *line = g_strconcat (plain, " ", NULL);
  Steps               *steps;
  gsize                bytes;
  g_autofree p2p_real *before = NULL, *after = NULL;

  *(strstr (line, "lambda_gan=1") + strlen ("lambda_gan=")) = '0';
  steps = steps_new (line, 1);
  before = values (steps, "D", &bytes);
  steps_run (steps);
  after = values (steps, "D", &bytes);
  g_assert_cmpmem (after, bytes, before, bytes);
  g_assert_cmpfloat (steps->losses[0][0], ==, 0.0);
  steps_free (steps);
}

/* Another graph on the same weights, such as the one for samples, sees the weights after the steps,
 * not what it prepared from the old weights. */
static void
test_other_graph (void)
{
  Steps               *steps = steps_new (plain, 2);
  P2pParams           *params = p2p_recipe_pix2pix.params (steps->training, "G");
  g_autofree p2p_real *kept = NULL;
  P2pNode             *x = NULL, *y = NULL;

  for (int i = 0; i < 2; i++)    /* a graph made before the steps, and one made after them */
    {
      P2pGraphOptions options = { P2P_STATS_OWN };
      P2pGraph       *graph = p2p_graph_new (params, steps->parallel, &options);
      gsize           bytes;

      x = p2p_input (graph, 1, 32, 32, 3);
      y = p2p_net_unet.build (p2p_at (graph), x, &steps->options.g);
      p2p_output (y);
      plan (graph);
      fill_random (x->x, p2p_node_size (x), 1);
      forward (graph, 0);
      bytes = p2p_node_size (y) * sizeof (p2p_real);
      if (i == 0)
        {
          kept = g_memdup2 (y->x, bytes);
          steps_run (steps);
          fill_random (x->x, p2p_node_size (x), 1);
          forward (graph, 0);
          g_assert_true (memcmp (y->x, kept, bytes) != 0);
          memcpy (kept, y->x, bytes);
        }
      else
        g_assert_cmpmem (y->x, bytes, kept, bytes);
      p2p_graph_free (graph);
    }
  steps_free (steps);
}

/* A smaller last batch is trained as well. */
static void
test_batches (void)
{
  g_autofree char *line = g_strconcat (plain, " ", NULL);
  Steps           *steps;
  double           losses[P2P_MAX_LOSSES];
  gsize            size = 3 * 32 * 32 * 3;
  g_autofree p2p_real *pictures = g_new (p2p_real, 2 * size);

  *(strstr (line, "batch=1") + strlen ("batch=")) = '3';
  steps = steps_new (line, 2);
  fill_random (pictures, 2 * size, 1);
  for (int step = 0; step < 4; step++)
    {
      P2pBatch batch = { step % 2 ? 1 : 3, 32, 32, pictures, pictures + size };

      g_assert_true (p2p_recipe_pix2pix.step (steps->training, &batch, 2e-4, step, losses, NULL));
      for (int i = 0; p2p_recipe_pix2pix.losses[i]; i++)
        g_assert_true (isfinite (losses[i]) && losses[i] > 0.0);
    }
  steps_free (steps);
}

/* The largest difference between the weights of two trainings, relative to each tensor's length.
 * Biases before an instance norm are left out: the norm subtracts them, so their gradient is only
 * rounding. */
static double
largest_difference (Steps *one,
                    Steps *other)
{
  double worst = 0.0;

  for (int i = 0; i < 2; i++)
    {
      const char *network = p2p_recipe_pix2pix.networks[i];
      P2pParams  *mine = p2p_recipe_pix2pix.params (one->training, network);
      P2pParams  *theirs = p2p_recipe_pix2pix.params (other->training, network);

      for (guint j = 0; j < p2p_params_length (mine); j++)
        {
          const P2pParam *x = p2p_params_nth (mine, j), *y = p2p_params_nth (theirs, j);
          double          apart = 0.0, length = 0.0;

          for (gsize k = 0; x->n_dims > 1 && k < x->n; k++)
            {
              apart += pow (x->value[k] - y->value[k], 2.0);
              length += pow (y->value[k], 2.0);
            }
          if (length > 0.0)
            worst = MAX (worst, sqrt (apart / length));
        }
    }
  return worst;
}

/* Two batches of two before the weights change give the same as one batch of four, if norms look at
 * each picture alone.  Noise and DiffAugment depend on the picture's position in the whole batch.
 * With float, Adam turns the rounding of gradients near zero into whole steps, so there the test
 * only finds gross faults. */
static void
test_accumulate (void)
{
  static const char rest[] = "net=unet depth=6 ngf=2 norm=instance dropout=1 input_nc=3 d=patch "
                             "ndf=3 n_layers=3 conditional=1 gan=vanilla lambda_gan=1 size=64 "
                             "ema=0 diffaugment=1 upsample=transposed";
  g_autofree char  *parts = g_strconcat ("accumulate=2 batch=2 ", rest, NULL);
  g_autofree char  *whole = g_strconcat ("accumulate=1 batch=4 ", rest, NULL);
  Steps            *one = steps_new (parts, 2), *other = steps_new (whole, 2);

  steps_run (one);
  steps_run (other);
#ifdef P2P_DOUBLE
  g_assert_cmpfloat (largest_difference (one, other), <=, 1e-12);
#else
  g_assert_cmpfloat (largest_difference (one, other), <=, 1e-2);
#endif
  steps_free (one);
  steps_free (other);
}

/* A batch whose shape the networks cannot be built for is an error, and the training continues as
 * if it had not been given. */
static void
test_impossible_batch (void)
{
  Steps               *steps = steps_new (plain, 1), *straight = steps_new (plain, 1);
  const int            side = 40;
  g_autofree p2p_real *pictures = g_new0 (p2p_real, 2 * 3 * side * side);
  P2pBatch             batch = { 1, side, side, pictures, pictures + 3 * side * side };
  double               losses[P2P_MAX_LOSSES];
  g_autoptr (GError)   error = NULL;

  g_assert_false (p2p_recipe_pix2pix.step (steps->training, &batch, 2e-4, 0, losses, &error));
  g_assert_nonnull (error);
  steps_run (steps);
  steps_run (straight);
  g_assert_cmpmem (steps->losses, sizeof steps->losses, straight->losses,
                   sizeof straight->losses);
  steps_free (steps);
  steps_free (straight);
}

static void
test_refuses (void)
{
  static const struct
  {
    const char *option, *message;
  } cases[] =
  {
    { "size=40",      "Training pictures have 40×40 pixels, but this generator needs multiples of "
                      "32" },
    { "n_layers=7",   "The discriminator cannot have 7 layers: it can have from 1 to 6" },
    { "ndf=0",        "The discriminator's ndf cannot be 0: it can be from 1 to 512" },
    { "batch=0",      "A batch cannot have 0 pictures: it needs at least one" },
    { "depth=4",      "A U-Net must have 5 to 10 down-samplings, not 4" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      /* If a key occurs twice, the first counts. */
      g_autofree char        *line = g_strconcat (cases[i].option, " ", plain, NULL);
      P2pTrainOptions         options = steps_options (line);
      g_autoptr (P2pParallel) parallel = p2p_parallel_new (1);
      g_autoptr (GError)      error = NULL;

      g_assert_null (p2p_recipe_pix2pix.new (&options, parallel, NULL, &error));
      g_assert_nonnull (error);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

/* ---- Discriminators --------------------------------------------------------------------- */

static P2pParams *
declare_d (const P2pDiscriminatorOptions *options,
           int                            channels,
           int                            side,
           int                           *result)
{
  P2pParams              *params = p2p_params_new ();
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (1);
  g_autoptr (P2pGraph)    graph = p2p_graph_new (params, parallel, &(P2pGraphOptions) { 0 });
  P2pNode                *y = p2p_discriminator (p2p_at (graph),
                                                 p2p_input (graph, 1, side, side, channels),
                                                 options);

  g_assert_nonnull (y);
  g_assert_cmpint (y->c, ==, 1);
  g_assert_cmpint (y->h, ==, y->w);
  *result = y->h;
  return params;
}

/* The published numbers of parameters, and the sizes of the results. */
static void
test_d_counts (void)
{
  static const struct
  {
    P2pDiscriminatorOptions options;
    int                     channels, result;
    gsize                   count;
  } cases[] =
  {
    { { FALSE, 64, 3, P2P_NORM_BATCH },    6,  30, 2768705 },
    { { FALSE, 64, 3, P2P_NORM_INSTANCE }, 6,  30, 2767809 },
    { { FALSE, 64, 3, P2P_NORM_INSTANCE }, 3,  30, 2764737 },
    { { TRUE,  64, 3, P2P_NORM_BATCH },    6, 256,    9024 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      int                   result;
      g_autoptr (P2pParams) params = declare_d (&cases[i].options, cases[i].channels, 256, &result);

      g_assert_cmpint (result, ==, cases[i].result);
      g_assert_cmpuint (p2p_params_count (params, P2P_TRAINABLE), ==, cases[i].count);
    }
}

static void
test_d_names (void)
{
  static const struct
  {
    const char *name;
    int         dims[4];
  } expected_params[] =
  {
    { "model.0.weight", { 8, 6, 4, 4 } },   { "model.0.bias", { 8 } },
    { "model.2.weight", { 16, 8, 4, 4 } },  { "model.3.weight", { 16 } },
    { "model.3.bias", { 16 } },             { "model.3.running_mean", { 16 } },
    { "model.3.running_var", { 16 } },      { "model.5.weight", { 32, 16, 4, 4 } },
    { "model.6.weight", { 32 } },           { "model.6.bias", { 32 } },
    { "model.6.running_mean", { 32 } },     { "model.6.running_var", { 32 } },
    { "model.8.weight", { 1, 32, 4, 4 } },  { "model.8.bias", { 1 } },
  };
  P2pDiscriminatorOptions options = { FALSE, 8, 2, P2P_NORM_BATCH };
  int                     result;
  g_autoptr (P2pParams)   params = declare_d (&options, 6, 64, &result);

  g_assert_cmpuint (p2p_params_length (params), ==, G_N_ELEMENTS (expected_params));
  for (guint i = 0; i < G_N_ELEMENTS (expected_params); i++)
    {
      const P2pParam *param = p2p_params_lookup (params, expected_params[i].name);

      g_assert_nonnull (param);
      for (int j = 0; j < 4; j++)
        g_assert_cmpint (param->dims[j], ==, expected_params[i].dims[j]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  steps_add_cases ("/pix2pix/pytorch/", "steps.safetensors", test_pytorch);
  g_test_add_func ("/pix2pix/threads", test_threads);
  g_test_add_func ("/pix2pix/without-gan", test_without_gan);
  g_test_add_func ("/pix2pix/other-graph", test_other_graph);
  g_test_add_func ("/pix2pix/batches", test_batches);
  g_test_add_func ("/pix2pix/accumulate", test_accumulate);
  g_test_add_func ("/pix2pix/impossible-batch", test_impossible_batch);
  g_test_add_func ("/pix2pix/refuses", test_refuses);
  g_test_add_func ("/pix2pix/discriminator/counts", test_d_counts);
  g_test_add_func ("/pix2pix/discriminator/names", test_d_names);

  return g_test_run ();
}
