/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Flat colors under line art: what happens to colors beside lines, in narrow regions and in black
 * areas; and, on random drawings, each rule, written plainly. */

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "pictures/flats.h"

#define C 3

typedef struct
{
  P2pPlanes *lines;     /* [h, w, 1] */
  P2pPlanes *before;    /* [h, w, C] */
  P2pPlanes *after;
} Scene;

static void
scene_clear (Scene *scene)
{
  p2p_planes_free (scene->lines);
  p2p_planes_free (scene->before);
  p2p_planes_free (scene->after);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scene, scene_clear)

/* Makes white paper.  Each value of the colors differs from all others. */
static void
scene_init (Scene *scene,
            int    w,
            int    h)
{
  *scene = (Scene) { p2p_planes_new (w, h, 1, NULL), p2p_planes_new (w, h, C, NULL),
                     p2p_planes_new (w, h, C, NULL) };
  for (int i = 0; i < w * h; i++)
    scene->lines->values[i] = 1.0f;
  for (int i = 0; i < w * h * C; i++)
    scene->before->values[i] = i;
}

static void
fill (Scene *scene)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  const P2pSource         lines = p2p_planes_source (scene->lines);
  const int               n = lines.width * lines.height;

  memcpy (scene->after->values, scene->before->values, sizeof (float) * C * n);
  p2p_flats_fill (scene->after, &lines, 0, parallel, NULL);
}

/* The pixel that a pixel's color comes from.  Colors must differ as scene_init () makes them. */
static int
source_of (const Scene *scene,
           int          i)
{
  return scene->after->values[C * i] / C;
}

static void
assert_unchanged (const Scene *scene)
{
  const gsize n = (gsize) scene->lines->width * scene->lines->height;

  g_assert_cmpmem (scene->after->values, n * C * sizeof (float), scene->before->values,
                   n * C * sizeof (float));
}

/* The darkness of a blurred line at a distance from its middle.  All lengths are in pixels. */
static float
darkness_at (double distance,
             double width,
             double blur)
{
  return (erf ((width / 2 - distance) / blur) + erf ((width / 2 + distance) / blur)) / 2;
}

/* Draws red on the side of negative distances and blue on the other side, darkened by a line
 * between them. */
static void
draw_side (Scene *scene,
           int    i,
           double distance,
           double width)
{
  float *color = scene->before->values + C * i;
  float  light = 1.0f - darkness_at (distance, width + 1.0, 1.2);

  scene->lines->values[i] = 1.0f - darkness_at (distance, width, 0.8);
  color[0] = distance < 0.0 ? light : 0.0f;
  color[1] = 0.25f * light;
  color[2] = distance < 0.0 ? 0.0f : light;
}

/* Asserts that each pixel has the full color of its side.  Within three quarters of a pixel of the
 * middle, it may have the color of either side. */
static void
assert_side (const Scene *scene,
             int          i,
             double       distance)
{
  const float   *color = scene->after->values + C * i;
  const gboolean red = fabs (distance) > 0.75 ? distance < 0.0 : color[0] > 0.5f;

  g_assert_cmpfloat_with_epsilon (color[0], red ? 1.0f : 0.0f, 0.01);
  g_assert_cmpfloat_with_epsilon (color[1], 0.25f, 0.01);
  g_assert_cmpfloat_with_epsilon (color[2], red ? 0.0f : 1.0f, 0.01);
}

/* ---- Beside lines ----------------------------------------------------------------------- */

/* Without lines nothing changes, whether the picture is white, gray paper, or grain. */
static void
test_no_line (void)
{
  for (int kind = 0; kind < 3; kind++)
    {
      g_auto (Scene) scene = { 0 };

      scene_init (&scene, 30, 20);
      for (int i = 0; i < 30 * 20; i++)
        scene.lines->values[i] = kind == 0 ? 1.0f : kind == 1 ? 0.6f
                                 : 1.0f - 0.04f * p2p_random_uniform (1, 1, i);
      fill (&scene);
      assert_unchanged (&scene);
    }
}

