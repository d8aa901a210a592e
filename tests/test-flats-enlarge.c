/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Flat colors enlarged to a drawing's full size: colors end under its lines, however thin, and have
 * soft borders where there is no line. */

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "pictures/flats.h"

#define SCALE 12        /* pixels of the drawing in a pixel of the colors, in each direction */
#define W     50        /* size of the colors in pixels */
#define H     40
#define C     3

typedef struct
{
  P2pPlanes *large;     /* [H · SCALE, W · SCALE, 1]: the drawing */
  P2pPlanes *small;     /* [H, W, 1] */
  P2pPlanes *colors;    /* [H, W, C] */
  P2pPlanes *flats;     /* [H · SCALE, W · SCALE, C]: the result */
} Scene;

static void
scene_clear (Scene *scene)
{
  p2p_planes_free (scene->large);
  p2p_planes_free (scene->small);
  p2p_planes_free (scene->colors);
  p2p_planes_free (scene->flats);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scene, scene_clear)

/* Distance is the distance of a point from the middle of a line, negative on one side.  Color is
 * the color there.  x and y are in pixels of the drawing. */
typedef double (* Distance) (double x, double y);
typedef void   (* Color)    (double x, double y, float *color);

/* Draws a line on white.  width is in pixels of the drawing. */
static void
draw (Scene    *scene,
      Distance  distance,
      double    width)
{
  const int w = W * SCALE, h = H * SCALE;

  scene->large = p2p_planes_new (w, h, 1, NULL);
  scene->small = p2p_planes_new (W, H, 1, NULL);
  for (int i = 0; i < w * h; i++)
    {
      const int    x = i % w, y = i / w;
      const double ink = CLAMP (width / 2 + 0.5 - fabs (distance (x + 0.5, y + 0.5)), 0.0, 1.0);

      scene->large->values[i] = 1.0 - ink;
      scene->small->values[y / SCALE * W + x / SCALE] += (1.0 - ink) / (SCALE * SCALE);
    }
}

static void
paint (Scene *scene,
       Color  color)
{
  scene->colors = p2p_planes_new (W, H, C, NULL);
  for (int i = 0; i < W * H; i++)
    color ((i % W + 0.5) * SCALE, (i / W + 0.5) * SCALE, scene->colors->values + C * i);
}

static void
enlarge (Scene *scene,
         int    n_threads)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (n_threads);
  const P2pSource         small = p2p_planes_source (scene->small);
  const P2pSource         large = p2p_planes_source (scene->large);

  p2p_planes_free (scene->flats);
  scene->flats = p2p_flats_enlarge (scene->colors, &small, &large, 0, parallel, NULL);
}

static const float *
flat_at (const Scene *scene,
         int          x,
         int          y)
{
  return scene->flats->values + (gsize) C * (y * W * SCALE + x);
}

/* ---- What is drawn ---------------------------------------------------------------------- */

static double
to_circle (double x,
           double y)
{
  return hypot (x - 305.2, y - 231.7) - 150.0;
}

static double
to_slope (double x,
          double y)
{
  return (y - 200.0) * cos (0.4) - (x - 250.0) * sin (0.4);
}

/* Two upright lines, 30 pixels apart. */
static double
to_corridor (double x,
             double y)
{
  return fabs (x - 303.0) - 15.0;
}

static double
far_away (double x,
          double y)
{
  return 1000.0;
}

static void
red_inside (double  x,
            double  y,
            float  *color)
{
  color[0] = to_circle (x, y) < 0.0;
  color[2] = 1.0f - color[0];
}

/* The border of the colors is too low by one pixel of the colors. */
static void
red_above (double  x,
           double  y,
           float  *color)
{
  color[0] = to_slope (x, y) < SCALE;
  color[2] = 1.0f - color[0];
}

static void
red_between (double  x,
             double  y,
             float  *color)
{
  color[0] = to_corridor (x, y) < 0.0;
  color[2] = 1.0f - color[0];
}

/* ---- Tests ------------------------------------------------------------------------------ */

/* Asserts that each pixel more than a pixel away from the middle of the line has the color of its
 * side, which is red on the negative side and blue on the other. */
static void
assert_sides (const Scene *scene,
              Distance     distance,
              double       tolerance)
{
  for (int y = 0; y < H * SCALE; y++)
    for (int x = 0; x < W * SCALE; x++)
      {
        const double  from = distance (x + 0.5, y + 0.5);
        const float  *color = flat_at (scene, x, y);

        if (fabs (from) < 1.0)
          continue;
        g_assert_cmpfloat_with_epsilon (color[0], from < 0.0, tolerance);
        g_assert_cmpfloat_with_epsilon (color[2], from > 0.0, tolerance);
      }
}

/* Colors end under a line of two pixels, of a third of a color's pixel, or of many pixels. */
static void
test_circle (void)
{
  static const double widths[] = { 2.0, 4.0, 30.0 };

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      g_auto (Scene) scene = { 0 };

      draw (&scene, to_circle, widths[i]);
      paint (&scene, red_inside);
      enlarge (&scene, 2);
      assert_sides (&scene, to_circle, 0.01);
    }
}

/* Colors end under the line even if the network's border is beside the line by one pixel of the
 * colors.  Cubic interpolation overshoots a little. */
static void
test_shifted (void)
{
  g_auto (Scene) scene = { 0 };

  draw (&scene, to_slope, 3.0);
  paint (&scene, red_above);
  enlarge (&scene, 2);
  assert_sides (&scene, to_slope, 0.08);
}

