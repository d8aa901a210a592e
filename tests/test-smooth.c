/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Averaging between walls, compared with a plain version. */

#include <string.h>

#include "base/random.h"
#include "pictures/smooth.h"

#define W    37
#define H    23
#define C    2
#define WALL 10

/* The mean over the pixels i − radius … i + radius.  It starts at i and ends at walls and borders.
 * A wall keeps its own value. */
static float
mean_of (const float  *from,
         const guint8 *height,
         int           n,
         int           step,
         int           i,
         int           radius)
{
  double sum = from[C * step * i];
  int    count = 1;

  if (height[step * i] >= WALL)
    return from[C * step * i];
  for (int sign = -1; sign <= 1; sign += 2)
    for (int j = i + sign; j >= 0 && j < n && ABS (j - i) <= radius && height[step * j] < WALL;
         j += sign, count++)
      sum += from[C * step * j];
  return sum / count;
}

static void
smooth_plainly (const float  *from,
                const guint8 *height,
                int           radius,
                float        *to)
{
  float rows[W * H * C];

  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++)
      for (int k = 0; k < C; k++)
        rows[(y * W + x) * C + k] = mean_of (from + y * W * C + k, height + y * W, W, 1, x,
                                             radius);
  for (int y = 0; y < H; y++)
    for (int x = 0; x < W; x++)
      for (int k = 0; k < C; k++)
        to[(y * W + x) * C + k] = mean_of (rows + x * C + k, height + x, H, W, y, radius);
}

/* walls is the fraction of pixels that are walls. */
static void
check (double walls,
       int    radius)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  g_autoptr (P2pPlanes)   planes = p2p_planes_new (W, H, C, NULL);
  guint8                  height[W * H];
  float                   expected[W * H * C];

  for (int i = 0; i < W * H; i++)
    height[i] = p2p_random_uniform (1, radius, i) < walls ? WALL + i % 3 : i % WALL;
  for (int i = 0; i < W * H * C; i++)
    planes->values[i] = p2p_random_uniform (2, radius, i);
  smooth_plainly (planes->values, height, radius, expected);
  p2p_smooth_between (planes, height, WALL, radius, parallel, NULL);
  for (int i = 0; i < W * H * C; i++)
    g_assert_cmpfloat_with_epsilon (planes->values[i], expected[i], 1e-6);
}

static void
test_no_wall (void)
{
  for (int radius = 0; radius <= 50; radius += 5)
    check (0.0, radius);
}

static void
test_walls (void)
{
  for (int radius = 1; radius <= 50; radius += 7)
    check (0.2, radius);
}

static void
test_only_walls (void)
{
  check (1.1, 3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smooth/no-wall", test_no_wall);
  g_test_add_func ("/smooth/walls", test_walls);
  g_test_add_func ("/smooth/only-walls", test_only_walls);
  return g_test_run ();
}
