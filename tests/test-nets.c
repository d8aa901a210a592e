/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The networks against the public implementation: names, shapes and counts, and what PyTorch gives
 * for the same weights and inputs (data/nets.safetensors, made by make-nets.py).  Built with the
 * float core and with the double core. */

#include <string.h>

#include "nets.h"
#include "testing.h"

#define SEED 5

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
       int                  n,
       int                  h,
       int                  w)
{
  P2pGraphOptions graph_options = { running ? P2P_STATS_GIVEN : P2P_STATS_OWN, f->running, FALSE };

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

/* The first build, which declares. */
static Fixture
fixture_new (const P2pNet        *net,
             const P2pNetOptions *options)
{
  Fixture f = { p2p_params_new (), p2p_parallel_new (2) };
  int     side = net->side_multiple (options);

  build (&f, net, options, FALSE, 1, side, side);
  return f;
}

/* ---- Against PyTorch -------------------------------------------------------------------- */

typedef struct
{
  const char    *name;
  P2pNetOptions  options;
  gboolean       running;
  int            n, h, w;
} Case;

static const Case cases[] =
{
  { "unet-batch",
    { .num_downs = 5, .ngf = 3, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_BATCH,
      .skip = TRUE }, FALSE, 1, 64, 32 },
  { "unet-batch-running",
    { .num_downs = 5, .ngf = 3, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_BATCH,
      .skip = TRUE }, TRUE, 1, 32, 32 },
  { "unet-batch-of-two",
    { .num_downs = 5, .ngf = 2, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_BATCH,
      .skip = TRUE }, FALSE, 2, 32, 32 },
  { "unet-instance",
    { .num_downs = 5, .ngf = 2, .input_nc = 3, .output_nc = 1, .norm = P2P_NORM_INSTANCE,
      .skip = TRUE }, FALSE, 1, 64, 64 },
  { "unet-none",
    { .num_downs = 6, .ngf = 2, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_NONE,
      .skip = TRUE }, FALSE, 1, 64, 64 },
  { "unet-encoder-decoder",
    { .num_downs = 5, .ngf = 3, .input_nc = 3, .output_nc = 3, .norm = P2P_NORM_BATCH,
      .skip = FALSE }, FALSE, 1, 64, 32 },
  { "unet-deep",
    { .num_downs = 9, .ngf = 1, .input_nc = 1, .output_nc = 3, .norm = P2P_NORM_BATCH,
      .skip = TRUE }, TRUE, 1, 512, 512 },
};

/* The one-dimensional parameters, as reference.py has them; the others are as initialised. */
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

/* The reference's part of the result: all of it, or of a large one the upper left corner. */
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
  const P2pNet          *net = p2p_net_by_name ("unet");
  Fixture                f = fixture_new (net, &t->options);
  g_autofree char       *path = g_test_build_filename (G_TEST_DIST, "data", "nets.safetensors",
                                                       NULL);
  g_autoptr (GError)     error = NULL;
  g_autoptr (P2pTensors) reference = p2p_tensors_open (path, &error);
  double                 difference;

  g_assert_no_error (error);
  p2p_params_init (f.params, SEED);
  set_small_params (f.params);
  f.running = p2p_stats_from_params (f.params);
  build (&f, net, &t->options, t->running, t->n, t->h, t->w);
  plan (f.graph);
  fill_random (f.x->x, p2p_node_size (f.x), SEED);
  forward (f.graph, 0);

  difference = compare (f.y, reference, t->name);
#ifdef P2P_DOUBLE
  g_assert_cmpfloat (difference, <=, 1e-24);
#else
  g_assert_cmpfloat (difference, <=, 1e-9);
#endif
  fixture_clear (&f);
}

/* ---- Names, shapes, counts -------------------------------------------------------------- */

/* The published counts (design of the public implementation; they include no running statistics). */
static void
test_counts (void)
{
  static const struct
  {
    int         num_downs;
    P2pNormKind norm;
    gsize       count;
  } expected[] =
  {
    { 8, P2P_NORM_BATCH,    54413955 },
    { 7, P2P_NORM_BATCH,    41828995 },
    { 8, P2P_NORM_INSTANCE, 54409603 },
  };
  const P2pNet *net = p2p_net_by_name ("unet");

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      P2pNetOptions options = net->defaults;
      Fixture       f;

      options.num_downs = expected[i].num_downs;
      options.norm = expected[i].norm;
      f = fixture_new (net, &options);
      g_assert_cmpuint (p2p_params_count (f.params, P2P_TRAINABLE), ==, expected[i].count);
      fixture_clear (&f);
    }
}

/* The state dict of num_downs 5, ngf 2 with batch norm, in PyTorch's order and shapes. */
static void
test_names (void)
{
#define A "model.model"
#define B A ".1.model"
#define C B ".3.model"
#define D C ".3.model"
#define E D ".3.model"
  static const struct
  {
    const char *name;
    int         n_dims, dims[4];
  } expected[] =
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
  Fixture       f;

  options.num_downs = 5;
  options.ngf = 2;
  f = fixture_new (&p2p_net_unet, &options);
  g_assert_cmpuint (p2p_params_length (f.params), ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const P2pParam *param = p2p_params_nth (f.params, i);

      g_assert_cmpstr (param->name, ==, expected[i].name);
      g_assert_cmpmem (param->dims, param->n_dims * sizeof (int),
                       expected[i].dims, expected[i].n_dims * sizeof (int));
    }
  fixture_clear (&f);
}

/* A state dict's names and shapes alone tell the network that it came from. */
static void
test_detect (gconstpointer data)
{
  const Case            *t = data;
  Fixture                f = fixture_new (p2p_net_by_name ("unet"), &t->options);
  g_autoptr (P2pTensors) tensors = p2p_tensors_new ();
  P2pNetOptions          found;

  for (guint i = 0; i < p2p_params_length (f.params); i++)
    {
      const P2pParam *param = p2p_params_nth (f.params, i);
      gint64          dims[4];

      for (int k = 0; k < param->n_dims; k++)
        dims[k] = param->dims[k];
      p2p_tensors_add (tensors, param->name, P2P_F32, param->n_dims, dims, NULL, NULL);
    }

  g_assert_true (p2p_net_detect (tensors, &found) == &p2p_net_unet);
  g_assert_cmpint (found.num_downs, ==, t->options.num_downs);
  g_assert_cmpint (found.ngf, ==, t->options.ngf);
  g_assert_cmpint (found.input_nc, ==, t->options.input_nc);
  g_assert_cmpint (found.output_nc, ==, t->options.output_nc);
  g_assert_cmpint (found.norm, ==, t->options.norm);
  g_assert_cmpint (found.skip, ==, t->options.skip);
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
      g_autofree char *detect = g_strconcat ("/nets/detect/", cases[i].name, NULL);

      g_test_add_data_func (pytorch, &cases[i], test_pytorch);
      g_test_add_data_func (detect, &cases[i], test_detect);
    }
  g_test_add_func ("/nets/counts", test_counts);
  g_test_add_func ("/nets/names", test_names);

  return g_test_run ();
}
