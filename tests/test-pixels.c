/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The pixels that the dialog shows: reduced for a quick result, and shared with the worker
 * thread. */

#include <string.h>

#include "draw.h"
#include "limited.h"

/* Opaque gray of one level. */
static P2pPixels *
new_gray (int    width,
          int    height,
          guint8 level)
{
  P2pPixels *pixels = p2p_pixels_new (width, height, NULL);

  memset (pixels->rgba, level, (gsize) width * height * 4);
  for (int i = 0; i < width * height; i++)
    pixels->rgba[4 * i + 3] = 255;
  p2p_pixels_filled (pixels, height);

  return pixels;
}

static void
set (P2pPixels *pixels,
     int        x,
     int        y,
     guint8     red,
     guint8     green,
     guint8     blue,
     guint8     alpha)
{
  const guint8 rgba[] = { red, green, blue, alpha };

  memcpy (pixels->rgba + (y * pixels->width + x) * 4, rgba, 4);
}

/* A transparent picture with one red dot. */
static P2pPixels *
new_dot (int width,
         int height,
         int x,
         int y)
{
  P2pPixels *pixels = p2p_pixels_new (width, height, NULL);

  memset (pixels->rgba, 0, (gsize) width * height * 4);
  set (pixels, x, y, 200, 10, 20, 255);
  p2p_pixels_filled (pixels, height);

  return pixels;
}

static void
check_pixel (const P2pPixels *pixels,
             int              x,
             int              y,
             guint8           red,
             guint8           green,
             guint8           blue,
             guint8           alpha)
{
  const guint8 expected[] = { red, green, blue, alpha };

  g_assert_cmpmem (pixels->rgba + (y * pixels->width + x) * 4, 4, expected, 4);
}

static void
test_weighted (void)
{
  g_autoptr (P2pPixels) dot     = new_dot (4, 4, 1, 1);
  g_autoptr (P2pPixels) reduced = p2p_pixels_reduce (dot, 2, FALSE);

  check_pixel (reduced, 0, 0, 200, 10, 20, 255 / 4);
}

static void
test_strongest (void)
{
  g_autoptr (P2pPixels) dot     = new_dot (4, 4, 1, 1);
  g_autoptr (P2pPixels) reduced = p2p_pixels_reduce (dot, 2, TRUE);

  check_pixel (reduced, 0, 0, 200, 10, 20, 255);
}

static void
test_cut_off (void)
{
  g_autoptr (P2pPixels) gray    = new_gray (5, 3, 90);
  g_autoptr (P2pPixels) reduced = p2p_pixels_reduce (gray, 2, FALSE);

  g_assert_cmpint (reduced->width, ==, 3);
  g_assert_cmpint (reduced->height, ==, 2);
  check_pixel (reduced, 2, 1, 90, 90, 90, 255);
}

static void
test_mask (void)
{
  g_autoptr (P2pPixels) gray    = new_gray (2, 2, 90);
  g_autoptr (P2pPixels) reduced = NULL;

  gray->mask = g_memdup2 ((guint8[]) { 0, 100, 200, 20 }, 4);
  reduced    = p2p_pixels_reduce (gray, 2, FALSE);
  g_assert_cmpint (reduced->mask[0], ==, 80);
}

static void
test_bounds (void)
{
  g_autoptr (P2pPixels) dot  = new_dot (9, 7, 3, 5);
  const P2pRect         rect = p2p_pixels_bounds (dot), one = { 3, 5, 1, 1 };

  g_assert_cmpmem (&rect, sizeof rect, &one, sizeof one);
}

static void
test_own_alone (void)
{
  g_autoptr (P2pPixels) gray = new_gray (3, 3, 90);

  g_assert_true (p2p_pixels_own (gray) == gray);
}

/* The copy can be written while somebody else still reads the original. */
static void
test_own_shared (void)
{
  P2pPixels            *gray  = new_gray (3, 3, 90);
  g_autoptr (P2pPixels) other = p2p_pixels_ref (gray);
  g_autoptr (P2pPixels) copy  = p2p_pixels_own (gray);

  set (copy, 1, 1, 1, 2, 3, 255);
  check_pixel (other, 1, 1, 90, 90, 90, 255);
  check_pixel (copy, 0, 0, 90, 90, 90, 255);
}

static void
test_serial (void)
{
  g_autoptr (P2pPixels) gray   = new_gray (3, 3, 90);
  const guint           before = gray->serial;

  p2p_pixels_changed (gray, (P2pRect) { 0, 0, 1, 1 });
  g_assert_cmpuint (gray->serial, !=, before);
}

