/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Hints of color: what is left of a layer of strokes at the working size, and the planes that a
 * network sees of it. */

#include <string.h>

#include "apply/hints.h"
#include "pictures/color.h"

/* ---- At the working size ---------------------------------------------------------------- */

static P2pHintMap *
reduced (const P2pHints *hints,
         int             picture_w,
         int             picture_h,
         int             width,
         int             height)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (2);

  return p2p_hint_map_reduce (hints, picture_w, picture_h, width, height, parallel, NULL);
}

static P2pImage *
paint (int   width,
       int   height,
       int   x0,
       int   y0,
       int   x1,
       int   y1,
       float alpha)
{
  P2pImage *image = p2p_image_new (width, height, 4);

  memset (image->pixels, 0, (gsize) width * height * 4 * sizeof (float));
  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      {
        float *pixel = image->pixels + ((gsize) y * width + x) * 4;

        pixel[0] = 0.75f;
        pixel[1] = 0.25f;
        pixel[2] = 0.5f;
        pixel[3] = alpha;
      }
  return image;
}

static void
check_pixel (const P2pHintMap *map,
             int               x,
             int               y,
             float             mask)
{
  const gsize i = (gsize) y * map->width + x;

  g_assert_cmpfloat_with_epsilon (map->mask[i], mask, 1e-6);
  if (mask > 0.0f)
    {
      g_assert_cmpfloat_with_epsilon (map->rgb[3 * i], 0.75f, 1e-6);
      g_assert_cmpfloat_with_epsilon (map->rgb[3 * i + 1], 0.25f, 1e-6);
      g_assert_cmpfloat_with_epsilon (map->rgb[3 * i + 2], 0.5f, 1e-6);
    }
}

/* Hints of the picture's own size do not change, and a soft brush gives a soft mask. */
static void
test_same_size (void)
{
  g_autoptr (P2pImage)   image = paint (8, 6, 2, 1, 5, 3, 0.5f);
  const P2pHints         hints = { image, 0.0, 0.0, 8.0, 6.0 };
  g_autoptr (P2pHintMap) map = reduced (&hints, 8, 6, 8, 6);

  for (int y = 0; y < 6; y++)
    for (int x = 0; x < 8; x++)
      check_pixel (map, x, y, x >= 2 && x < 5 && y >= 1 && y < 3 ? 0.5f : 0.0f);
}

/* A stroke of two pixels on a layer of 4000 pixels counts fully at 256 pixels, with its own
 * color. */
static void
test_thin (void)
{
  g_autoptr (P2pImage)   image = paint (4000, 40, 1205, 0, 1207, 40, 1.0f);
  const P2pHints         hints = { image, 0.0, 0.0, 4000.0, 40.0 };
  g_autoptr (P2pHintMap) map = reduced (&hints, 4000, 40, 256, 3);

  for (int y = 0; y < 3; y++)
    for (int x = 0; x < 256; x++)
      check_pixel (map, x, y, x == 1205 * 256 / 4000 ? 1.0f : 0.0f);
}

/* If the layer is at another place or larger than the picture, the part over the picture counts. */
static void
test_offset (void)
{
  g_autoptr (P2pImage)   image = paint (20, 20, 0, 0, 20, 20, 1.0f);
  const P2pHints         inside = { image, 3.0, 2.0, 4.0, 2.0 };
  const P2pHints         beyond = { image, -5.0, -5.0, 30.0, 30.0 };
  const P2pHints         outside = { image, 8.0, 0.0, 20.0, 20.0 };
  g_autoptr (P2pHintMap) a = reduced (&inside, 8, 6, 8, 6);
  g_autoptr (P2pHintMap) b = reduced (&beyond, 8, 6, 8, 6);
  g_autoptr (P2pHintMap) c = reduced (&outside, 8, 6, 8, 6);

  for (int y = 0; y < 6; y++)
    for (int x = 0; x < 8; x++)
      {
        check_pixel (a, x, y, x >= 3 && x < 7 && y >= 2 && y < 4 ? 1.0f : 0.0f);
        check_pixel (b, x, y, 1.0f);
      }
  g_assert_false (p2p_hint_map_any (c));
}

/* Colors are averaged over the area of each pixel, weighted by alpha. */
static void
test_average (void)
{
  g_autoptr (P2pImage)   image = p2p_image_new (4, 1, 2);
  const float            pixels[] = { 1.0f, 0.25f, 0.0f, 0.75f, 0.9f, 0.0f, 0.5f, 1.0f };
  const P2pHints         hints = { image, 0.0, 0.0, 4.0, 1.0 };
  g_autoptr (P2pHintMap) map = NULL;

  memcpy (image->pixels, pixels, sizeof pixels);
  map = reduced (&hints, 4, 1, 2, 1);
  g_assert_cmpfloat_with_epsilon (map->rgb[0], 0.25f, 1e-6);
  g_assert_cmpfloat_with_epsilon (map->mask[0], 0.75f, 1e-6);
  g_assert_cmpfloat_with_epsilon (map->rgb[3], 0.5f, 1e-6);
  g_assert_cmpfloat_with_epsilon (map->mask[1], 1.0f, 1e-6);
}

/* ---- Planes ----------------------------------------------------------------------------- */

static P2pInputs
parse (const char *text)
{
  P2pInputs        inputs;
  g_autofree char *unknown = NULL;

  g_assert_true (p2p_inputs_parse (text, &inputs, &unknown));
  return inputs;
}