/* Two flat colors with an upright line between them meet under the line's middle, however wide it
 * is. */
static void
test_upright (void)
{
  for (int width = 1; width <= 9; width++)
    {
      g_auto (Scene) scene = { 0 };

      scene_init (&scene, 40, 12);
      for (int i = 0; i < 40 * 12; i++)
        draw_side (&scene, i, i % 40 - 20, width);
      fill (&scene);
      for (int i = 0; i < 40 * 12; i++)
        assert_side (&scene, i, i % 40 - 20);
    }
}

/* The same with a round line. */
static void
test_round (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene, 60, 60);
  for (int i = 0; i < 60 * 60; i++)
    draw_side (&scene, i, hypot (i % 60 - 31.3, i / 60 - 28.6) - 19.0, 2.0);
  fill (&scene);
  for (int i = 0; i < 60 * 60; i++)
    assert_side (&scene, i, hypot (i % 60 - 31.3, i / 60 - 28.6) - 19.0);
}

/* The darkest pixel of a line takes its color from the side where its neighbor is lighter. */
static void
test_lightest (void)
{
  static const float line[] = { 0.6f, 0.1f, 0.3f };

  for (int mirror = 0; mirror < 2; mirror++)
    {
      g_auto (Scene) scene = { 0 };

      scene_init (&scene, 21, 3);
      for (int i = 0; i < 3 * 3; i++)
        scene.lines->values[i / 3 * 21 + (mirror ? 11 - i % 3 : 9 + i % 3)] = line[i % 3];
      fill (&scene);
      g_assert_cmpint (source_of (&scene, 21 + 10) % 21 < 10, ==, ! mirror);
    }
}

/* A pixel far from all lines keeps its bits. */
static void
test_far (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene, 40, 12);
  for (int y = 0; y < 12; y++)
    scene.lines->values[y * 40 + 20] = 0.0f;
  fill (&scene);
  for (int i = 0; i < 40 * 12; i++)
    if (ABS (i % 40 - 20) > 2)
      g_assert_cmpint (source_of (&scene, i), ==, i);
}

/* ---- Narrow regions and black areas ----------------------------------------------------- */

/* A gap of two pixels or more between two lines gets no color from outside. */
static void
test_narrow (void)
{
  for (int inside = 2; inside <= 6; inside++)
    {
      g_auto (Scene) scene = { 0 };

      scene_init (&scene, 40, 30);
      for (int i = 0; i < 40 * 30; i++)
        if (i % 40 == 15 || i % 40 == 16 + inside)
          scene.lines->values[i] = 0.0f;
      fill (&scene);
      for (int i = 0; i < 40 * 30; i++)
        if (i % 40 > 15 && i % 40 < 16 + inside)
          g_assert_cmpint (ABS (2 * (source_of (&scene, i) % 40) - 31 - inside), <=, inside - 1);
    }
}

/* A corridor keeps its color, except for a few pixels at its mouth. */
static void
test_corridor (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene, 60, 30);
  for (int y = 0; y < 30; y++)
    for (int x = 20; x < 60; x++)
      if (y != 14 && y != 15)
        scene.lines->values[y * 60 + x] = 0.0f;
  fill (&scene);
  for (int x = 27; x < 60; x++)
    g_assert_cmpint (source_of (&scene, 14 * 60 + x) % 60, >=, 20);
}

/* A black disc gets the color around it, however wide it is. */
static void
test_black (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene, 80, 80);
  for (int i = 0; i < 80 * 80; i++)
    if (hypot (i % 80 - 40, i / 80 - 40) < 30.0)
      scene.lines->values[i] = 0.0f;
  fill (&scene);
  for (int i = 0; i < 80 * 80; i++)
    g_assert_cmpfloat (scene.lines->values[source_of (&scene, i)], ==, 1.0f);
}

/* ---- Rules on random drawings ----------------------------------------------------------- */

#define W 50
#define H 40

