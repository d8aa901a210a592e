/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The features that networks mark for a comparison with a teacher: which values they are; and that
 * a graph without them keeps and computes the same as if there were no features. */

#include <string.h>

#include "nets/nets.h"
#include "testing.h"

typedef struct
{
  const char    *name;
  const P2pNet  *net;
  P2pNetOptions  options;
  int            side;
  int            sizes[5][2];    /* height and channels of each feature; 0 ends the list */
} Case;

static const Case cases[] =
{
  { "unet", &p2p_net_unet, { .num_downs = 6, .ngf = 2, .input_nc = 3, .output_nc = 3,
                             .norm = P2P_NORM_BATCH, .skip = TRUE }, 64,
    { { 1, 16 }, { 8, 8 }, { 16, 4 }, { 32, 2 } } },
  { "unet-without-skips", &p2p_net_unet, { .num_downs = 5, .ngf = 1, .input_nc = 1, .output_nc = 3,
                                           .norm = P2P_NORM_NONE }, 64,
    { { 2, 8 }, { 8, 4 }, { 16, 2 }, { 32, 1 } } },
  { "resnet", &p2p_net_resnet, { .n_blocks = 5, .ngf = 2, .input_nc = 3, .output_nc = 3,
                                 .norm = P2P_NORM_INSTANCE }, 32,
    { { 8, 8 }, { 8, 8 }, { 8, 8 } } },
  { "resnet-of-one-block", &p2p_net_resnet, { .n_blocks = 1, .ngf = 1, .input_nc = 3,
                                              .output_nc = 1, .norm = P2P_NORM_BATCH }, 16,
    { { 4, 4 }, { 4, 4 } } },
};

/* A planned graph. *x and *y become its input and output. */
static P2pGraph *
build (const Case   *t,
       P2pParams    *params,
       P2pParallel  *parallel,
       gboolean      features,
       P2pNode     **x,
       P2pNode     **y)
{
  P2pGraphOptions options = { P2P_STATS_OWN, .features = features };
  P2pGraph       *graph = p2p_graph_new (params, parallel, &options);

  *x = p2p_input (graph, 1, t->side, t->side, t->options.input_nc);
  *y = t->net->build (p2p_at (graph), *x, &t->options);
  p2p_output (*y);
  plan (graph);
  return graph;
}

/* With features, they have the sizes in the table above and can be read after a forward: more than
 * one of their values differs from zero. */
static void
test_sizes (gconstpointer data)
{
  const Case             *t = data;
  g_autoptr (P2pParams)   params = p2p_params_new ();
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  P2pNode                *x, *y;
  P2pGraph               *graph = build (t, params, parallel, TRUE, &x, &y);
  guint                   n = 0;

  while (t->sizes[n][0])
    n++;
  p2p_graph_free (graph);
  p2p_params_init (params, 3, NULL);
  graph = build (t, params, parallel, TRUE, &x, &y);
  fill_random (x->x, p2p_node_size (x), 1);
  forward (graph, 0);
  g_assert_cmpuint (graph->features->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      const P2pNode *feature = graph->features->pdata[i];
      gsize          n_set = 0;

      g_assert_cmpint (feature->h, ==, t->sizes[i][0]);
      g_assert_cmpint (feature->w, ==, t->sizes[i][0]);
      g_assert_cmpint (feature->c, ==, t->sizes[i][1]);
      for (gsize j = 0; j < p2p_node_size (feature); j++)
        n_set += feature->x[j] != 0.0;
      g_assert_cmpuint (n_set, >, 1);
    }
  p2p_graph_free (graph);
}

/* Without features, the result is the only value that is kept, so the plan knows nothing of
 * features.  The picture has the same bits as with features. */
static void
test_not_asked (gconstpointer data)
{
  const Case             *t = data;
  g_autoptr (P2pParams)   params = p2p_params_new ();
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  P2pNode                *x, *y;
  P2pGraph               *graph = build (t, params, parallel, FALSE, &x, &y);
  g_autofree p2p_real    *result = NULL;
  gsize                   bytes = p2p_node_size (y) * sizeof (p2p_real);

  g_assert_cmpuint (graph->features->len, ==, 0);
  for (guint i = 0; i < graph->nodes->len; i++)
    g_assert_true (((P2pNode *) graph->nodes->pdata[i])->is_output
                   == (graph->nodes->pdata[i] == (gpointer) y));
  p2p_graph_free (graph);

  p2p_params_init (params, 3, NULL);
  for (int features = 0; features < 2; features++)
    {
      graph = build (t, params, parallel, features, &x, &y);
      fill_random (x->x, p2p_node_size (x), 1);
      forward (graph, 0);
      if (features)
        g_assert_cmpmem (y->x, bytes, result, bytes);
      else
        result = g_memdup2 (y->x, bytes);
      p2p_graph_free (graph);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sizes = g_strconcat ("/features/sizes/", cases[i].name, NULL);
      g_autofree char *not_asked = g_strconcat ("/features/not-asked/", cases[i].name, NULL);

      g_test_add_data_func (sizes, &cases[i], test_sizes);
      g_test_add_data_func (not_asked, &cases[i], test_not_asked);
    }
  return g_test_run ();
}
