/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The networks compared with the public implementation: names, shapes, number of parameters, and
 * PyTorch's results for the same weights and inputs (data/nets.safetensors, made by make-nets.py).
 * Built with the float core and with the double core. */

#include <string.h>

#include "fetched.h"
#include "files/open.h"
#include "nets/nets.h"
#include "testing.h"

#define SEED  5
#define NOISE 11    /* seed of dropout */

/* A network with its parameters, built for one size. */
typedef struct
{
  P2pParams   *params;
  P2pParallel *parallel;
  P2pStats    *running;
  P2pGraph    *graph;
  P2pNode     *x, *y;
} Fixture;

static void
build (Fixture             *f,
       const P2pNet        *net,
       const P2pNetOptions *options,
       gboolean             running,
       gboolean             noise,
       int                  n,
       int                  h,
       int                  w)
{
  P2pGraphOptions graph_options = { running ? P2P_STATS_GIVEN : P2P_STATS_OWN, f->running, noise };

  p2p_graph_free (f->graph);
  f->graph = p2p_graph_new (f->params, f->parallel, &graph_options);
  f->x = p2p_input (f->graph, n, h, w, options->input_nc);
  f->y = net->build (p2p_at (f->graph), f->x, options);
  p2p_output (f->y);
}

static void
fixture_clear (Fixture *f)
{
  p2p_graph_free (f->graph);
  p2p_stats_free (f->running);
  p2p_params_free (f->params);
  p2p_parallel_free (f->parallel);
}

/* Makes the first build, which declares the parameters. */
static Fixture
fixture_new (const P2pNet        *net,
             const P2pNetOptions *options)
{
  Fixture f = { p2p_params_new (), p2p_parallel_new (2) };
  int     side = net->side_multiple (options);

  build (&f, net, options, FALSE, FALSE, 1, side, side);
  return f;
}

/* ---- Against PyTorch -------------------------------------------------------------------- */

typedef struct
{
  const char    *name;
  const P2pNet  *net;
  P2pNetOptions  options;
  gboolean       running, noise;
  int            n, h, w;
} Case;

static const Case cases[] =
{
  { "unet-batch", &p2p_net_unet,
    { .num_downs = 5, .ngf = 3, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_BATCH,
      .skip = TRUE }, FALSE, FALSE, 1, 64, 32 },
  { "unet-batch-running", &p2p_net_unet,
    { .num_downs = 5, .ngf = 3, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_BATCH,
      .skip = TRUE }, TRUE, FALSE, 1, 32, 32 },
  { "unet-batch-of-two", &p2p_net_unet,
    { .num_downs = 5, .ngf = 2, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_BATCH,
      .skip = TRUE }, FALSE, FALSE, 2, 32, 32 },
  { "unet-instance", &p2p_net_unet,
    { .num_downs = 5, .ngf = 2, .input_nc = 3, .output_nc = 1, .norm = P2P_NORM_INSTANCE,
      .skip = TRUE }, FALSE, FALSE, 1, 64, 64 },
  { "unet-none", &p2p_net_unet,
    { .num_downs = 6, .ngf = 2, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_NONE,
      .skip = TRUE }, FALSE, FALSE, 1, 64, 64 },
  { "unet-encoder-decoder", &p2p_net_unet,
    { .num_downs = 5, .ngf = 3, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_BATCH,
      .skip = FALSE }, FALSE, FALSE, 1, 64, 32 },
  { "unet-deep", &p2p_net_unet,
    { .num_downs = 9, .ngf = 1, .input_nc = 1, .output_nc = 3, .norm = P2P_NORM_BATCH,
      .skip = TRUE }, TRUE, FALSE, 1, 512, 512 },
  { "unet-noise", &p2p_net_unet,
    { .num_downs = 7, .ngf = 2, .input_nc = 3, .output_nc = 1, .norm = P2P_NORM_BATCH,
      .use_dropout = TRUE, .skip = TRUE }, TRUE, TRUE, 1, 128, 128 },
  { "resnet-batch", &p2p_net_resnet,
    { .n_blocks = 9, .ngf = 3, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_BATCH },
    FALSE, FALSE, 1, 20, 24 },
  { "resnet-batch-running", &p2p_net_resnet,
    { .n_blocks = 6, .ngf = 4, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_BATCH },
    TRUE, FALSE, 1, 16, 8 },
  { "resnet-batch-dropout", &p2p_net_resnet,
    { .n_blocks = 6, .ngf = 3, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_BATCH,
      .use_dropout = TRUE }, FALSE, FALSE, 1, 24, 16 },
  { "resnet-instance", &p2p_net_resnet,
    { .n_blocks = 6, .ngf = 4, .input_nc = 3, .output_nc = 1, .norm = P2P_NORM_INSTANCE },
    FALSE, FALSE, 1, 32, 28 },
  { "resnet-instance-of-two", &p2p_net_resnet,
    { .n_blocks = 9, .ngf = 2, .input_nc = 1, .output_nc = 3, .norm = P2P_NORM_INSTANCE },
    FALSE, FALSE, 2, 12, 16 },
  { "resnet-none", &p2p_net_resnet,
    { .n_blocks = 2, .ngf = 5, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_NONE },
    FALSE, FALSE, 1, 12, 20 },
  { "resnet-noise", &p2p_net_resnet,
    { .n_blocks = 3, .ngf = 4, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_INSTANCE,
      .use_dropout = TRUE }, FALSE, TRUE, 1, 16, 20 },
};