/* White paper with a black line down the middle. */
static P2pPlanes *
make_drawing (int side)
{
  P2pPlanes *planes = p2p_planes_new (side, side, 1, NULL);

  for (int i = 0; i < side * side; i++)
    planes->values[i] = i % side == side / 2 ? 0.0f : 1.0f;
  return planes;
}

/* Without hints: gray colors, no mask and no reach, whatever the drawing. */
static void
test_none (void)
{
  const P2pInputs        inputs = parse ("lines,hint-rgb,hint-mask,spread-rgb,spread-reach");
  g_autoptr (P2pPlanes)  drawing = make_drawing (16);
  const P2pSource        source = p2p_planes_source (drawing);
  g_autoptr (P2pHintMap) map = p2p_hint_map_new (16, 16, NULL);
  g_autoptr (P2pPlanes)  planes = p2p_hint_planes (&inputs, &source, map, NULL, NULL);

  g_assert_cmpint (planes->channels, ==, 8);
  for (int i = 0; i < 16 * 16; i++)
    for (int k = 0; k < 8; k++)
      g_assert_cmpfloat (planes->values[i * 8 + k], ==, k == 3 || k == 7 ? 0.0f : 0.5f);
}

/* The planes come in the order of the list, and the color spreads up to the line. */
static void
test_order (void)
{
  const P2pInputs        inputs = parse ("lines,spread-reach,spread-rgb,hint-mask,hint-rgb");
  g_autoptr (P2pPlanes)  drawing = make_drawing (32);
  const P2pSource        source = p2p_planes_source (drawing);
  g_autoptr (P2pHintMap) map = p2p_hint_map_new (32, 32, NULL);
  g_autoptr (P2pPlanes)  planes = NULL;
  const float            color[] = { 0.75f, 0.25f, 0.5f };
  const int              at = 10 * 32 + 5;

  map->mask[at] = 1.0f;
  memcpy (map->rgb + 3 * at, color, sizeof color);
  planes = p2p_hint_planes (&inputs, &source, map, NULL, NULL);

  g_assert_cmpfloat (planes->values[at * 8], ==, 1.0f);
  g_assert_cmpfloat (planes->values[at * 8 + 4], ==, 1.0f);
  g_assert_cmpmem (planes->values + at * 8 + 5, sizeof color, color, sizeof color);
  g_assert_cmpmem (planes->values + (at + 3) * 8 + 1, sizeof color, color, sizeof color);
  g_assert_cmpfloat (planes->values[(at + 3) * 8 + 4], ==, 0.0f);
  g_assert_cmpfloat (planes->values[(at + 3) * 8 + 5], ==, 0.5f);
  g_assert_cmpfloat (planes->values[(at + 3) * 8], >, planes->values[(at + 20) * 8]);
}

/* For photos, the planes hold the hints' a and b of CIE Lab, divided by 110. */
static void
test_ab (void)
{
  const P2pInputs        inputs = parse ("lab-l,hint-ab,hint-mask");
  g_autoptr (P2pPlanes)  drawing = make_drawing (16);
  const P2pSource        source = p2p_planes_source (drawing);
  g_autoptr (P2pHintMap) map = p2p_hint_map_new (16, 16, NULL);
  g_autoptr (P2pPlanes)  planes = NULL;
  const float            color[] = { 0.75f, 0.25f, 0.5f };
  float                  lab[3];

  map->mask[40] = 0.5f;
  memcpy (map->rgb + 3 * 40, color, sizeof color);
  planes = p2p_hint_planes (&inputs, &source, map, NULL, NULL);

  p2p_lab_from_rgb (color, lab);
  g_assert_cmpint (planes->channels, ==, 3);
  g_assert_cmpfloat_with_epsilon (planes->values[40 * 3] * 2.0f - 1.0f, lab[1] / 110.0f, 1e-6);
  g_assert_cmpfloat_with_epsilon (planes->values[40 * 3 + 1] * 2.0f - 1.0f, lab[2] / 110.0f, 1e-6);
  g_assert_cmpfloat (planes->values[40 * 3 + 2], ==, 0.5f);
}

/* ---- Lists ------------------------------------------------------------------------------ */

static void
test_lists (void)
{
  static const char *const bad[] = { "", "hint-mask", "hint-mask,lines", "lines,lines",
                                     "lines,hint-rgb,spread-ab", "lines,,gray", "lines,colour" };
  const P2pInputs          inputs = parse ("lines, hint-rgb,hint-mask");
  g_autofree char         *text = p2p_inputs_to_text (&inputs);

  g_assert_cmpstr (text, ==, "lines,hint-rgb,hint-mask");
  g_assert_cmpint (p2p_inputs_channels (&inputs), ==, 5);
  g_assert_cmpint (p2p_inputs_of_image (&inputs), ==, 1);
  g_assert_cmpint (p2p_inputs_offset (&inputs, P2P_PLANE_HINT_MASK), ==, 4);
  g_assert_true (p2p_inputs_take_hints (&inputs));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      P2pInputs        other;
      g_autofree char *unknown = NULL;

      g_assert_false (p2p_inputs_parse (bad[i], &other, &unknown));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/hints/same-size", test_same_size);
  g_test_add_func ("/hints/thin", test_thin);
  g_test_add_func ("/hints/offset", test_offset);
  g_test_add_func ("/hints/average", test_average);
  g_test_add_func ("/hints/planes/none", test_none);
  g_test_add_func ("/hints/planes/order", test_order);
  g_test_add_func ("/hints/planes/ab", test_ab);
  g_test_add_func ("/hints/lists", test_lists);

  return g_test_run ();
}
