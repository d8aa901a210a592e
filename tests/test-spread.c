/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Spreading of hints: paths are as cheap as those of a naive relaxation, colors stay inside their
 * lines and hardly pass narrow gaps, paper stays paper, and nearest hints are compared with brute
 * force. */

#include <string.h>

#include "base/random.h"
#include "drawing.h"

/* The fraction of the pixels in columns first … end − 1 that have the color.  Lines do not
 * count. */
static double
part_of (const Scene *scene,
         int          first,
         int          end,
         float        colour)
{
  int all = 0, same = 0;

  for (int i = 0; i < scene->hints.w * scene->hints.h; i++)
    if (i % scene->hints.w >= first && i % scene->hints.w < end && scene->darkness[i] == 0.0f)
      {
        all++;
        same += scene->spread[i] == colour;
      }
  return (double) same / all;
}

/* ---- Compared with a naive relaxation --------------------------------------------------- */

static gint64
naive_ink (const Scene *scene,
           int          i)
{
  return lround (P2P_SPREAD_INK * (double) p2p_spread_ink (scene->darkness[i]));
}

/* Computes leave [h, w] as defined in spread.h. */
static void
naive_leave (const Scene *scene,
             gint64      *leave)
{
  const int w = scene->hints.w, n = w * scene->hints.h;
  gint64    gap = P2P_SPREAD_AT_SIZE (P2P_SPREAD_GAP, w, scene->hints.h);
  gint64    line = P2P_SPREAD_AT_SIZE (P2P_SPREAD_LINE, w, scene->hints.h);

  for (int i = 0; i < n; i++)
    {
      leave[i] = 0;
      for (int j = 0; j < n; j++)
        {
          int    steps = ABS (i % w - j % w) + ABS (i / w - j / w);
          gint64 peak = naive_ink (scene, j) * gap / P2P_SPREAD_INK;

          leave[i] = MAX (leave[i], peak - MIN (P2P_SPREAD_SLOPE, gap / 2) * steps);
        }
      leave[i] += naive_ink (scene, i) * line / P2P_SPREAD_INK;
    }
}

/* Sets the costs at which hints and paper start.  The source n means paper, which loses every
 * tie. */
static void
naive_start (const Scene *scene,
             gint64      *costs,
             int         *sources)
{
  const int w = scene->hints.w, h = scene->hints.h, n = w * h;

  for (int i = 0; i < n; i++)
    {
      gboolean border = i % w == 0 || i % w == w - 1 || i / w == 0 || i / w == h - 1;

      costs[i] = G_MAXINT32;
      sources[i] = n;
      if (scene->mask[i] > P2P_SPREAD_MASK)
        {
          costs[i] = lround ((1.0 - scene->mask[i]) * P2P_SPREAD_AT_SIZE (P2P_SPREAD_SOFT, w, h));
          sources[i] = i;
        }
      else if (border && scene->darkness[i] < P2P_SPREAD_LIGHT)
        costs[i] = P2P_SPREAD_AT_SIZE (P2P_SPREAD_HANDICAP, w, h);
    }
}

/* Bellman and Ford's algorithm: tries every step of the picture again and again, until none makes a
 * path cheaper. */
static void
naive_ways (const Scene *scene,
            gint64      *costs,
            int         *sources)
{
  const int          w = scene->hints.w, h = scene->hints.h, n = w * h;
  g_autofree gint64 *leave = g_new (gint64, n);
  gboolean           changed = TRUE;

  naive_leave (scene, leave);
  naive_start (scene, costs, sources);
  while (changed)
    {
      changed = FALSE;
      for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
          {
            gint64 cost = costs[i] + P2P_SPREAD_PAPER + naive_ink (scene, j)
                          + MAX (leave[i] - leave[j], 0);

            if (ABS (i % w - j % w) + ABS (i / w - j / w) == 1
                && (cost < costs[j] || (cost == costs[j] && sources[i] < sources[j])))
              {
                costs[j] = cost;
                sources[j] = sources[i];
                changed = TRUE;
              }
          }
    }
}