/* Sets the one-dimensional parameters as reference.py does.  The others are initialized alike in
 * both. */
static void
set_small_params (P2pParams *params)
{
  for (guint i = 0; i < p2p_params_length (params); i++)
    {
      P2pParam *param = p2p_params_nth (params, i);
      gboolean  scale = g_str_has_suffix (param->name, "weight")
                        || g_str_has_suffix (param->name, "running_var");

      for (gsize j = 0; j < param->n && param->n_dims == 1; j++)
        param->value[j] = p2p_random_uniform (SEED, p2p_random_stream (param->name), j)
                          + (scale ? 0.5 : -0.5);
    }
}

static float
read_float (const P2pTensor *tensor,
            gsize            i)
{
  float value;

  memcpy (&value, tensor->data + i * sizeof value, sizeof value);
  return value;
}

/* Compares with the part of the result that the reference has: all of it, or the top left corner if
 * it is large. */
static double
compare (const P2pNode    *y,
         const P2pTensors *reference,
         const char       *name)
{
  g_autofree char     *rest_name = g_strconcat (name, ".rest", NULL);
  const P2pTensor     *high = p2p_tensors_get (reference, name);
  const P2pTensor     *rest = p2p_tensors_get (reference, rest_name);
  g_autofree p2p_real *values = NULL;
  g_autofree double   *expected = NULL;

  g_assert_nonnull (high);
  g_assert_cmpint (high->dims[0], ==, y->n);
  g_assert_cmpint (high->dims[1], ==, MIN (y->h, 32));
  g_assert_cmpint (high->dims[2], ==, MIN (y->w, 32));
  g_assert_cmpint (high->dims[3], ==, y->c);
  values = g_new (p2p_real, high->n_elements);
  expected = g_new (double, high->n_elements);
  for (gsize i = 0; i < high->n_elements; i++)
    {
      gsize line = high->dims[2] * y->c, row = i / line % high->dims[1];
      gsize image = i / line / high->dims[1];

      values[i] = y->x[(image * y->h + row) * y->w * y->c + i % line];
      expected[i] = (double) read_float (high, i) + read_float (rest, i);
    }

  return nmse (values, expected, high->n_elements);
}

static void
test_pytorch (gconstpointer data)
{
  const Case            *t = data;
  Fixture                f = fixture_new (t->net, &t->options);
  g_autofree char       *path = g_test_build_filename (G_TEST_DIST, "data", "nets.safetensors",
                                                       NULL);
  g_autoptr (GError)     error = NULL;
  g_autoptr (P2pTensors) reference = fetched (p2p_tensors_peek (path, &error), &error);
  double                 difference;

  g_assert_no_error (error);
  p2p_params_init (f.params, SEED, NULL);
  set_small_params (f.params);
  f.running = p2p_stats_from_params (f.params);
  build (&f, t->net, &t->options, t->running, t->noise, t->n, t->h, t->w);
  plan (f.graph);
  fill_random (f.x->x, p2p_node_size (f.x), SEED);
  forward (f.graph, NOISE);

  difference = compare (f.y, reference, t->name);
#ifdef P2P_DOUBLE
  g_assert_cmpfloat (difference, <=, 1e-24);
#else
  g_assert_cmpfloat (difference, <=, 1e-9);
#endif
  fixture_clear (&f);
}

