/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Functions whose allocations depend on the size of a picture or a model return an error when there
 * is no memory. */

#include <math.h>

#include "apply/hints.h"
#include "limited.h"
#include "ops/ops.h"
#include "pictures/flats.h"
#include "pictures/flood.h"
#include "pictures/guided-filter.h"
#include "pictures/smooth.h"
#include "pictures/spread.h"
#include "pictures/transparency.h"
#include "train/hint-metrics.h"
#include "train/ink.h"
#include "train/make-hints.h"
#include "train/metrics.h"

#define SIDE   2000
#define PIXELS ((gsize) SIDE * SIDE)

/* Bytes that are left.  Everything that is tested here needs more. */
#define LEFT   (1 << 18)

static P2pPlanes *
new_planes (int channels)
{
  return p2p_planes_new (SIDE, SIDE, channels, NULL);
}

static void
expect_no_memory (gpointer   result,
                  GError   **error)
{
  unlimit_memory ();
  g_assert_false (result);
  g_assert_error (*error, P2P_ERROR, P2P_ERROR_MEMORY);
  g_assert_nonnull (strstr ((*error)->message, "memory"));
  g_clear_error (error);
}

/* Expects that expression returns FALSE or NULL, with an error. */
#define FAILS(expression) \
  G_STMT_START { \
    g_autoptr (GError) error = NULL; \
    limit_memory (LEFT); \
    expect_no_memory (GSIZE_TO_POINTER ((gsize) (expression)), &error); \
  } G_STMT_END

static void
run_out_scaling (void)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  g_autoptr (P2pPlanes)   colors = new_planes (3), lines = new_planes (1);
  const P2pSource         source = p2p_planes_source (colors), gray = p2p_planes_source (lines);
  g_autofree guint8      *height = g_new0 (guint8, PIXELS);

  FAILS (p2p_planes_new (SIDE, SIDE, 3, &error));
  FAILS (p2p_resize_new (&source, SIDE, SIDE, P2P_CUBIC, parallel, &error));
  FAILS (p2p_resize_new (&source, 1, 64 * SIDE, P2P_CUBIC, parallel, &error));
  FAILS (p2p_guided_filter_new (colors, &gray, &gray, parallel, &error));
  FAILS (p2p_smooth_between (colors, height, 1, 3, parallel, &error));
}

static void
run_out_flats (void)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  g_autoptr (P2pPlanes)   colors = new_planes (3), lines = new_planes (1);
  const P2pSource         source = p2p_planes_source (lines);
  g_autofree guint8      *level = g_new0 (guint8, PIXELS);
  g_autofree int         *places = g_new (int, PIXELS);
  const P2pFlood          flood = { SIDE, SIDE, level, level, 6, 200 };

  for (gsize i = 0; i < PIXELS; i++)
    places[i] = P2P_FLOOD_UNKNOWN;
  FAILS (p2p_flood (&flood, places, parallel, &error));
  FAILS (p2p_flats_fill (colors, &source, 0, parallel, &error));
  FAILS (p2p_flats_enlarge (colors, &source, &source, 0, parallel, &error));
}

static void
run_out_hints (void)
{
  static const P2pInputs  inputs = { 2, { P2P_PLANE_LINES, P2P_PLANE_SPREAD_RGB } };
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  g_autoptr (P2pPlanes)   lines = new_planes (1);
  const P2pSource         source = p2p_planes_source (lines);
  g_autoptr (P2pHintMap)  map = p2p_hint_map_new (SIDE, SIDE, NULL);
  g_autofree float       *spread = g_new (float, 3 * PIXELS), *reach = g_new (float, PIXELS);
  const float             white[] = { 1.0f, 1.0f, 1.0f };
  const P2pSpread         hints = { SIDE, SIDE, 3, lines->values, map->rgb, map->mask, white, white,
                                    parallel };

  FAILS (p2p_hint_map_new (SIDE, SIDE, &error));
  FAILS (p2p_hint_map_reduce (NULL, SIDE, SIDE, SIDE, SIDE, parallel, &error));
  FAILS (p2p_hint_planes (&inputs, &source, map, parallel, &error));
  FAILS (p2p_spread (&hints, spread, reach, &error));
  FAILS (p2p_spread_nearest (&hints, spread, &error));
}

