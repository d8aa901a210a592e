/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The distance of colors and texture between sets of pictures, where it can be calculated. */

#include "pictures/color.h"
#include "testing.h"
#include "train/style.h"

#define SIDE 32
#define N    (SIDE * SIDE)

/* Adds a picture whose rows have these two lightnesses in turn, and this color. */
static void
add (P2pStyle *style,
     double    light,
     double    other,
     double    a)
{
  g_autofree float *rgb = g_new (float, 3 * N);

  for (int i = 0; i < N; i++)
    {
      const float lab[] = { i / SIDE % 2 ? other : light, a, 0.0f };

      p2p_lab_to_rgb (lab, rgb + 3 * i);
    }
  g_assert_true (p2p_style_add (style, rgb, SIDE, SIDE, NULL));
}

static void
test_same (void)
{
  g_autofree P2pStyle *one = g_new0 (P2pStyle, 1), *twice = g_new0 (P2pStyle, 1);

  add (one, 40.0, 60.0, 10.0);
  add (twice, 40.0, 60.0, 10.0);
  add (twice, 40.0, 60.0, 10.0);
  g_assert_cmpfloat (p2p_style_distance (one, twice), ==, 0.0);
}

/* All lightnesses are 20 apart, and the other five values are the same. */
static void
test_lightness (void)
{
  g_autofree P2pStyle *dark = g_new0 (P2pStyle, 1), *light = g_new0 (P2pStyle, 1);

  add (dark, 40.2, 40.2, 0.2);
  add (light, 60.2, 60.2, 0.2);
  g_assert_cmpfloat (fabs (p2p_style_distance (dark, light) - 20.0 / 6.0), <=, 0.01);
  g_assert_cmpfloat (p2p_style_distance (light, dark), ==, p2p_style_distance (dark, light));
}

static void
test_color (void)
{
  g_autofree P2pStyle *gray = g_new0 (P2pStyle, 1), *red = g_new0 (P2pStyle, 1);

  add (gray, 50.2, 50.2, 0.2);
  add (red, 50.2, 50.2, 30.2);
  g_assert_cmpfloat (fabs (p2p_style_distance (gray, red) - 30.0 / 6.0), <=, 0.2);
}

/* Stripes of one pixel differ by 10 from flat in lightness, and by 20 in the gradient at their own
 * size.  At a half and at a quarter of it they are gone. */
static void
test_texture (void)
{
  g_autofree P2pStyle *flat = g_new0 (P2pStyle, 1), *stripes = g_new0 (P2pStyle, 1);

  add (flat, 50.2, 50.2, 0.2);
  add (stripes, 40.2, 60.2, 0.2);
  g_assert_cmpfloat (fabs (p2p_style_distance (flat, stripes) - 30.0 / 6.0), <=, 0.2);
}

static void
test_nothing (void)
{
  g_autofree P2pStyle *nothing = g_new0 (P2pStyle, 1), *flat = g_new0 (P2pStyle, 1);

  add (flat, 50.0, 50.0, 0.0);
  g_assert_true (isnan (p2p_style_distance (nothing, flat)));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/style/same", test_same);
  g_test_add_func ("/style/lightness", test_lightness);
  g_test_add_func ("/style/color", test_color);
  g_test_add_func ("/style/texture", test_texture);
  g_test_add_func ("/style/nothing", test_nothing);

  return g_test_run ();
}
