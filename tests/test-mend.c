/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* NaN and infinity in a picture: which values replace them. */

#include "p2p.h"

#include <math.h>

/* A picture in which sample i is i. */
static P2pImage *
new_ramp (int width,
          int height,
          int channels)
{
  P2pImage *image = p2p_image_new (width, height, channels);

  for (int i = 0; i < width * height * channels; i++)
    image->pixels[i] = i;
  return image;
}

/* Mends a picture.  Returns how many samples were NaN or infinite. */
static gsize
mend (P2pImage *image)
{
  g_autoptr (GError) error = NULL;
  gsize              n_mended;

  g_assert_true (p2p_image_mend (image, &n_mended, &error));
  g_assert_no_error (error);
  return n_mended;
}

static void
test_numbers (void)
{
  g_autoptr (P2pImage) image = new_ramp (5, 4, 3);

  g_assert_cmpuint (mend (image), ==, 0);
  for (int i = 0; i < 60; i++)
    g_assert_cmpfloat (image->pixels[i], ==, i);
}

static void
test_middle (void)
{
  static const float bad[] = { NAN, INFINITY, -INFINITY };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (P2pImage) image = new_ramp (3, 3, 1);

      image->pixels[4] = bad[i];
      image->pixels[8] = 16.0f;
      g_assert_cmpuint (mend (image), ==, 1);
      /* (0 + 1 + 2 + 3 + 5 + 6 + 7 + 16) / 8 */
      g_assert_cmpfloat (image->pixels[4], ==, 5.0f);
    }
}

/* The corner has three neighbors: 1, 4 and 5. */
static void
test_corner (void)
{
  g_autoptr (P2pImage) image = new_ramp (4, 3, 1);

  image->pixels[0] = NAN;
  mend (image);
  g_assert_cmpfloat_with_epsilon (image->pixels[0], 10.0f / 3.0f, 1e-6f);
}

static void
test_channel (void)
{
  g_autoptr (P2pImage) image = new_ramp (3, 3, 4);

  image->pixels[4 * 4 + 1] = NAN;
  g_assert_cmpuint (mend (image), ==, 1);
  for (int i = 0; i < 36; i++)
    g_assert_cmpfloat (image->pixels[i], ==, i);
}

/* A row that begins with 1 and ends with 3, with a hole of four samples between them. */
static void
test_hole (void)
{
  g_autoptr (P2pImage) image = p2p_image_new (6, 1, 1);
  static const float   expected[] = { 1, 1, 1, 3, 3, 3 };

  for (int x = 0; x < 6; x++)
    image->pixels[x] = x == 0 ? 1.0f : x == 5 ? 3.0f : NAN;
  g_assert_cmpuint (mend (image), ==, 4);
  for (int x = 0; x < 6; x++)
    g_assert_cmpfloat (image->pixels[x], ==, expected[x]);
}

static void
test_one_number (void)
{
  g_autoptr (P2pImage) image = p2p_image_new (70, 50, 1);

  for (int i = 0; i < 3500; i++)
    image->pixels[i] = i == 1234 ? 0.25f : NAN;
  g_assert_cmpuint (mend (image), ==, 3499);
  for (int i = 0; i < 3500; i++)
    g_assert_cmpfloat (image->pixels[i], ==, 0.25f);
}

static void
test_none (void)
{
  g_autoptr (P2pImage) image = p2p_image_new (5, 5, 4);

  for (int i = 0; i < 100; i++)
    image->pixels[i] = i % 4 == 2 ? 0.5f : NAN;
  g_assert_cmpuint (mend (image), ==, 75);
  for (int i = 0; i < 100; i++)
    g_assert_cmpfloat (image->pixels[i], ==, ((float[]) { 0.0f, 0.0f, 0.5f, 1.0f })[i % 4]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mend/a picture of numbers stays as it is", test_numbers);
  g_test_add_func ("/mend/NaN and both infinities become the mean of their neighbors", test_middle);
  g_test_add_func ("/mend/at the border fewer neighbors count", test_corner);
  g_test_add_func ("/mend/the other channels of the pixel stay, and are not counted in",
                   test_channel);
  g_test_add_func ("/mend/a hole is filled from its edges inwards", test_hole);
  g_test_add_func ("/mend/a single number fills a picture that has no other", test_one_number);
  g_test_add_func ("/mend/a channel without numbers becomes black, alpha opaque", test_none);
  return g_test_run ();
}