static void
run_out_metrics (void)
{
  static const P2pInputs  inputs = { 3, { P2P_PLANE_LINES, P2P_PLANE_HINT_RGB,
                                          P2P_PLANE_HINT_MASK } };
  static const P2pInputs  spread = { 2, { P2P_PLANE_LINES, P2P_PLANE_SPREAD_RGB } };
  g_autofree float       *rgb = g_new0 (float, 3 * PIXELS), *lines = g_new0 (float, PIXELS);
  g_autofree p2p_real    *a = g_new0 (p2p_real, 5 * PIXELS);
  const P2pSeen           hinted = { &inputs, a, SIDE, SIDE };
  const P2pSeen           spreading = { &spread, a, SIDE, SIDE };
  const P2pTruth          truth = { SIDE, SIDE, rgb, lines };
  g_autoptr (P2pHintMap)  map = p2p_hint_map_new (SIDE, SIDE, NULL);
  gsize                   places[] = { 0 };
  double                  value;
  guint                   n;

  /* As wide as PIXELS, since SSIM needs memory for a row. */
  FAILS (p2p_metric_ssim (rgb, rgb, 1, PIXELS, 3, &value, &error));
  FAILS (p2p_metric_nearest (&hinted, rgb, &value, &error));
  FAILS (p2p_metric_spreading (&spreading, rgb, &value, &error));
  FAILS (p2p_metric_obeyed (rgb, rgb, SIDE, SIDE, places, 1, &n, &error));
  FAILS (p2p_make_dots (&truth, 1, 1, 1, map, places, &error));
  FAILS (p2p_make_hints (&truth, 1, 1, map, &error));
  FAILS (p2p_ink_draw (rgb, SIDE, SIDE, 1, 1, lines, &error));
}

static void
run_out_pictures (void)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  g_autoptr (P2pImage)    image = p2p_image_new (SIDE, SIDE, 2);
  g_autoptr (P2pPlanes)   colors = new_planes (3);
  const P2pSource         source = p2p_planes_source (colors);
  P2pExtension           *extension;
  gsize                   n_mended;

  for (gsize i = 0; i < 2 * PIXELS; i++)
    image->pixels[i] = i / 2 % 2;
  FAILS (p2p_extension_new (&source, image, parallel, &extension, &error));
  for (gsize i = 0; i < PIXELS; i++)
    image->pixels[i] = NAN;
  FAILS (p2p_image_mend (image, &n_mended, &error));
  g_assert_true (isnan (image->pixels[0]));
}

/* The arena is large for a large picture, and the weights for a large network. */
static void
run_out_network (int side,
                 int channels)
{
  const P2pGraphOptions   options = { 0 };
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  g_autoptr (P2pParams)   params = p2p_params_new ();
  g_autoptr (P2pGraph)    graph = p2p_graph_new (params, parallel, &options);
  P2pNode                *x = p2p_input (graph, 1, side, side, channels);

  p2p_output (p2p_conv (p2p_at (graph), x, channels, 3, 1, 1, FALSE));
  g_assert_true (p2p_graph_plan (graph, NULL));
  FAILS (p2p_params_init (params, 1, &error) && p2p_graph_allocate (graph, &error));
}

static void
run_out_arena (void)
{
  run_out_network (SIDE, 1);
}

static void
run_out_weights (void)
{
  run_out_network (4, 1024);
}

static void
run_out_prepared (void)
{
  const P2pGraphOptions   options = { 0 };
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  g_autoptr (P2pParams)   params = p2p_params_new ();
  g_autoptr (P2pGraph)    graph = p2p_graph_new (params, parallel, &options);
  P2pNode                *x = p2p_input (graph, 1, 4, 4, 1024);

  p2p_output (p2p_conv (p2p_at (graph), x, 1024, 3, 1, 1, FALSE));
  g_assert_true (p2p_graph_plan (graph, NULL));
  g_assert_true (p2p_params_init (params, 1, NULL));
  g_assert_true (p2p_graph_allocate (graph, NULL));
  FAILS (p2p_graph_forward (graph, 0, NULL, NULL, NULL, &error));
  g_assert_true (p2p_graph_forward (graph, 0, NULL, NULL, NULL, NULL));
}

static void
test_scaling (void)
{
  run_limited (run_out_scaling);
}

static void
test_flats (void)
{
  run_limited (run_out_flats);
}

static void
test_hints (void)
{
  run_limited (run_out_hints);
}

static void
test_metrics (void)
{
  run_limited (run_out_metrics);
}

static void
test_pictures (void)
{
  run_limited (run_out_pictures);
}

static void
test_arena (void)
{
  run_limited (run_out_arena);
}

static void
test_weights (void)
{
  run_limited (run_out_weights);
}

static void
test_prepared (void)
{
  run_limited (run_out_prepared);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/no-memory/scaling", test_scaling);
  g_test_add_func ("/no-memory/flats", test_flats);
  g_test_add_func ("/no-memory/hints", test_hints);
  g_test_add_func ("/no-memory/metrics", test_metrics);
  g_test_add_func ("/no-memory/pictures", test_pictures);
  g_test_add_func ("/no-memory/arena", test_arena);
  g_test_add_func ("/no-memory/weights", test_weights);
  g_test_add_func ("/no-memory/prepared-weights", test_prepared);
  return g_test_run ();
}