static void
compare_ways (int seed,
              int w,
              int h)
{
  g_autoptr (Scene)  scene = scene_new (w, h);
  const int          n = w * h;
  const double       scale = P2P_SPREAD_AT_SIZE (P2P_SPREAD_SCALE, w, h);
  g_autofree gint64 *costs = g_new (gint64, n);
  g_autofree int    *sources = g_new (int, n);

  for (int i = 0; i < n; i++)
    {
      double ink = p2p_random_uniform (seed, 1, i), hint = p2p_random_uniform (seed, 2, i);

      /* Darkness is a multiple of 1/256, so that no product is halfway between two integers. */
      scene->darkness[i] = ink < 0.6 ? 0.0 : floor ((ink - 0.6) / 0.4 * 256.0) / 256.0;
      scene->mask[i] = hint < 0.9 ? 0.0 : floor ((hint - 0.9) / 0.1 * 7.0 + 1.0) / 7.0;
      scene->colour[i] = i;
    }
  scene->mask[seed % n] = 1.0f;
  run (scene);
  naive_ways (scene, costs, sources);
  for (int i = 0; i < n; i++)
    {
      gboolean paper = sources[i] == n;

      g_assert_cmpfloat (scene->spread[i], ==, paper ? PAPER : sources[i]);
      if (paper)
        g_assert_cmpfloat (scene->reach[i], ==, 0.0);
      else if (scene->reach[i] > 1e-30f)
        g_assert_cmpfloat_with_epsilon (-log (scene->reach[i]) * scale, costs[i], 0.1);
    }
}

/* Colors and costs are those of the cheapest paths, including ties. */
static void
test_cheapest (void)
{
  for (int seed = 0; seed < 30; seed++)
    compare_ways (seed, 1 + seed * 5 % 17, 1 + seed * 3 % 13);
}

/* ---- Drawings --------------------------------------------------------------------------- */

/* Each of two rooms gets its dot's color.  If only one room has a dot, the other one is paper. */
static void
test_rooms (void)
{
  g_autoptr (Scene) scene = scene_new (128, 96);

  draw_box (scene, 70, 0, 1, 96);
  put_dot (scene, 33, 54, 2, RED);
  put_dot (scene, 90, 40, 2, BLUE);
  run (scene);
  g_assert_cmpfloat (part_of (scene, 0, 70, RED), ==, 1.0);
  g_assert_cmpfloat (part_of (scene, 71, 128, BLUE), ==, 1.0);
  g_assert_cmpfloat (scene->reach[54 * 128 + 33], ==, 1.0);
  g_assert_cmpfloat (scene->reach[4 * 128 + 33], <, scene->reach[40 * 128 + 33]);

  memset (scene->mask, 0, 50 * 128 * sizeof (float));
  run (scene);
  g_assert_cmpfloat (part_of (scene, 71, 128, PAPER), ==, 1.0);
}

/* A line one pixel wide holds the color back, also if it is diagonal. */
static void
test_diagonal (void)
{
  g_autoptr (Scene) scene = scene_new (100, 100);

  draw_frame (scene, 1);
  for (int i = 0; i < 100; i++)
    draw_box (scene, i, i, 1, 1);
  put_dot (scene, 95, 2, 2, RED);
  put_dot (scene, 2, 60, 2, BLUE);
  run (scene);
  for (int i = 0; i < 100 * 100; i++)
    if (scene->darkness[i] == 0.0f)
      g_assert_cmpfloat (scene->spread[i], ==, i % 100 > i / 100 ? RED : BLUE);
}

/* Little color passes a gap of 2 pixels into a room that has paper or a dot of its own. */
static void
test_gap (void)
{
  g_autoptr (Scene) scene = scene_new (512, 512);

  draw_box (scene, 255, 0, 2, 250);
  draw_box (scene, 255, 252, 2, 260);
  put_dot (scene, 150, 245, 6, RED);
  run (scene);
  g_test_message ("beside paper %g", part_of (scene, 257, 512, RED));
  g_assert_cmpfloat (part_of (scene, 257, 512, RED), <, 0.1);
  g_assert_cmpfloat (part_of (scene, 257, 512, PAPER), >, 0.9);

  draw_frame (scene, 2);
  put_dot (scene, 500, 500, 4, BLUE);
  run (scene);
  g_test_message ("beside a dot %g", part_of (scene, 257, 512, RED));
  g_assert_cmpfloat (part_of (scene, 257, 512, RED), <, 0.1);
  g_assert_cmpfloat (part_of (scene, 2, 255, RED), ==, 1.0);
  g_assert_cmpfloat (part_of (scene, 0, 512, PAPER), ==, 0.0);
}

/* A hint in a strand 4 pixels wide fills it to its end, although another hint is just across its
 * line. */
static void
test_strand (void)
{
  g_autoptr (Scene) scene = scene_new (512, 512);

  draw_box (scene, 20, 200, 470, 2);
  draw_box (scene, 20, 206, 470, 2);
  draw_box (scene, 20, 200, 2, 8);
  draw_box (scene, 488, 200, 2, 8);
  put_dot (scene, 24, 203, 2, RED);
  put_dot (scene, 480, 190, 4, BLUE);
  run (scene);
  for (int y = 202; y < 206; y++)
    for (int x = 22; x < 488; x++)
      g_assert_cmpfloat (scene->spread[y * 512 + x], ==, RED);
  g_assert_cmpfloat (scene->spread[195 * 512 + 24], !=, RED);
}

