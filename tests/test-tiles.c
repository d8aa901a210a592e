/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Pictures in parts: the layout of tiles and their weights, results through tiles, memory budgets,
 * and the part of a picture that a selection needs. */

#include "apply/tiles.h"
#include "small-model.h"

/* ---- Layout ----------------------------------------------------------------------------- */

static const P2pTileRules rule_cases[] =
{
  { 1100, 256, 16, 0, -1 }, { 1000, 32, 16, 0, -1 }, { 333, 4, 4, 20, -1 }, { 5000, 4, 4, 88, -1 },
  { 640, 64, 16, 0, 0 }, { 999, 32, 16, 0, 30 }, { 300, 4, 4, 20, 10 },
};

static void
check_axis (const P2pTileRules *rules,
            const P2pTileAxis  *axis)
{
  g_autofree double *sums = g_new0 (double, axis->extent);
  g_autofree float  *weights = g_new (float, axis->size);

  g_assert_cmpint (axis->size % rules->multiple, ==, 0);
  g_assert_cmpint (axis->extent, >=, rules->side);
  for (int i = 0; i < axis->n; i++)
    {
      int start = p2p_tile_start (axis, i);
      int shared = i ? p2p_tile_start (axis, i - 1) + axis->size - start : 0;

      g_assert_cmpint (start % rules->align, ==, 0);
      g_assert_cmpint (start + axis->size, <=, axis->extent);
      if (i && rules->overlap < 0)
        g_assert_cmpint (shared, >=, rules->margin ? 2 * rules->margin : axis->size / 4);
      p2p_tile_weights (axis, i, weights);
      for (int x = 0; x < axis->size; x++)
        {
          g_assert_true (weights[x] >= 0.0f && weights[x] <= 1.0f);
          if (rules->overlap < 0 && ((i && x < rules->margin)
                                     || (i < axis->n - 1 && x >= axis->size - rules->margin)))
            g_assert_cmpfloat (weights[x], ==, 0.0f);
          sums[start + x] += weights[x];
        }
    }
  for (int x = 0; x < axis->extent; x++)
    g_assert_cmpfloat_with_epsilon (sums[x], 1.0, 1e-6);
}

/* Tiles have the same size, which is a multiple of the network's.  They cover the side and overlap
 * by a quarter or twice the margin.  Their weights add up to 1 and are 0 in margins. */
static void
test_layout (gconstpointer data)
{
  const P2pTileRules *rules = data;

  for (int n = 1; n <= 9; n++)
    {
      P2pTileAxis axis = p2p_tile_axis (rules, n, MAX (rules->multiple, 4 * rules->margin));

      g_assert_cmpint (axis.n, <=, n);
      check_axis (rules, &axis);
    }
}

/* There are as few tiles as the longest allowed side permits. */
static void
test_fewest (void)
{
  const P2pTileRules rules = { 1000, 64, 16, 0, -1 };

  g_assert_cmpint (p2p_tile_fewest (&rules, 64, 1024), ==, 1);
  g_assert_cmpint (p2p_tile_fewest (&rules, 64, 1000), ==, 2);    /* 960 + 960 − 240 */
  g_assert_cmpint (p2p_tile_fewest (&rules, 64, 520), ==, 3);     /* 512 − 128 each, and 128 */
  g_assert_cmpint (p2p_tile_fewest (&rules, 64, 63), ==, 0);
  g_assert_cmpint (p2p_tile_fewest (&rules, 128, 100), ==, 0);
}

/* A side that is shorter than the least tile is one tile, if this tile is allowed. */
static void
test_fewest_short (void)
{
  const P2pTileRules rules = { 300, 4, 4, 0, 88 };

  g_assert_cmpint (p2p_tile_fewest (&rules, 352, 512), ==, 1);
  g_assert_cmpint (p2p_tile_fewest (&rules, 352, 300), ==, 1);
  g_assert_cmpint (p2p_tile_fewest (&rules, 352, 299), ==, 0);
}

/* ---- Through tiles ---------------------------------------------------------------------- */

