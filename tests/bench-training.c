/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How fast the convolutions of a training are, and how near they are to their definition:
 *
 *   bench-training NGF BATCH THREADS
 *
 * Measures each convolution of unet_256 and of PatchGAN at 256 × 256 pixels alone: the forward
 * pass, the gradient of the input, and the gradient of the weight. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/arena.h"
#include "nets/nets.h"
#include "ops/conv.h"
#include "sampled.h"
#include "testing.h"

#define ROUNDS 7
#define SIZE   256

#define SEED_DY 6    /* seed of the result's gradient */

/* One convolution. */
typedef struct
{
  P2pParams   *params;
  P2pParallel *parallel;
  P2pGraph    *graph;
  P2pNode     *x, *y;
} Layer;

static void
build (Layer         *layer,
       const P2pNode *like)
{
  const P2pNode     *in = like->inputs[P2P_CONV_X];
  const P2pConvAttr *attr = p2p_conv_attr (like);
  P2pGraphOptions    options = { P2P_STATS_OWN, NULL, .train = TRUE,
                                 .gradients = P2P_INPUTS | P2P_PARAMS };
  P2pAt              at;

  p2p_graph_free (layer->graph);
  layer->graph = p2p_graph_new (layer->params, layer->parallel, &options);
  at = p2p_sub (p2p_at (layer->graph), "layer");
  layer->x = p2p_input (layer->graph, in->n, in->h, in->w, in->c);
  layer->y = (attr->transposed
              ? p2p_conv_transpose (at, layer->x, like->c, attr->k, attr->s, attr->p, 0, FALSE)
              : p2p_conv (at, layer->x, like->c, attr->k, attr->s, attr->p, FALSE));
  p2p_output (layer->x);
  p2p_output (layer->y);
}

static Layer
layer_new (const P2pNode *like,
           P2pParallel   *parallel)
{
  Layer layer = { p2p_params_new (), parallel };

  /* The first build declares the weight.  A node of the second build points to it. */
  build (&layer, like);
  p2p_params_init (layer.params, 3, NULL);
  p2p_params_train (layer.params);
  build (&layer, like);
  plan (layer.graph);
  return layer;
}

static void
layer_clear (Layer *layer)
{
  p2p_graph_free (layer->graph);
  p2p_params_free (layer->params);
}

/* ---- Times ------------------------------------------------------------------------------ */

static double
ms_since (gint64 start)
{
  return (g_get_monotonic_time () - start) / 1000.0;
}

/* Finds the best time in milliseconds of a forward, and of a backward for the gradients that are
 * wanted. */
static void
time_layer (Layer  *layer,
            guint   wanted,
            double *forward_ms,
            double *backward_ms)
{
  *forward_ms = *backward_ms = G_MAXDOUBLE;
  for (int round = 0; round < ROUNDS; round++)
    {
      gint64 start;

      p2p_params_zero_grad (layer->params);
      fill_random (layer->x->x, p2p_node_size (layer->x), 5);
      start = g_get_monotonic_time ();
      forward (layer->graph, 0);
      *forward_ms = MIN (*forward_ms, ms_since (start));

      fill_random (p2p_graph_seed (layer->y), p2p_node_size (layer->y), SEED_DY);
      start = g_get_monotonic_time ();
      p2p_graph_backward (layer->graph, wanted);
      *backward_ms = MIN (*backward_ms, ms_since (start));
    }
}

/* ---- The definition --------------------------------------------------------------------- */

static SampledPicture
picture (const P2pNode  *node,
         const p2p_real *values)
{
  return (SampledPicture) { values, node->n, node->h, node->w, node->c };
}

/* The layer's definition, as a forward uses it.  For a backward, y is the gradient of the
 * result. */
static Sampled
definition (const Layer    *layer,
            const p2p_real *y)
{
  const P2pConvAttr *attr = p2p_conv_attr (layer->y);
  SampledPicture     x_picture = picture (layer->x, layer->x->x), y_picture = picture (layer->y, y);
  const P2pParam    *weight = p2p_params_nth (layer->params, 0);

  return (Sampled) { attr->transposed ? y_picture : x_picture,
                     attr->transposed ? x_picture : y_picture,
                     weight->value, NULL, attr->k, attr->s, attr->p };
}