/* A dot on the background colors the background.  Inside a closed figure, the color is fainter than
 * anywhere outside, and much fainter a little away from the line. */
static void
test_background (void)
{
  g_autoptr (Scene) scene = scene_new (512, 512);
  int               background = 0, coloured = 0;
  float             outside = 1.0f, inside = 0.0f, middle = 0.0f;

  draw_circle (scene, 100.0);
  put_dot (scene, 250, 90, 6, RED);
  run (scene);
  for (int i = 0; i < 512 * 512; i++)
    {
      double from = from_ring (scene, i, 100.0);

      if (from < -10.0)
        middle = MAX (middle, scene->reach[i]);
      if (from < -2.0)
        inside = MAX (inside, scene->reach[i]);
      background += from > 2.0;
      coloured += from > 2.0 && scene->spread[i] == RED;
      if (from > 2.0 && scene->spread[i] == RED)
        outside = MIN (outside, scene->reach[i]);
    }
  g_test_message ("%g of the background, reach from %g, inside to %g, in the middle to %g",
                  (double) coloured / background, outside, inside, middle);
  g_assert_cmpfloat (coloured, >, 0.9 * background);
  g_assert_cmpfloat (inside, <, outside);
  g_assert_cmpfloat (middle, <, 0.5 * outside);
}

/* A dot in a closed figure fills the figure and nothing else. */
static void
test_figure (void)
{
  g_autoptr (Scene) scene = scene_new (512, 512);

  draw_circle (scene, 150.0);
  put_dot (scene, 200, 200, 6, RED);
  run (scene);
  for (int i = 0; i < 512 * 512; i++)
    if (fabs (from_ring (scene, i, 150.0)) > 2.0)
      {
        gboolean outside = from_ring (scene, i, 150.0) > 0.0;

        g_assert_cmpfloat (scene->spread[i], ==, outside ? PAPER : RED);
        g_assert_true ((scene->reach[i] == 0.0f) == outside);
      }
}

/* The same scene at half the size gives the same result. */
static void
test_size (void)
{
  g_autoptr (Scene) small = scene_new (256, 256), large = scene_new (512, 512);
  Scene            *scenes[] = { small, large };
  int               same = 0;
  double            reach = 0.0;

  for (int i = 0; i < 2; i++)
    {
      int unit = i + 1;

      draw_circle (scenes[i], 180.0);
      draw_circle (scenes[i], 90.0);
      draw_box (scenes[i], 40 * unit, 0, unit, 256 * unit);
      put_dot (scenes[i], 120 * unit, 20 * unit, 3 * unit, BLUE);
      put_dot (scenes[i], 80 * unit, 130 * unit, 3 * unit, RED);
      put_dot (scenes[i], 130 * unit, 140 * unit, 3 * unit, RED + BLUE);
      run (scenes[i]);
    }
  for (int i = 0; i < 512 * 512; i++)
    {
      int half = i / 512 / 2 * 256 + i % 512 / 2;

      same += small->spread[half] == large->spread[i];
      reach += fabs (small->reach[half] - large->reach[i]) / (512 * 512);
    }
  g_test_message ("%g the same, reach differs by %g", same / (512.0 * 512.0), reach);
  g_assert_cmpfloat (same, >, 0.95 * 512 * 512);
  g_assert_cmpfloat (reach, <, 0.02);
}

/* ---- Hints ------------------------------------------------------------------------------ */

/* Of a soft brush the strongest pixels count, and nearly transparent pixels are not hints.  A weak
 * hint alone colors everything, but its reach is smaller. */
static void
test_soft (void)
{
  g_autoptr (Scene) scene = scene_new (512, 3);
  const float      *reach = scene->reach + 512;

  draw_frame (scene, 1);
  put_dot (scene, 100, 1, 1, RED);
  put_dot (scene, 103, 1, 1, BLUE);
  put_dot (scene, 300, 1, 1, BLUE);
  scene->mask[512 + 103] = 0.5f;
  scene->mask[512 + 300] = 0.04f;
  run (scene);
  g_assert_cmpfloat (part_of (scene, 0, 512, RED), ==, 1.0);

  scene->mask[512 + 100] = 0.0f;
  run (scene);
  g_assert_cmpfloat (part_of (scene, 0, 512, BLUE), ==, 1.0);
  g_assert_cmpfloat_with_epsilon (reach[103],
                                  exp (-0.5 * P2P_SPREAD_SOFT / P2P_SPREAD_SCALE), 1e-6);
}