/* ---- Names, shapes, number of parameters ------------------------------------------------ */

/* The published numbers of parameters of the public implementation, without running statistics. */
static void
test_counts (void)
{
  static const struct
  {
    const P2pNet *net;
    int           depth;    /* num_downs or n_blocks */
    P2pNormKind   norm;
    gsize         count;
  } expected[] =
  {
    { &p2p_net_unet,   8, P2P_NORM_BATCH,    54413955 },
    { &p2p_net_unet,   7, P2P_NORM_BATCH,    41828995 },
    { &p2p_net_unet,   8, P2P_NORM_INSTANCE, 54409603 },
    { &p2p_net_resnet, 9, P2P_NORM_BATCH,    11383427 },
    { &p2p_net_resnet, 9, P2P_NORM_INSTANCE, 11378179 },
    { &p2p_net_resnet, 6, P2P_NORM_INSTANCE,  7837699 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      P2pNetOptions options = expected[i].net->defaults;
      Fixture       f;

      options.num_downs = options.n_blocks = expected[i].depth;
      options.norm = expected[i].norm;
      f = fixture_new (expected[i].net, &options);
      g_assert_cmpuint (p2p_params_count (f.params, P2P_TRAINABLE), ==, expected[i].count);
      fixture_clear (&f);
    }
}

typedef struct
{
  const char *name;
  int         n_dims, dims[4];
} Shape;

static void
check_names (const P2pNet        *net,
             const P2pNetOptions *options,
             const Shape         *expected,
             guint                n)
{
  Fixture f = fixture_new (net, options);

  g_assert_cmpuint (p2p_params_length (f.params), ==, n);
  for (guint i = 0; i < n; i++)
    {
      const P2pParam *param = p2p_params_nth (f.params, i);

      g_assert_cmpstr (param->name, ==, expected[i].name);
      g_assert_cmpmem (param->dims, param->n_dims * sizeof (int),
                       expected[i].dims, expected[i].n_dims * sizeof (int));
    }
  fixture_clear (&f);
}

/* The state dict for num_downs 5 and ngf 2 with batch norm, in PyTorch's order and shapes. */
static void
test_names_unet (void)
{
#define A "model.model"
#define B A ".1.model"
#define C B ".3.model"
#define D C ".3.model"
#define E D ".3.model"
  static const Shape expected[] =
  {
    { A ".0.weight", 4, { 2, 3, 4, 4 } },
    { B ".1.weight", 4, { 4, 2, 4, 4 } },
    { B ".2.weight", 1, { 4 } }, { B ".2.bias", 1, { 4 } },
    { B ".2.running_mean", 1, { 4 } }, { B ".2.running_var", 1, { 4 } },
    { C ".1.weight", 4, { 8, 4, 4, 4 } },
    { C ".2.weight", 1, { 8 } }, { C ".2.bias", 1, { 8 } },
    { C ".2.running_mean", 1, { 8 } }, { C ".2.running_var", 1, { 8 } },
    { D ".1.weight", 4, { 16, 8, 4, 4 } },
    { D ".2.weight", 1, { 16 } }, { D ".2.bias", 1, { 16 } },
    { D ".2.running_mean", 1, { 16 } }, { D ".2.running_var", 1, { 16 } },
    { E ".1.weight", 4, { 16, 16, 4, 4 } },
    { E ".3.weight", 4, { 16, 16, 4, 4 } },
    { E ".4.weight", 1, { 16 } }, { E ".4.bias", 1, { 16 } },
    { E ".4.running_mean", 1, { 16 } }, { E ".4.running_var", 1, { 16 } },
    { D ".5.weight", 4, { 32, 8, 4, 4 } },
    { D ".6.weight", 1, { 8 } }, { D ".6.bias", 1, { 8 } },
    { D ".6.running_mean", 1, { 8 } }, { D ".6.running_var", 1, { 8 } },
    { C ".5.weight", 4, { 16, 4, 4, 4 } },
    { C ".6.weight", 1, { 4 } }, { C ".6.bias", 1, { 4 } },
    { C ".6.running_mean", 1, { 4 } }, { C ".6.running_var", 1, { 4 } },
    { B ".5.weight", 4, { 8, 2, 4, 4 } },
    { B ".6.weight", 1, { 2 } }, { B ".6.bias", 1, { 2 } },
    { B ".6.running_mean", 1, { 2 } }, { B ".6.running_var", 1, { 2 } },
    { A ".3.weight", 4, { 4, 3, 4, 4 } }, { A ".3.bias", 1, { 3 } },
  };
  P2pNetOptions options = p2p_net_unet.defaults;

  options.num_downs = 5;
  options.ngf = 2;
  check_names (&p2p_net_unet, &options, expected, G_N_ELEMENTS (expected));
}

#define BATCH(name, c) \
  { name ".weight", 1, { c } }, { name ".bias", 1, { c } }, \
  { name ".running_mean", 1, { c } }, { name ".running_var", 1, { c } }

/* The state dict of two blocks with ngf 2, batch norm and dropout. */
static void
test_names_resnet (void)
{
  static const Shape expected[] =
  {
    { "model.1.weight", 4, { 2, 3, 7, 7 } }, BATCH ("model.2", 2),
    { "model.4.weight", 4, { 4, 2, 3, 3 } }, BATCH ("model.5", 4),
    { "model.7.weight", 4, { 8, 4, 3, 3 } }, BATCH ("model.8", 8),
    { "model.10.conv_block.1.weight", 4, { 8, 8, 3, 3 } }, BATCH ("model.10.conv_block.2", 8),
    { "model.10.conv_block.6.weight", 4, { 8, 8, 3, 3 } }, BATCH ("model.10.conv_block.7", 8),
    { "model.11.conv_block.1.weight", 4, { 8, 8, 3, 3 } }, BATCH ("model.11.conv_block.2", 8),
    { "model.11.conv_block.6.weight", 4, { 8, 8, 3, 3 } }, BATCH ("model.11.conv_block.7", 8),
    { "model.12.weight", 4, { 8, 4, 3, 3 } }, BATCH ("model.13", 4),
    { "model.15.weight", 4, { 4, 2, 3, 3 } }, BATCH ("model.16", 2),
    { "model.19.weight", 4, { 1, 2, 7, 7 } }, { "model.19.bias", 1, { 1 } },
  };
  P2pNetOptions options = p2p_net_resnet.defaults;

  options.n_blocks = 2;
  options.ngf = 2;
  options.output_nc = 1;
  options.use_dropout = TRUE;
  check_names (&p2p_net_resnet, &options, expected, G_N_ELEMENTS (expected));
}

/* The state dict of one block without dropout, with instance norm: there are biases, the norm has
 * no tensors, and the second convolution is one place earlier. */
static void
test_names_resnet_instance (void)
{
  static const Shape expected[] =
  {
    { "model.1.weight", 4, { 2, 3, 7, 7 } }, { "model.1.bias", 1, { 2 } },
    { "model.4.weight", 4, { 4, 2, 3, 3 } }, { "model.4.bias", 1, { 4 } },
    { "model.7.weight", 4, { 8, 4, 3, 3 } }, { "model.7.bias", 1, { 8 } },
    { "model.10.conv_block.1.weight", 4, { 8, 8, 3, 3 } },
    { "model.10.conv_block.1.bias", 1, { 8 } },
    { "model.10.conv_block.5.weight", 4, { 8, 8, 3, 3 } },
    { "model.10.conv_block.5.bias", 1, { 8 } },
    { "model.11.weight", 4, { 8, 4, 3, 3 } }, { "model.11.bias", 1, { 4 } },
    { "model.14.weight", 4, { 4, 2, 3, 3 } }, { "model.14.bias", 1, { 2 } },
    { "model.18.weight", 4, { 3, 2, 7, 7 } }, { "model.18.bias", 1, { 3 } },
  };
  P2pNetOptions options = p2p_net_resnet.defaults;

  options.n_blocks = 1;
  options.ngf = 2;
  options.norm = P2P_NORM_INSTANCE;
  check_names (&p2p_net_resnet, &options, expected, G_N_ELEMENTS (expected));
}

/* ---- Receptive field -------------------------------------------------------------------- */

/* The largest distance at which a change of the pixels in a column changes the result. */
static int
reach (Fixture *f,
       int      column)
{
  gsize                n = p2p_node_size (f->y);
  g_autofree p2p_real *before = NULL;
  int                  most = 0;

  fill_random (f->x->x, p2p_node_size (f->x), SEED);
  forward (f->graph, 0);
  before = g_memdup2 (f->y->x, n * sizeof (p2p_real));
  fill_random (f->x->x, p2p_node_size (f->x), SEED);
  for (int i = 0; i < f->x->h * f->x->w; i++)
    if (i % f->x->w == column)
      f->x->x[i * f->x->c] += 100;
  forward (f->graph, 0);
  for (gsize i = 0; i < n; i++)
    if (before[i] != f->y->x[i])
      most = MAX (most, ABS ((int) (i / f->y->c % f->y->w) - column));
  return most;
}

/* A pixel of a ResNet's result depends on 84 pixels around it for nine blocks, on 60 for six, and
 * on 3 or 6 more if the network resizes or interpolates.  A change of a whole column shows all of
 * them.  The halo has room to move a tile by up to three pixels. */
static void
test_halo (void)
{
  static const struct
  {
    int         n_blocks, radius, halo;
    P2pUpsample upsample;
  } expected[] =
  {
    { 9, 84, 88 }, { 6, 60, 64 }, { 1, 20, 24 }, { 1, 23, 24, P2P_UPSAMPLE_RESIZE },
    { 1, 26, 28, P2P_UPSAMPLE_BILINEAR },
  };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      P2pNetOptions options = { .n_blocks = expected[i].n_blocks, .ngf = 2, .input_nc = 1,
                                .output_nc = 1, .norm = P2P_NORM_NONE,
                                .upsample = expected[i].upsample };
      Fixture       f = fixture_new (&p2p_net_resnet, &options);
      int           most = 0;

      /* The weights are strong, so that rounding does not hide the change far away. */
      p2p_params_init (f.params, SEED, NULL);
      for (guint j = 0; j < p2p_params_length (f.params); j++)
        for (gsize k = 0; k < p2p_params_nth (f.params, j)->n; k++)
          p2p_params_nth (f.params, j)->value[k] *= 10;
      build (&f, &p2p_net_resnet, &options, FALSE, FALSE, 1, 8, 256);
      plan (f.graph);
      for (int column = 124; column < 132; column++)
        most = MAX (most, reach (&f, column));
      g_assert_cmpint (most, ==, expected[i].radius);
      g_assert_cmpint (p2p_net_resnet.halo (&options), ==, expected[i].halo);
      fixture_clear (&f);
    }
}