/* A strip of color two and a half pixels wide between two lines keeps its color. */
static void
test_corridor (void)
{
  g_auto (Scene) scene = { 0 };

  draw (&scene, to_corridor, 3.0);
  paint (&scene, red_between);
  enlarge (&scene, 2);
  for (int y = 0; y < H * SCALE; y++)
    for (int x = 290; x < 316; x++)
      g_assert_cmpfloat (flat_at (&scene, x, y)[0], >, 0.9f);
}

/* Without a line, a border between colors is wider than one of their pixels. */
static void
test_soft (void)
{
  g_auto (Scene) scene = { 0 };

  draw (&scene, far_away, 1.0);
  paint (&scene, red_inside);
  enlarge (&scene, 2);
  for (int y = 0; y < H * SCALE; y++)
    for (int x = 1; x < W * SCALE; x++)
      g_assert_cmpfloat (fabsf (flat_at (&scene, x, y)[0] - flat_at (&scene, x - 1, y)[0]), <,
                         1.0f / SCALE);
}

/* The lines may be any channel of the drawing. */
static void
test_channel (void)
{
  g_auto (Scene)          scene = { 0 };
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  g_autoptr (P2pPlanes)   small = p2p_planes_new (W, H, 2, NULL);
  g_autoptr (P2pPlanes)   large = p2p_planes_new (W * SCALE, H * SCALE, 2, NULL);
  const P2pSource         from = p2p_planes_source (small), to = p2p_planes_source (large);
  g_autoptr (P2pPlanes)   flats = NULL;
  const gsize             n = (gsize) W * SCALE * H * SCALE;

  draw (&scene, to_circle, 3.0);
  paint (&scene, red_inside);
  enlarge (&scene, 2);
  for (gsize i = 0; i < n; i++)
    large->values[2 * i + 1] = scene.large->values[i];
  for (int i = 0; i < W * H; i++)
    small->values[2 * i + 1] = scene.small->values[i];
  flats = p2p_flats_enlarge (scene.colors, &from, &to, 1, parallel, NULL);
  g_assert_cmpmem (flats->values, n * C * sizeof (float), scene.flats->values,
                   n * C * sizeof (float));
}

/* Any number of threads gives the same bits. */
static void
test_threads (void)
{
  const gsize       bytes = sizeof (float) * C * W * SCALE * H * SCALE;
  g_auto (Scene)    scene = { 0 };
  g_autofree float *first = NULL;

  draw (&scene, to_circle, 3.0);
  paint (&scene, red_inside);
  enlarge (&scene, 1);
  first = g_memdup2 (scene.flats->values, bytes);
  for (int n_threads = 2; n_threads <= 3; n_threads++)
    {
      enlarge (&scene, n_threads);
      g_assert_cmpmem (scene.flats->values, bytes, first, bytes);
    }
}

/* A single pixel of color fills drawings of any size with random lines. */
static void
test_sizes (void)
{
  static const int        sizes[][2] = { { 1, 1 }, { 1, 9 }, { 300, 1 }, { 7, 5 } };
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  g_autoptr (P2pPlanes)   small = p2p_planes_new (1, 1, 1, NULL);
  g_autoptr (P2pPlanes)   colors = p2p_planes_new (1, 1, 1, NULL);

  small->values[0] = 0.5f;
  colors->values[0] = 0.25f;
  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      const int             n = sizes[s][0] * sizes[s][1];
      g_autoptr (P2pPlanes) large = p2p_planes_new (sizes[s][0], sizes[s][1], 1, NULL);
      g_autoptr (P2pPlanes) flats = NULL;
      const P2pSource       from = p2p_planes_source (small), to = p2p_planes_source (large);

      for (int i = 0; i < n; i++)
        large->values[i] = p2p_random_uniform (1, s, i);
      flats = p2p_flats_enlarge (colors, &from, &to, 0, parallel, NULL);
      for (int i = 0; i < n; i++)
        g_assert_cmpfloat_with_epsilon (flats->values[i], 0.25f, 1e-6);
    }
}

/* If it was cancelled before, nothing is computed, and the result stays empty. */
static void
test_cancelled (void)
{
  g_auto (Scene)           scene = { 0 };
  g_autoptr (P2pParallel)  parallel = p2p_parallel_new (2);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (P2pPlanes)    flats = NULL;
  P2pSource                small, large;

  draw (&scene, to_circle, 3.0);
  paint (&scene, red_inside);
  small = p2p_planes_source (scene.small);
  large = p2p_planes_source (scene.large);
  g_cancellable_cancel (cancellable);
  p2p_parallel_watch (parallel, cancellable, NULL, NULL);
  flats = p2p_flats_enlarge (scene.colors, &small, &large, 0, parallel, NULL);
  g_assert_nonnull (flats);
  for (int i = 0; i < flats->width * flats->height * flats->channels; i++)
    g_assert_cmpfloat (flats->values[i], ==, 0.0f);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flats-enlarge/circle", test_circle);
  g_test_add_func ("/flats-enlarge/shifted", test_shifted);
  g_test_add_func ("/flats-enlarge/corridor", test_corridor);
  g_test_add_func ("/flats-enlarge/soft", test_soft);
  g_test_add_func ("/flats-enlarge/channel", test_channel);
  g_test_add_func ("/flats-enlarge/threads", test_threads);
  g_test_add_func ("/flats-enlarge/sizes", test_sizes);
  g_test_add_func ("/flats-enlarge/cancelled", test_cancelled);
  return g_test_run ();
}