/* The average is shown when a large picture is shown as a whole. */
static void
test_small (void)
{
  g_autoptr (P2pPixels) gray = new_gray (2048, 4, 90);

  for (int y = 0; y < 4; y++)
    for (int x = 1000; x < 1004; x++)
      set (gray, x, y, 30, 30, 30, 255);
  p2p_pixels_changed (gray, (P2pRect) { 1000, 0, 4, 4 });

  g_assert_cmphex (((guint32 *) cairo_image_surface_get_data (gray->small))[500], ==, 0xff1e1e1e);
  g_assert_cmphex (((guint32 *) cairo_image_surface_get_data (gray->small))[499], ==, 0xff5a5a5a);
}

/* A quick result has fewer pixels than the part of the picture that it covers. */
static void
test_mean_of_reduced (void)
{
  g_autoptr (P2pPixels) before = new_gray (8, 8, 90);
  g_autoptr (P2pPixels) after  = new_gray (2, 2, 30);
  GdkRGBA               color;

  set (after, 1, 1, 255, 0, 51, 255);
  g_assert_true (p2p_draw_mean (before, after, (P2pRect) { 0, 0, 8, 8 }, 1.0,
                                (P2pRect) { 6, 6, 2, 2 }, &color));
  g_assert_cmpfloat_with_epsilon (color.red, 1.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (color.green, 0.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (color.blue, 0.2, 1e-6);
}

static void
test_unite (void)
{
  const P2pRect both  = p2p_rect_unite ((P2pRect) { 1, 2, 3, 4 }, (P2pRect) { 5, 0, 1, 3 });
  const P2pRect alone = p2p_rect_unite ((P2pRect) { 0 }, (P2pRect) { 5, 0, 1, 3 });
  const P2pRect all   = { 1, 0, 5, 6 }, one = { 5, 0, 1, 3 };

  g_assert_cmpmem (&both, sizeof both, &all, sizeof all);
  g_assert_cmpmem (&alone, sizeof alone, &one, sizeof one);
}

/* If there is no memory for pixels, the dialog goes on without them. */
static void
run_out (void)
{
  g_autoptr (P2pPixels) gray  = new_gray (1000, 1000, 90);
  g_autoptr (P2pPixels) other = p2p_pixels_ref (gray);
  g_autoptr (P2pImage)  image = p2p_image_new (1000, 1000, 3);
  const P2pRect         all   = { 0, 0, 1000, 1000 };
  g_autoptr (GError)    error = NULL;

  limit_memory (1 << 18);
  g_assert_null (p2p_pixels_own (gray));
  g_assert_null (p2p_pixels_reduce (gray, 2, FALSE));
  g_assert_false (p2p_pixels_add_mask (gray, NULL));
  g_assert_null (p2p_pixels_from_image (image, all, gray, all, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_MEMORY);
  g_clear_error (&error);
  g_assert_null (p2p_pixels_to_image (gray, all, 3, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_MEMORY);
  unlimit_memory ();
}

static void
test_no_memory (void)
{
  run_limited (run_out);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pixels/no-memory", test_no_memory);
  g_test_add_func ("/pixels/reduced-colors-are-weighted-by-alpha", test_weighted);
  g_test_add_func ("/pixels/a-reduced-thin-stroke-is-as-strong-as-before", test_strongest);
  g_test_add_func ("/pixels/blocks-are-cut-off-at-the-right-and-the-bottom", test_cut_off);
  g_test_add_func ("/pixels/the-selection-is-reduced-to-its-mean", test_mask);
  g_test_add_func ("/pixels/bounds-are-those-of-what-is-not-transparent", test_bounds);
  g_test_add_func ("/pixels/who-has-pixels-alone-changes-them", test_own_alone);
  g_test_add_func ("/pixels/who-shares-pixels-changes-a-copy", test_own_shared);
  g_test_add_func ("/pixels/changed-pixels-have-another-serial", test_serial);
  g_test_add_func ("/pixels/changed-pixels-are-seen-when-all-is", test_small);
  g_test_add_func ("/pixels/a-color-is-picked-from-a-reduced-result-where-it-is-seen",
                   test_mean_of_reduced);
  g_test_add_func ("/pixels/rectangles-without-pixels-do-not-count-in-a-union", test_unite);

  return g_test_run ();
}