/* A part of a picture with a halo gives in the middle what the whole picture gives there. */
static void
test_part (void)
{
  P2pNetOptions        options = { .n_blocks = 1, .ngf = 4, .input_nc = 3, .output_nc = 3,
                                   .norm = P2P_NORM_NONE };
  Fixture              f = fixture_new (&p2p_net_resnet, &options);
  const int            halo = p2p_net_resnet.halo (&options), left = 64, width = 32, size = 160;
  g_autofree p2p_real *picture = g_new (p2p_real, size * size * 3);
  g_autofree double   *whole = g_new (double, size * size * 3);

  p2p_params_init (f.params, SEED, NULL);
  fill_random (picture, size * size * 3, SEED);
  build (&f, &p2p_net_resnet, &options, FALSE, FALSE, 1, size, size);
  plan (f.graph);
  memcpy (f.x->x, picture, size * size * 3 * sizeof (p2p_real));
  forward (f.graph, 0);
  for (int i = 0; i < size * size * 3; i++)
    whole[i] = f.y->x[i];

  build (&f, &p2p_net_resnet, &options, FALSE, FALSE, 1, size, width + 2 * halo);
  plan (f.graph);
  for (int row = 0; row < size; row++)
    memcpy (f.x->x + row * f.x->w * 3, picture + (row * size + left - halo) * 3,
            f.x->w * 3 * sizeof (p2p_real));
  forward (f.graph, 0);
  for (int row = 0; row < size; row++)
    g_assert_cmpfloat (nmse (f.y->x + (row * f.y->w + halo) * 3, whole + (row * size + left) * 3,
                             width * 3), <=, ROUNDING);
  fixture_clear (&f);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *pytorch = g_strconcat ("/nets/pytorch/", cases[i].name, NULL);

      g_test_add_data_func (pytorch, &cases[i], test_pytorch);
    }
  g_test_add_func ("/nets/counts", test_counts);
  g_test_add_func ("/nets/names/unet", test_names_unet);
  g_test_add_func ("/nets/names/resnet", test_names_resnet);
  g_test_add_func ("/nets/names/resnet-instance", test_names_resnet_instance);
  g_test_add_func ("/nets/halo", test_halo);
  g_test_add_func ("/nets/halo/part", test_part);

  return g_test_run ();
}