/* ---- The table -------------------------------------------------------------------------- */

static void
print_part (const Layer *layer,
            double       ms,
            double       error)
{
  printf (" %9.2f %7.0f %7.0e", ms, layer->y->flops / ms / 1e6, error);
}

static void
bench_layer (const P2pNode *like,
             P2pParallel   *parallel)
{
  Layer                layer = layer_new (like, parallel);
  const gboolean       transposed = p2p_conv_attr (layer.y)->transposed;
  const P2pParam      *weight = p2p_params_nth (layer.params, 0);
  const gsize          n_x = p2p_node_size (layer.x), n_y = p2p_node_size (layer.y);
  g_autofree char     *shape = g_strdup_printf ("%d×%d×%d", layer.y->h, layer.y->w, layer.y->c);
  g_autofree p2p_real *dy = g_new (p2p_real, n_y);
  double               ms, backward_ms, weight_ms, weight_error;
  Sampled              there, back;

  fill_random (dy, n_y, SEED_DY);
  time_layer (&layer, P2P_PARAMS, &ms, &weight_ms);
  back = definition (&layer, dy);
  weight_error = sampled_error (&back, sampled_d_weight, weight->gradient, weight->n);

  time_layer (&layer, P2P_INPUTS, &ms, &backward_ms);
  there = definition (&layer, layer.y->x);
  back = definition (&layer, dy);
  printf ("%-15s %-12s %-15s", layer.y->op->name, shape, layer.y->algorithm);
  print_part (&layer, ms, sampled_error (&there, transposed ? sampled_p : sampled_q, layer.y->x,
                                         n_y));
  print_part (&layer, backward_ms, sampled_error (&back, transposed ? sampled_q : sampled_p,
                                                  layer.x->g, n_x));
  print_part (&layer, weight_ms, weight_error);
  printf ("\n");
  layer_clear (&layer);
}

static void
bench_net (P2pGraph    *graph,
           P2pNode     *output,
           P2pParallel *parallel)
{
  p2p_output (output);
  plan (graph);
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      const P2pNode *node = graph->nodes->pdata[i];

      if (node->op && g_str_has_prefix (node->op->name, "conv"))
        bench_layer (node, parallel);
    }
}

int
main (int    argc,
      char **argv)
{
  const int               ngf = argc == 4 ? atoi (argv[1]) : 0;
  P2pNetOptions           options = p2p_net_unet.defaults;
  P2pDiscriminatorOptions d_options = { FALSE, ngf, 3, P2P_NORM_BATCH };
  P2pGraphOptions         graph_options = { P2P_STATS_OWN };

  if (ngf < 1 || atoi (argv[2]) < 1 || atoi (argv[3]) < 1)
    {
      fprintf (stderr, "usage: bench-training NGF BATCH THREADS\n");
      return 2;
    }
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (atoi (argv[3]));
  g_autoptr (P2pParams)   g_params = p2p_params_new (), d_params = p2p_params_new ();
  g_autoptr (P2pGraph)    g = p2p_graph_new (g_params, parallel, &graph_options);
  g_autoptr (P2pGraph)    d = p2p_graph_new (d_params, parallel, &graph_options);

  options.ngf = ngf;
  printf ("%-40s %26s %24s %24s\n%-15s %-12s %-15s", "", "forward", "input's gradient",
          "weight's gradient", "op", "h×w×c", "algorithm");
  for (int i = 0; i < 3; i++)
    printf (" %9s %7s %7s", "ms", "GFLOP/s", "error");
  printf ("\n");
  bench_net (g, p2p_net_unet.build (p2p_at (g), p2p_input (g, atoi (argv[2]), SIZE, SIZE, 3),
                                    &options), parallel);
  bench_net (d, p2p_discriminator (p2p_at (d), p2p_input (d, atoi (argv[2]), SIZE, SIZE, 6),
                                   &d_options), parallel);
  return 0;
}