/* A network that looks at one pixel only gives the same result through any tiles. */
static void
test_pointwise (void)
{
  static const float    slope = 0.8;
  g_autoptr (P2pModel)  model = open_small (&(SmallModel) { "gray", 1, 1, &slope });
  static const int      sizes[][2] = { { 1, 1 }, { 1, 300 }, { 3, 5000 }, { 200, 200 },
                                       { 257, 130 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (int tile = SIDE; tile <= 3 * SIDE; tile += SIDE)
      {
        g_autoptr (P2pImage) image = random_image (sizes[i][0], sizes[i][1], 1);
        P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
        g_autoptr (P2pImage) result = NULL;

        options.tile = tile;
        result = apply (model, image, &options);
        g_assert_cmpint (result->channels, ==, 1);
        for (int j = 0; j < sizes[i][0] * sizes[i][1]; j++)
          g_assert_cmpfloat_with_epsilon (result->pixels[j],
                                          0.5 + 0.5 * tanh (slope * (2 * image->pixels[j] - 1)),
                                          2e-6);
      }
}

static P2pNode *
build_local (P2pAt                at,
             P2pNode             *x,
             const P2pNetOptions *options)
{
  x = p2p_relu (p2p_conv (p2p_sub (at, "0"), x, 8, 7, 1, 3, FALSE));
  x = p2p_conv (p2p_sub (at, "1"), x, 8, 4, 2, 1, FALSE);
  x = p2p_leaky_relu (p2p_norm (p2p_sub (at, "2"), x, options->norm), 0.2);
  return p2p_tanh (p2p_conv_transpose (p2p_sub (at, "3"), x, 3, 4, 2, 1, 0, FALSE));
}

static int
local_multiple (const P2pNetOptions *options)
{
  return 4;
}

/* 3 for the first convolution, 1 for the second, 2 · 1 for the third, rounded up. */
static int
local_halo (const P2pNetOptions *options)
{
  return 8;
}

/* Replaces the model's network by one with a small receptive field. */
static void
make_local (P2pModel *model,
            P2pNet   *net)
{
  P2pGraphOptions      options = { 0 };
  g_autoptr (P2pGraph) graph = NULL;

  *net = (P2pNet) { .name = "local", .side_multiple = local_multiple, .halo = local_halo,
                    .build = build_local };
  model->card->net = net;
  p2p_params_free (model->params);
  model->params = p2p_params_new ();
  graph = p2p_graph_new (model->params, model->parallel, &options);
  build_local (p2p_at (graph), p2p_input (graph, 1, 64, 64, 3), &model->card->options);
  p2p_params_init (model->params, 7, NULL);
  for (guint i = 0; i < p2p_params_length (model->params); i++)
    {
      P2pParam *param = p2p_params_nth (model->params, i);

      for (gsize j = 0; j < param->n && param->n_dims == 4; j++)
        param->value[j] *= 5.0;
    }
  p2p_stats_free (model->running);
  model->running = p2p_stats_from_params (model->params);
}

/* With given statistics and a halo, tiles give the same as the whole, also for a selection with its
 * context. */
static void
test_halo (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = random_image (203, 150, 3);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  g_autoptr (P2pImage) whole = NULL, part = NULL, in_part = NULL;
  P2pRect              rect;
  P2pNet               net;

  make_local (model, &net);
  options.statistics = P2P_STATISTICS_RUNNING;
  whole = apply (model, image, &options);
  for (int tile = 32; tile <= 120; tile += 22)
    {
      g_autoptr (P2pImage) tiled = NULL;

      options.tile = tile;
      tiled = apply (model, image, &options);
      for (int i = 0; i < 203 * 150 * 3; i++)
        g_assert_cmpfloat_with_epsilon (tiled->pixels[i], whole->pixels[i], 1e-6);
    }

  options.tile = 0;
  rect = p2p_apply_context (model, &options, 203, 150, (P2pRect) { 61, 70, 30, 80 });
  part = p2p_image_new (rect.width, rect.height, 3);
  for (int y = 0; y < rect.height; y++)
    memcpy (part->pixels + y * rect.width * 3,
            image->pixels + ((rect.y + y) * 203 + rect.x) * 3, rect.width * 3 * sizeof (float));
  in_part = apply (model, part, &options);
  for (int y = 70; y < 150; y++)
    for (int x = 61 * 3; x < 91 * 3; x++)
      g_assert_cmpfloat_with_epsilon (
        in_part->pixels[(y - rect.y) * rect.width * 3 + x - rect.x * 3],
        whole->pixels[y * 203 * 3 + x], 1e-6);
}

/* If the picture fits into one tile, nothing changes; and alpha passes through tiles. */
static void
test_one_tile (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = random_image (150, 100, 4);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  g_autoptr (P2pImage) whole = apply (model, image, &options), one = NULL, many = NULL;

  options.tile = 3 * SIDE;
  one = apply (model, image, &options);
  g_assert_cmpmem (one->pixels, image_bytes (one), whole->pixels, image_bytes (whole));

  options.tile = SIDE;
  many = apply (model, image, &options);
  for (int i = 0; i < 150 * 100; i++)
    g_assert_cmpfloat (many->pixels[4 * i + 3], ==, image->pixels[4 * i + 3]);
}

/* Tiles with noise give the same bits for any number of threads.  Another seed gives another
 * result. */
static void
test_deterministic (void)
{
  static const int      counts[] = { 1, 2, 3, 7 };
  g_autoptr (P2pModel)  model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage)  image = random_image (300, 200, 3);
  g_autoptr (P2pImage)  first = NULL, other = NULL;
  P2pApplyOptions       options = P2P_APPLY_DEFAULTS;

  options.tile = 2 * SIDE;
  options.noise = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autoptr (P2pImage) result = NULL;

      p2p_model_set_threads (model, counts[i]);
      result = apply (model, image, &options);
      if (! first)
        first = g_steal_pointer (&result);
      else
        g_assert_cmpmem (first->pixels, image_bytes (first), result->pixels, image_bytes (result));
    }
  options.seed = 1;
  other = apply (model, image, &options);
  g_assert_true (memcmp (first->pixels, other->pixels, image_bytes (first)) != 0);
}

