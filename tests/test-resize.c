/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Scaling, and mirroring at the border. */

#include "apply/compose.h"
#include "base/mirror.h"

static void
test_mirror (void)
{
  static const int expected[] = { 0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2 };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_assert_cmpint (p2p_mirror (i, 4), ==, expected[i]);
      g_assert_cmpint (p2p_mirror (-(int) i, 4), ==, expected[i]);
    }
  for (int i = -5; i < 5; i++)
    g_assert_cmpint (p2p_mirror (i, 1), ==, 0);
}

/* Returns the scaled planes.  They are read as a whole and once more in parts, which must give the
 * same. */
static P2pPlanes *
scaled (const P2pPlanes *planes,
        int              width,
        int              height,
        P2pFilter        filter)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);
  P2pSource               from = p2p_planes_source (planes);
  g_autoptr (P2pResize)   resize = p2p_resize_new (&from, width, height, filter, parallel, NULL);
  P2pSource               source = p2p_resize_source (resize);
  P2pPlanes              *to = p2p_planes_new (width, height, planes->channels, NULL);
  int                     half = width / 2;
  g_autofree float       *part = g_new (float, (gsize) width * planes->channels);

  g_assert_cmpint (source.width, ==, width);
  g_assert_cmpint (source.height, ==, height);
  for (int y = 0; y < height; y++)
    {
      float *row = to->values + (gsize) y * width * planes->channels;

      source.read (source.data, y, 0, width, row);
      source.read (source.data, y, half, width - half, part);
      g_assert_cmpmem (part, (width - half) * planes->channels * sizeof (float),
                       row + half * planes->channels,
                       (width - half) * planes->channels * sizeof (float));
    }
  return to;
}

/* Nearest neighbor gives only values that were there.  Cubic scaling keeps a slope a slope. */
static void
test_resize (void)
{
  g_autoptr (P2pPlanes) steps = p2p_planes_new (16, 1, 1, NULL);
  g_autoptr (P2pPlanes) slope = p2p_planes_new (64, 4, 1, NULL);
  g_autoptr (P2pPlanes) nearest = NULL, reduced = NULL;

  for (int i = 0; i < 16; i++)
    steps->values[i] = i % 2;
  nearest = scaled (steps, 32, 1, P2P_NEAREST);
  for (int i = 0; i < 32; i++)
    g_assert_cmpfloat (nearest->values[i], ==, i / 2 % 2);

  for (int i = 0; i < 64 * 4; i++)
    slope->values[i] = (i % 64 + 0.5) / 64;
  reduced = scaled (slope, 16, 2, P2P_CUBIC);
  for (int i = 2; i < 14; i++)
    g_assert_cmpfloat_with_epsilon (reduced->values[i], (i + 0.5) / 16, 1e-6);
}

/* Enlarged by cubic interpolation, a picture has its own values where pixels coincide. */
static void
test_interpolates (void)
{
  g_autoptr (P2pPlanes) small = p2p_planes_new (5, 4, 2, NULL), large = NULL;

  for (int i = 0; i < 5 * 4 * 2; i++)
    small->values[i] = (i * 37 % 11) / 11.0f;
  large = scaled (small, 15, 12, P2P_CUBIC);
  for (int y = 0; y < 4; y++)
    for (int x = 0; x < 5; x++)
      for (int k = 0; k < 2; k++)
        g_assert_cmpfloat_with_epsilon (large->values[((3 * y + 1) * 15 + 3 * x + 1) * 2 + k],
                                        small->values[(y * 5 + x) * 2 + k], 1e-6);
}

/* The table of one result pixel would have more source pixels than an int can count. */
static void
test_too_long (void)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (1);
  const P2pSource         line = { 1 << 29, 1, 1 };
  g_autoptr (GError)      error = NULL;

  g_assert_null (p2p_resize_new (&line, 1, 1, P2P_CUBIC, parallel, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_MEMORY);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/resize/mirror", test_mirror);
  g_test_add_func ("/resize/steps-and-slopes", test_resize);
  g_test_add_func ("/resize/interpolates", test_interpolates);
  g_test_add_func ("/resize/too-long", test_too_long);

  return g_test_run ();
}
