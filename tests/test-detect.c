/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Which network a state dict belongs to, found by its names and shapes alone, and how a network is
 * described. */

#include <string.h>

#include "nets/nets.h"
#include "testing.h"

static void
add (P2pTensors *tensors,
     const char *name,
     int         n_dims,
     const int  *dims)
{
  gint64 wide[4];

  for (int i = 0; i < n_dims; i++)
    wide[i] = dims[i];
  p2p_tensors_add (tensors, name, P2P_F32, n_dims, wide, NULL, NULL);
}

/* The names and shapes that a network declares. */
static P2pTensors *
state_dict (const P2pNet        *net,
            const P2pNetOptions *options)
{
  g_autoptr (P2pParams) params = p2p_params_new ();
  P2pParallel          *parallel = p2p_parallel_new (1);
  P2pGraph             *graph = p2p_graph_new (params, parallel, &(P2pGraphOptions) { 0 });
  P2pTensors           *tensors = p2p_tensors_new ();
  int                   side = net->side_multiple (options);

  net->build (p2p_at (graph), p2p_input (graph, 1, side, side, options->input_nc), options);
  for (guint i = 0; i < p2p_params_length (params); i++)
    {
      const P2pParam *param = p2p_params_nth (params, i);

      add (tensors, param->name, param->n_dims, param->dims);
    }

  p2p_graph_free (graph);
  p2p_parallel_free (parallel);
  return tensors;
}

/* ---- Our networks ------------------------------------------------------------------------ */

typedef struct
{
  const char    *name;
  const P2pNet  *net;
  P2pNetOptions  options;
  const char    *told;     /* what p2p_net_describe () returns */
} Case;

#define UNET(downs, g, in, out, kind, joined, ...) &p2p_net_unet, \
  { .num_downs = downs, .ngf = g, .input_nc = in, .output_nc = out, .norm = kind, \
    .use_dropout = TRUE, .skip = joined, __VA_ARGS__ }
#define RESNET(blocks, g, in, out, kind, dropout, ...) &p2p_net_resnet, \
  { .n_blocks = blocks, .ngf = g, .input_nc = in, .output_nc = out, .norm = kind, \
    .use_dropout = dropout, __VA_ARGS__ }
#define RESIZED .upsample = P2P_UPSAMPLE_RESIZE
#define SMOOTH  .upsample = P2P_UPSAMPLE_SMOOTH