/* A flat part that fills a tile is normalized by the statistics of the whole picture.  Its own
 * statistics would make everything 0 except the last bias. */
static void
test_common_statistics (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = random_image (8 * SIDE, 2 * SIDE, 3);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  g_autoptr (P2pImage) whole = NULL, tiled = NULL, first = NULL, own = NULL;
  double               common = 0.0, apart = 0.0;

  for (int i = 0; i < image->width * image->height * 3; i++)
    if (i / 3 % image->width < image->width / 2)
      image->pixels[i] = 0.4f + 0.05f * image->pixels[i];
  whole = apply (model, image, &options);
  options.tile = 2 * SIDE;
  tiled = apply (model, image, &options);
  first = p2p_image_new (2 * SIDE, 2 * SIDE, 3);
  for (int y = 0; y < 2 * SIDE; y++)
    memcpy (first->pixels + y * 2 * SIDE * 3, image->pixels + y * image->width * 3,
            2 * SIDE * 3 * sizeof (float));
  own = apply (model, first, &options);
  for (int y = 0; y < 2 * SIDE; y++)
    for (int x = 0; x < SIDE * 3; x++)
      {
        float expected = whole->pixels[y * image->width * 3 + x];

        common += fabs (tiled->pixels[y * image->width * 3 + x] - expected);
        apart += fabs (own->pixels[y * 2 * SIDE * 3 + x] - expected);
      }
  g_test_message ("%g of %g", common, apart);
  g_assert_cmpfloat (common, <, 0.8 * apart);
}

static void
test_bad_options (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = random_image (300, 200, 3);

  for (int i = 0; i < 4; i++)
    {
      P2pApplyOptions options = P2P_APPLY_DEFAULTS;

      options.tile = (int[]) { -1, SIDE - 1, 2 * SIDE, 0 }[i];
      options.overlap = (int[]) { -1, -1, SIDE + 1, -2 }[i];
      expect_error (model, image, &options, P2P_ERROR_OPTION);
    }
}

/* ---- Memory ----------------------------------------------------------------------------- */

/* The message for an impossible budget names the smallest that works.  That budget works, and a
 * slightly smaller one does not. */