/* Draws strokes of all widths and shades, and grain. */
static void
draw_random (Scene   *scene,
             guint64  seed)
{
  float *lines;

  scene_init (scene, W, H);
  lines = scene->lines->values;
  for (int stroke = 0; stroke < 8; stroke++)
    {
      const double x = W * p2p_random_uniform (seed, 1, stroke);
      const double y = H * p2p_random_uniform (seed, 2, stroke);
      const double turn = 6.3 * p2p_random_uniform (seed, 3, stroke);
      const double width = 4.0 * p2p_random_uniform (seed, 4, stroke);
      const double shade = p2p_random_uniform (seed, 5, stroke);

      for (int i = 0; i < W * H; i++)
        {
          const double distance = (i % W - x) * sin (turn) + (i / W - y) * cos (turn);

          lines[i] = MIN (lines[i], 1.0f - shade * darkness_at (distance, width, 0.8));
        }
    }
  for (int i = 0; i < W * H; i++)
    lines[i] -= 0.02f * p2p_random_uniform (seed, 6, i);
}

static int
darkness_of (const Scene *scene,
             int          x,
             int          y)
{
  const int   i = CLAMP (y, 0, H - 1) * W + CLAMP (x, 0, W - 1);
  const float line = CLAMP (scene->lines->values[i], 0.0f, 1.0f);

  return 255.0f * (1.0f - line) + 0.5f;
}

/* Darkness, averaged with the weights 1 2 1 in both directions, in levels of 16 of 255. */
static int
level_of (const Scene *scene,
          int          i)
{
  int sum = 0;

  for (int dy = -1; dy <= 1; dy++)
    for (int dx = -1; dx <= 1; dx++)
      sum += (2 - ABS (dy)) * (2 - ABS (dx)) * darkness_of (scene, i % W + dx, i / W + dy);
  return sum / 16 / 16;
}

static gboolean
is_free (const Scene *scene,
         int          i)
{
  int least = 255, most = 0;

  for (int dy = -2; dy <= 2; dy++)
    for (int dx = -2; dx <= 2; dx++)
      {
        least = MIN (least, darkness_of (scene, i % W + dx, i / W + dy));
        most = MAX (most, darkness_of (scene, i % W + dx, i / W + dy));
      }
  return most < 192 && most - least <= 12;
}

/* Whether the color of a source may reach a pixel. */
static gboolean
reaches (const Scene *scene,
         int          source,
         int          i)
{
  return level_of (scene, i) >= 6
         || (ABS (source % W - i % W) <= 6 && ABS (source / W - i / W) <= 6);
}

/* Whether j is the pixel above, below, left or right of i. */
static gboolean
are_neighbors (int i,
               int j)
{
  return ABS (i % W - j % W) + ABS (i / W - j / W) == 1;
}

/* Free pixels keep their color. */
static void
check_free (const Scene *scene,
            int          i)
{
  if (is_free (scene, i))
    g_assert_cmpint (source_of (scene, i), ==, i);
}

/* A pixel with another color got it from a neighbor that is not darker, and from within reach. */
static void
check_way (const Scene *scene,
           int          i)
{
  gboolean found = source_of (scene, i) == i;

  for (int j = 0; j < W * H && ! found; j++)
    found = are_neighbors (i, j) && source_of (scene, j) == source_of (scene, i)
            && (is_free (scene, j) || level_of (scene, j) <= level_of (scene, i))
            && reaches (scene, source_of (scene, j), i);
  g_assert_true (found);
}

/* A pixel that is not free keeps its color only if no lighter neighbor has a color for it, and no
 * neighbor of the same level that got a color from elsewhere. */
static void
check_valley (const Scene *scene,
              int          i)
{
  if (source_of (scene, i) != i || is_free (scene, i))
    return;
  for (int j = 0; j < W * H; j++)
    if (are_neighbors (i, j)
        && (is_free (scene, j)
            || level_of (scene, j) < level_of (scene, i) + (source_of (scene, j) != j)))
      g_assert_false (reaches (scene, source_of (scene, j), i));
}

