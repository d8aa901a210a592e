/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Scaling, and mirroring at the border. */

#include "compose.h"

static void
test_mirror (void)
{
  static const int expected[] = { 0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2 };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpint (p2p_mirror (i, 4), ==, expected[i]);
  for (int i = 0; i < 5; i++)
    g_assert_cmpint (p2p_mirror (i, 1), ==, 0);
}

/* Nearest neighbour gives no value that was not there; cubic keeps a flat picture flat, and a slope a
 * slope. */
static void
test_resize (void)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  g_autoptr (P2pPlanes)   steps = p2p_planes_new (16, 1, 1), slope = p2p_planes_new (64, 4, 1);
  g_autoptr (P2pPlanes)   nearest = NULL, reduced = NULL;

  for (int i = 0; i < 16; i++)
    steps->values[i] = i % 2;
  nearest = p2p_resize (steps, 32, 1, P2P_NEAREST, parallel);
  for (int i = 0; i < 32; i++)
    g_assert_cmpfloat (nearest->values[i], ==, i / 2 % 2);

  for (int i = 0; i < 64 * 4; i++)
    slope->values[i] = (i % 64 + 0.5) / 64;
  reduced = p2p_resize (slope, 16, 2, P2P_CUBIC, parallel);
  for (int i = 2; i < 14; i++)
    g_assert_cmpfloat_with_epsilon (reduced->values[i], (i + 0.5) / 16, 1e-6);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/resize/mirror", test_mirror);
  g_test_add_func ("/resize/steps-and-slopes", test_resize);

  return g_test_run ();
}