static void
test_memory (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = random_image (900, 600, 3);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  g_autoptr (GError)   error = NULL;
  g_autoptr (P2pImage) result = NULL;
  P2pApplyPlan         plan;
  const char          *needs;
  guint64              least;

  options.memory = 1 << 20;
  g_assert_null (p2p_apply (model, image, &options, NULL, NULL, NULL, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_MEMORY);
  needs = strstr (error->message, "at least ");
  g_assert_nonnull (needs);
  least = g_ascii_strtoull (needs + strlen ("at least "), NULL, 10);

  options.memory = least << 20;
  result = apply (model, image, &options);
  g_assert_true (p2p_apply_plan (model, 900, 600, 3, &options, &plan, NULL));
  g_assert_cmpuint (plan.memory, <=, options.memory);

  options.memory = (least - 1) << 20;
  expect_error (model, image, &options, P2P_ERROR_MEMORY);
}

/* The plan has the working size, and more memory never means more tiles. */
static void
test_plan (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  P2pApplyPlan         plan;
  int                  tiles = G_MAXINT;

  for (guint64 memory = 60; memory < 250; memory += 10)
    {
      options.memory = memory << 20;
      if (! p2p_apply_plan (model, 1500, 1000, 4, &options, &plan, NULL))
        continue;
      g_assert_cmpint (plan.width, ==, 1500);
      g_assert_cmpint (plan.tiles, <=, tiles);
      g_assert_cmpuint (plan.memory, <=, options.memory);
      tiles = plan.tiles;
    }
  g_assert_cmpint (tiles, ==, 1);

  options.scale = "fit:300";
  g_assert_true (p2p_apply_plan (model, 1500, 1000, 4, &options, &plan, NULL));
  g_assert_cmpint (plan.width, ==, 300);
  g_assert_cmpint (plan.height, ==, 200);
}

/* A network that cannot run in strips runs in as many tiles as the budget asks for, and gives the
 * same as on the whole.  The common statistics of samples are not quite those of the picture. */
static void
test_budgets (gconstpointer data)
{
  const P2pStatistics  statistics = GPOINTER_TO_INT (data);
  const double         most = statistics == P2P_STATISTICS_RUNNING ? 1e-5 : 0.05;
  g_autoptr (P2pModel) model = open_small (&(SmallModel) { "rgb", 3, 3, .n_blocks = 1 });
  g_autoptr (P2pImage) image = random_image (400, 300, 3), whole = NULL;
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  P2pApplyPlan         plan;
  int                  tiles = 1, layouts = 0;
  double               range = 0.0;

  options.statistics = statistics;
  whole = apply (model, image, &options);
  for (int i = 3; i < 400 * 300 * 3; i++)
    range += fabs (whole->pixels[i] - whole->pixels[i - 3]) / (400 * 300 * 3);
  g_assert_cmpfloat (range, >, 0.1);
  for (options.memory = 1 << 30; p2p_apply_plan (model, 400, 300, 3, &options, &plan, NULL);
       options.memory = plan.memory - 1)
    {
      g_autoptr (P2pImage) parts = NULL;
      double               difference = 0.0;

      g_assert_cmpuint (plan.memory, <=, options.memory);
      if (plan.tiles == tiles)
        continue;
      tiles = plan.tiles;
      layouts++;
      parts = apply (model, image, &options);
      for (int i = 0; i < 400 * 300 * 3; i++)
        difference += fabs (parts->pixels[i] - whole->pixels[i]) / (400 * 300 * 3);
      g_test_message ("%d tiles: %g", tiles, difference);
      g_assert_cmpfloat (difference, <, most);
    }
  g_assert_cmpint (layouts, >, 2);
}

/* ---- Context ---------------------------------------------------------------------------- */

/* At native scale, the context is the selected area, enlarged to multiples of the side multiple,
 * inside the picture.  With fit:N it is the whole picture. */
static void
test_context (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  P2pRect              rect;

  rect = p2p_apply_context (model, &options, 1000, 800, (P2pRect) { 500, 790, 40, 10 });
  g_assert_cmpint (rect.width, ==, SIDE);
  g_assert_cmpint (rect.height, ==, SIDE);
  g_assert_cmpint (rect.x, ==, 488);
  g_assert_cmpint (rect.y, ==, 800 - SIDE);

  rect = p2p_apply_context (model, &options, 50, 800, (P2pRect) { 3, 0, 40, 70 });
  g_assert_cmpint (rect.x, ==, 0);
  g_assert_cmpint (rect.width, ==, 50);
  g_assert_cmpint (rect.y, ==, 0);
  g_assert_cmpint (rect.height, ==, 2 * SIDE);

  /* If the receptive field is the whole picture, the context is at least as large as the training
   * pictures. */
  model->card->train_size = 200;
  rect = p2p_apply_context (model, &options, 1000, 800, (P2pRect) { 500, 300, 40, 40 });
  g_assert_cmpint (rect.width, ==, 4 * SIDE);
  g_assert_cmpint (rect.height, ==, 4 * SIDE);
  g_assert_cmpint (rect.x, ==, 520 - 2 * SIDE);

  options.scale = "fit:128";
  rect = p2p_apply_context (model, &options, 1000, 800, (P2pRect) { 500, 790, 40, 10 });
  g_assert_cmpint (rect.x, ==, 0);
  g_assert_cmpint (rect.y, ==, 0);
  g_assert_cmpint (rect.width, ==, 1000);
  g_assert_cmpint (rect.height, ==, 800);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rule_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/tiles/layout/%u", i);

      g_test_add_data_func (path, &rule_cases[i], test_layout);
    }
  g_test_add_func ("/tiles/fewest", test_fewest);
  g_test_add_func ("/tiles/fewest-short", test_fewest_short);
  g_test_add_func ("/tiles/pointwise", test_pointwise);
  g_test_add_func ("/tiles/halo", test_halo);
  g_test_add_func ("/tiles/one-tile", test_one_tile);
  g_test_add_func ("/tiles/deterministic", test_deterministic);
  g_test_add_func ("/tiles/common-statistics", test_common_statistics);
  g_test_add_func ("/tiles/bad-options", test_bad_options);
  g_test_add_func ("/tiles/memory", test_memory);
  g_test_add_data_func ("/tiles/budgets/running-statistics",
                        GINT_TO_POINTER (P2P_STATISTICS_RUNNING), test_budgets);
  g_test_add_data_func ("/tiles/budgets/statistics-of-the-image",
                        GINT_TO_POINTER (P2P_STATISTICS_IMAGE), test_budgets);
  g_test_add_func ("/tiles/plan", test_plan);
  g_test_add_func ("/tiles/context", test_context);
  return run_tests ();
}