static const Case cases[] =
{
  { "unet-5", UNET (5, 3, 3, 3, P2P_NORM_BATCH, TRUE),
    "unet, num_downs 5, ngf 3, input_nc 3, output_nc 3, norm batch, use_dropout true, skip true, "
    "upsample transposed" },
  { "unet-9-gray", UNET (9, 1, 1, 3, P2P_NORM_INSTANCE, TRUE),
    "unet, num_downs 9, ngf 1, input_nc 1, output_nc 3, norm instance, use_dropout true, "
    "skip true, upsample transposed" },
  { "unet-without-norm", UNET (6, 2, 3, 1, P2P_NORM_NONE, TRUE),
    "unet, num_downs 6, ngf 2, input_nc 3, output_nc 1, norm none, use_dropout true, skip true, "
    "upsample transposed" },
  { "unet-without-skips", UNET (8, 2, 3, 3, P2P_NORM_BATCH, FALSE),
    "unet, num_downs 8, ngf 2, input_nc 3, output_nc 3, norm batch, use_dropout true, skip false, "
    "upsample transposed" },
  { "unet-resize", UNET (6, 2, 3, 1, P2P_NORM_BATCH, TRUE, RESIZED),
    "unet, num_downs 6, ngf 2, input_nc 3, output_nc 1, norm batch, use_dropout true, skip true, "
    "upsample resize" },
  { "unet-resize-without-skips", UNET (5, 2, 3, 3, P2P_NORM_INSTANCE, FALSE, RESIZED),
    "unet, num_downs 5, ngf 2, input_nc 3, output_nc 3, norm instance, use_dropout true, "
    "skip false, upsample resize" },
  { "unet-smooth", UNET (6, 2, 3, 1, P2P_NORM_BATCH, FALSE, SMOOTH),
    "unet, num_downs 6, ngf 2, input_nc 3, output_nc 1, norm batch, use_dropout true, skip false, "
    "upsample smooth" },
  { "resnet-9", RESNET (9, 4, 3, 3, P2P_NORM_BATCH, FALSE),
    "resnet, n_blocks 9, ngf 4, input_nc 3, output_nc 3, norm batch, use_dropout false, "
    "upsample transposed" },
  { "resnet-6-dropout", RESNET (6, 3, 3, 3, P2P_NORM_BATCH, TRUE),
    "resnet, n_blocks 6, ngf 3, input_nc 3, output_nc 3, norm batch, use_dropout true, "
    "upsample transposed" },
  { "resnet-9-instance", RESNET (9, 2, 1, 3, P2P_NORM_INSTANCE, FALSE),
    "resnet, n_blocks 9, ngf 2, input_nc 1, output_nc 3, norm instance, use_dropout false, "
    "upsample transposed" },
  { "resnet-1-instance-dropout", RESNET (1, 2, 3, 1, P2P_NORM_INSTANCE, TRUE),
    "resnet, n_blocks 1, ngf 2, input_nc 3, output_nc 1, norm instance, use_dropout true, "
    "upsample transposed" },
  { "resnet-without-norm", RESNET (64, 1, 3, 3, P2P_NORM_NONE, FALSE),
    "resnet, n_blocks 64, ngf 1, input_nc 3, output_nc 3, norm none, use_dropout false, "
    "upsample transposed" },
  { "resnet-resize", RESNET (6, 3, 3, 3, P2P_NORM_BATCH, TRUE, RESIZED),
    "resnet, n_blocks 6, ngf 3, input_nc 3, output_nc 3, norm batch, use_dropout true, "
    "upsample resize" },
  { "resnet-resize-instance", RESNET (1, 1, 3, 3, P2P_NORM_INSTANCE, FALSE, RESIZED),
    "resnet, n_blocks 1, ngf 1, input_nc 3, output_nc 3, norm instance, use_dropout false, "
    "upsample resize" },
  { "resnet-smooth", RESNET (6, 3, 3, 3, P2P_NORM_BATCH, FALSE, SMOOTH),
    "resnet, n_blocks 6, ngf 3, input_nc 3, output_nc 3, norm batch, use_dropout false, "
    "upsample smooth" },
};

static void
check_found (const P2pTensors *tensors,
             const Case       *t)
{
  P2pNetOptions    found;
  const P2pNet    *net = p2p_net_detect (tensors, &found);
  g_autofree char *told = NULL;

  g_assert_true (net == t->net);
  told = p2p_net_describe (net, &found);
  g_assert_cmpstr (told, ==, t->told);
}

static void
test_own (gconstpointer data)
{
  const Case            *t = data;
  g_autoptr (P2pTensors) tensors = state_dict (t->net, &t->options);

  check_found (tensors, t);
}

/* Old files contain running statistics for instance norm.  That does not make it batch norm. */
static void
test_stale (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (P2pTensors) tensors = state_dict (cases[i].net, &cases[i].options);
      const int              c = 2 * cases[i].options.ngf;

      if (cases[i].options.norm != P2P_NORM_INSTANCE)
        continue;
      add (tensors, "model.2.running_mean", 1, &cases[i].options.ngf);
      add (tensors, "model.2.running_var", 1, &cases[i].options.ngf);
      add (tensors, "model.model.1.model.2.running_mean", 1, &c);
      add (tensors, "model.model.1.model.2.running_var", 1, &c);
      check_found (tensors, &cases[i]);
    }
}

/* ---- Others ------------------------------------------------------------------------------ */

typedef struct
{
  const char *name;
  int         n_dims, dims[4];
} Shape;

typedef struct
{
  const char *name;
  Shape       shapes[20];
} Stranger;

#define RESNET_START \
  { "model.1.weight", 4, { 8, 3, 7, 7 } }, { "model.4.weight", 4, { 16, 8, 3, 3 } }, \
  { "model.7.weight", 4, { 32, 16, 3, 3 } }
#define RESNET_END \
  { "model.11.weight", 4, { 32, 16, 3, 3 } }, { "model.14.weight", 4, { 16, 8, 3, 3 } }, \
  { "model.18.weight", 4, { 3, 8, 7, 7 } }, { "model.18.bias", 1, { 3 } }