/* Without hints nothing is colored, at any size.  If a pixel itself is a hint, it keeps that
 * color. */
static void
test_small (void)
{
  static const int sizes[][2] = { { 1, 1 }, { 1, 9 }, { 9, 1 }, { 2, 2 }, { 40, 30 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      int               w = sizes[i][0], h = sizes[i][1];
      g_autoptr (Scene) scene = scene_new (w, h);

      run (scene);
      for (int j = 0; j < w * h; j++)
        {
          g_assert_cmpfloat (scene->spread[j], ==, NONE);
          g_assert_cmpfloat (scene->reach[j], ==, 0.0);
        }
      p2p_spread_nearest (&scene->hints, scene->spread, NULL);
      for (int j = 0; j < w * h; j++)
        g_assert_cmpfloat (scene->spread[j], ==, NONE);

      put_dot (scene, w - 1, h - 1, 1, RED);
      run (scene);
      g_assert_cmpfloat (scene->spread[w * h - 1], ==, RED);
      g_assert_cmpfloat (scene->reach[w * h - 1], ==, 1.0);
      p2p_spread_nearest (&scene->hints, scene->spread, NULL);
      for (int j = 0; j < w * h; j++)
        g_assert_cmpfloat (scene->spread[j], ==, RED);
    }
}

/* No hint is nearer than the one whose color a pixel gets. */
static void
test_nearest (void)
{
  for (int seed = 0; seed < 40; seed++)
    {
      int               w = 1 + seed * 7 % 31, h = 1 + seed * 11 % 23, n = w * h;
      g_autoptr (Scene) scene = scene_new (w, h);

      for (int i = 0; i < n; i++)
        {
          scene->colour[i] = i;
          scene->mask[i] = p2p_random_uniform (seed, 3, i) < (seed % 4 ? 0.02 : 0.3);
        }
      scene->mask[seed % n] = 1.0f;
      p2p_spread_nearest (&scene->hints, scene->spread, NULL);
      for (int i = 0; i < n; i++)
        {
          int given = scene->spread[i], best = G_MAXINT;
          int dx = given % w - i % w, dy = given / w - i / w;

          for (int j = 0; j < n; j++)
            if (scene->mask[j] > 0.0f)
              best = MIN (best, (j % w - i % w) * (j % w - i % w)
                                + (j / w - i / w) * (j / w - i / w));
          g_assert_cmpfloat (scene->mask[given], ==, 1.0);
          g_assert_cmpint (dx * dx + dy * dy, ==, best);
        }
    }
}

/* Several channels are spread together. */
static void
test_channels (void)
{
  static const float paper[] = { 9, 9, 9 }, none[] = { 0, 0, 0 };
  g_autoptr (Scene)  scene = scene_new (20, 10);
  g_autofree float  *colour = g_new0 (float, 20 * 10 * 3), *spread = g_new (float, 20 * 10 * 3);
  P2pSpread           hints = scene->hints;

  draw_box (scene, 10, 0, 1, 10);
  put_dot (scene, 4, 4, 1, RED);
  for (int k = 0; k < 3; k++)
    colour[(4 * 20 + 4) * 3 + k] = k + 1;
  hints.c = 3;
  hints.colour = colour;
  hints.paper = paper;
  hints.none = none;
  run (scene);
  p2p_spread (&hints, spread, scene->reach, NULL);
  for (int i = 0; i < 20 * 10; i++)
    for (int k = 0; k < 3; k++)
      g_assert_cmpfloat (spread[3 * i + k], ==, scene->spread[i] == RED ? k + 1 : 9);
  p2p_spread_nearest (&hints, spread, NULL);
  for (int i = 0; i < 20 * 10 * 3; i++)
    g_assert_cmpfloat (spread[i], ==, i % 3 + 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spread/cheapest", test_cheapest);
  g_test_add_func ("/spread/rooms", test_rooms);
  g_test_add_func ("/spread/diagonal", test_diagonal);
  g_test_add_func ("/spread/gap", test_gap);
  g_test_add_func ("/spread/strand", test_strand);
  g_test_add_func ("/spread/background", test_background);
  g_test_add_func ("/spread/figure", test_figure);
  g_test_add_func ("/spread/size", test_size);
  g_test_add_func ("/spread/soft", test_soft);
  g_test_add_func ("/spread/small", test_small);
  g_test_add_func ("/spread/nearest", test_nearest);
  g_test_add_func ("/spread/channels", test_channels);
  return g_test_run ();
}