static void
test_random (gconstpointer data)
{
  void (* const *check) (const Scene *scene, int i) = data;

  for (int seed = 0; seed < 10; seed++)
    {
      g_auto (Scene) scene = { 0 };

      draw_random (&scene, seed);
      fill (&scene);
      for (int i = 0; i < W * H; i++)
        (*check) (&scene, i);
    }
}

/* Filling flat colors again does not change them. */
static void
test_twice (void)
{
  g_auto (Scene) scene = { 0 };

  draw_random (&scene, 3);
  fill (&scene);
  memcpy (scene.before->values, scene.after->values, sizeof (float) * C * W * H);
  fill (&scene);
  assert_unchanged (&scene);
}

/* ---- Planes ----------------------------------------------------------------------------- */

/* The lines may be any channel of the picture. */
static void
test_channel (void)
{
  g_auto (Scene)          scene = { 0 };
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (1);
  g_autoptr (P2pPlanes)   picture = p2p_planes_new (W, H, 3, NULL);
  g_autoptr (P2pPlanes)   colors = p2p_planes_new (W, H, C, NULL);
  const P2pSource         source = p2p_planes_source (picture);

  draw_random (&scene, 5);
  fill (&scene);
  for (int i = 0; i < W * H; i++)
    {
      picture->values[3 * i] = p2p_random_uniform (1, 1, i);
      picture->values[3 * i + 1] = scene.lines->values[i];
    }
  memcpy (colors->values, scene.before->values, sizeof (float) * C * W * H);
  p2p_flats_fill (colors, &source, 1, parallel, NULL);
  g_assert_cmpmem (colors->values, sizeof (float) * C * W * H, scene.after->values,
                   sizeof (float) * C * W * H);
}

/* When cancelled, the colors stay as they are. */
static void
test_cancelled (void)
{
  g_auto (Scene)           scene = { 0 };
  g_autoptr (P2pParallel)  parallel = p2p_parallel_new (2);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  P2pSource                lines;

  draw_random (&scene, 7);
  lines = p2p_planes_source (scene.lines);
  memcpy (scene.after->values, scene.before->values, sizeof (float) * C * W * H);
  g_cancellable_cancel (cancellable);
  p2p_parallel_watch (parallel, cancellable, NULL, NULL);
  p2p_flats_fill (scene.after, &lines, 0, parallel, NULL);
  assert_unchanged (&scene);
}

/* If everything is black, there is no other color, whatever the size. */
static void
test_all_black (void)
{
  static const int sizes[][2] = { { 1, 1 }, { 1, 9 }, { 9, 1 }, { 7, 5 } };

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      g_auto (Scene) scene = { 0 };

      scene_init (&scene, sizes[s][0], sizes[s][1]);
      memset (scene.lines->values, 0, sizeof (float) * sizes[s][0] * sizes[s][1]);
      fill (&scene);
      assert_unchanged (&scene);
    }
}

int
main (int    argc,
      char **argv)
{
  static void (* const checks[]) (const Scene *scene, int i) = { check_free, check_way,
                                                                 check_valley };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flats/no-line", test_no_line);
  g_test_add_func ("/flats/upright", test_upright);
  g_test_add_func ("/flats/round", test_round);
  g_test_add_func ("/flats/lightest", test_lightest);
  g_test_add_func ("/flats/far", test_far);
  g_test_add_func ("/flats/narrow", test_narrow);
  g_test_add_func ("/flats/corridor", test_corridor);
  g_test_add_func ("/flats/black", test_black);
  g_test_add_data_func ("/flats/random/free", &checks[0], test_random);
  g_test_add_data_func ("/flats/random/way", &checks[1], test_random);
  g_test_add_data_func ("/flats/random/valley", &checks[2], test_random);
  g_test_add_func ("/flats/twice", test_twice);
  g_test_add_func ("/flats/channel", test_channel);
  g_test_add_func ("/flats/cancelled", test_cancelled);
  g_test_add_func ("/flats/all-black", test_all_black);
  return g_test_run ();
}