static const Stranger strangers[] =
{
  { "nothing", { { NULL } } },
  { "patchgan", {
    { "model.0.weight", 4, { 8, 6, 4, 4 } }, { "model.0.bias", 1, { 8 } },
    { "model.2.weight", 4, { 16, 8, 4, 4 } }, { "model.5.weight", 4, { 32, 16, 4, 4 } },
    { "model.8.weight", 4, { 64, 32, 4, 4 } }, { "model.11.weight", 4, { 1, 64, 4, 4 } } } },
  { "pixel-gan", {
    { "net.0.weight", 4, { 8, 6, 1, 1 } }, { "net.2.weight", 4, { 16, 8, 1, 1 } },
    { "net.5.weight", 4, { 1, 16, 1, 1 } } } },
  { "spade", {
    { "fc.weight", 4, { 64, 35, 3, 3 } }, { "head_0.conv_0.weight_orig", 4, { 64, 64, 3, 3 } },
    { "head_0.norm_0.mlp_shared.0.weight", 4, { 128, 35, 3, 3 } },
    { "conv_img.weight", 4, { 3, 8, 3, 3 } } } },
  { "separable-resnet", { RESNET_START,
    { "model.10.conv_block.1.conv.0.weight", 4, { 32, 1, 3, 3 } },
    { "model.10.conv_block.1.conv.2.weight", 4, { 32, 32, 1, 1 } },
    { "model.10.conv_block.6.conv.0.weight", 4, { 32, 1, 3, 3 } },
    { "model.10.conv_block.6.conv.2.weight", 4, { 32, 32, 1, 1 } }, RESNET_END } },
  { "resnet-of-zero-padding", { RESNET_START,
    { "model.10.conv_block.0.weight", 4, { 32, 32, 3, 3 } },
    { "model.10.conv_block.1.weight", 1, { 32 } },
    { "model.10.conv_block.3.weight", 4, { 32, 32, 3, 3 } }, RESNET_END } },
  { "resnet-of-four-halvings", { RESNET_START,
    { "model.10.weight", 4, { 64, 32, 3, 3 } }, { "model.13.weight", 4, { 128, 64, 3, 3 } },
    { "model.16.conv_block.1.weight", 4, { 128, 128, 3, 3 } },
    { "model.16.conv_block.5.weight", 4, { 128, 128, 3, 3 } },
    { "model.17.weight", 4, { 128, 64, 3, 3 } }, { "model.30.weight", 4, { 3, 8, 7, 7 } } } },
  { "resnet-with-blur", {
    { "model.1.weight", 4, { 8, 3, 7, 7 } }, { "model.4.weight", 4, { 16, 8, 3, 3 } },
    { "model.7.filt", 4, { 16, 1, 3, 3 } }, { "model.8.weight", 4, { 32, 16, 3, 3 } },
    { "model.11.filt", 4, { 32, 1, 3, 3 } },
    { "model.12.conv_block.1.weight", 4, { 32, 32, 3, 3 } },
    { "model.12.conv_block.5.weight", 4, { 32, 32, 3, 3 } } } },
  { "resnet-without-end", { RESNET_START,
    { "model.10.conv_block.1.weight", 4, { 32, 32, 3, 3 } },
    { "model.10.conv_block.5.weight", 4, { 32, 32, 3, 3 } } } },
  { "classifier", {
    { "conv1.weight", 4, { 64, 3, 7, 7 } }, { "layer1.0.conv1.weight", 4, { 64, 64, 3, 3 } },
    { "fc.weight", 2, { 1000, 512 } } } },
};

static void
test_stranger (gconstpointer data)
{
  const Stranger        *t = data;
  g_autoptr (P2pTensors) tensors = p2p_tensors_new ();
  P2pNetOptions          found;
  const P2pNet          *net;

  for (const Shape *shape = t->shapes; shape->name; shape++)
    add (tensors, shape->name, shape->n_dims, shape->dims);
  net = p2p_net_detect (tensors, &found);
  if (net)
    g_error ("%s was taken for a %s", t->name, net->name);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/detect/own/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_own);
    }
  g_test_add_func ("/detect/stale-statistics", test_stale);
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_autofree char *path = g_strconcat ("/detect/stranger/", strangers[i].name, NULL);

      g_test_add_data_func (path, &strangers[i], test_stranger);
    }

  return g_test_run ();
}
