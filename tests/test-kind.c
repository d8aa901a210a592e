/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Which kind each drawn picture is, and which models suit it. */

#include <cairo.h>
#include <math.h>

#include "advice.h"

#define SIDE 300

typedef void (* Draw) (cairo_t *cr);

/* What the function draws on a transparent picture. */
static P2pPixels *
drawn (Draw draw)
{
  P2pPixels       *pixels  = p2p_pixels_new (SIDE, SIDE, NULL);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, SIDE, SIDE);
  cairo_t         *cr      = cairo_create (surface);

  draw (cr);
  cairo_destroy (cr);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      {
        guint32 argb = ((guint32 *) (cairo_image_surface_get_data (surface) +
                                     y * cairo_image_surface_get_stride (surface)))[x];
        guint   alpha = argb >> 24;
        guint8 *to    = pixels->rgba + (y * SIDE + x) * 4;

        for (int k = 0; k < 3; k++)
          to[k] = alpha ? (argb >> (16 - 8 * k) & 255) * 255 / alpha : 0;
        to[3] = alpha;
      }
  cairo_surface_destroy (surface);
  p2p_pixels_filled (pixels, SIDE);

  return pixels;
}

static P2pPictureKind
kind_of (Draw draw)
{
  g_autoptr (P2pPixels) pixels = drawn (draw);

  return p2p_picture_kind (pixels, (P2pRect) { 0, 0, SIDE, SIDE });
}

/* ---- Pictures ----------------------------------------------------------------------- */

static void
draw_curves (cairo_t *cr)
{
  cairo_set_line_width (cr, 2.5);
  for (int i = 1; i < 8; i++)
    {
      cairo_arc (cr, 90 + 15 * i, 150, 12 * i, 0.0, 5.0);
      cairo_stroke (cr);
    }
}

static void
draw_ink (cairo_t *cr)
{
  cairo_set_source_rgb (cr, 0.05, 0.05, 0.1);
  draw_curves (cr);
}

static void
draw_paper (cairo_t *cr)
{
  cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
  cairo_paint (cr);
}

static void
draw_page (cairo_t *cr)
{
  draw_paper (cr);
  draw_ink (cr);
}

/* Yellow paper that gets darker toward one corner. */
static void
draw_scan (cairo_t *cr)
{
  cairo_pattern_t *light = cairo_pattern_create_linear (0, 0, SIDE, SIDE);

  cairo_pattern_add_color_stop_rgb (light, 0.0, 0.95, 0.90, 0.78);
  cairo_pattern_add_color_stop_rgb (light, 1.0, 0.72, 0.66, 0.55);
  cairo_set_source (cr, light);
  cairo_paint (cr);
  cairo_pattern_destroy (light);
  draw_ink (cr);
}

static void
draw_red_ink (cairo_t *cr)
{
  draw_paper (cr);
  cairo_set_source_rgb (cr, 0.7, 0.1, 0.1);
  draw_curves (cr);
}

static void
draw_chalk (cairo_t *cr)
{
  cairo_set_source_rgb (cr, 0.1, 0.15, 0.13);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0.9, 0.9, 0.9);
  draw_curves (cr);
}

static void
draw_walls (cairo_t *cr)
{
  cairo_set_source_rgb (cr, 0.0, 0.0, 0.8);
  cairo_paint (cr);
  for (int i = 0; i < 9; i++)
    {
      cairo_set_source_rgb (cr, i % 2, 1.0 - i % 3 / 2.0, i % 2 ? 0.0 : 1.0);
      cairo_rectangle (cr, 20 + i % 3 * 90, 20 + i / 3 * 90, 60, 70);
      cairo_fill (cr);
    }
}

static void
draw_soft (cairo_t  *cr,
           gboolean  color)
{
  for (int i = 0; i < 40; i++)
    {
      double           x    = 37 * i % SIDE, y = 91 * i % SIDE;
      cairo_pattern_t *soft = cairo_pattern_create_radial (x, y, 0, x, y, 120);
      double           tone = i % 7 / 6.0;

      cairo_pattern_add_color_stop_rgba (soft, 0, tone, color ? i % 5 / 4.0 : tone,
                                         color ? i % 3 / 2.0 : tone, 1.0);
      cairo_pattern_add_color_stop_rgba (soft, 1, 0.5, 0.5, 0.5, 0.0);
      cairo_set_source (cr, soft);
      cairo_paint (cr);
      cairo_pattern_destroy (soft);
    }
}

static void
draw_photo (cairo_t *cr)
{
  draw_soft (cr, TRUE);
}

static void
draw_old_photo (cairo_t *cr)
{
  draw_soft (cr, FALSE);
}

/* ---- Kinds -------------------------------------------------------------------------- */

static void
test_page (void)
{
  g_assert_cmpint (kind_of (draw_page), ==, P2P_PICTURE_LINES);
}

static void
test_transparent (void)
{
  g_assert_cmpint (kind_of (draw_ink), ==, P2P_PICTURE_LINES);
}

static void
test_scan (void)
{
  g_assert_cmpint (kind_of (draw_scan), ==, P2P_PICTURE_LINES);
}

static void
test_red_ink (void)
{
  g_assert_cmpint (kind_of (draw_red_ink), ==, P2P_PICTURE_LINES);
}

/* Soft, pale pencil strokes with lighter edges. */
static void
draw_pencil (cairo_t *cr)
{
  cairo_set_source_rgb (cr, 0.74, 0.73, 0.70);
  cairo_paint (cr);
  for (int width = 1; width <= 5; width += 2)
    {
      cairo_set_source_rgba (cr, 0.25, 0.25, 0.27, 0.3);
      cairo_set_line_width (cr, width);
      for (int i = 1; i < 8; i++)
        {
          cairo_arc (cr, 90 + 15 * i, 150, 12 * i, 0.0, 5.0);
          cairo_stroke (cr);
        }
    }
}

static void
test_pencil (void)
{
  g_assert_cmpint (kind_of (draw_pencil), ==, P2P_PICTURE_LINES);
}

static void
test_chalk (void)
{
  g_assert_cmpint (kind_of (draw_chalk), ==, P2P_PICTURE_LINES);
}

static void
test_labels (void)
{
  g_assert_cmpint (kind_of (draw_walls), ==, P2P_PICTURE_LABELS);
}

static void
test_photo (void)
{
  g_assert_cmpint (kind_of (draw_photo), ==, P2P_PICTURE_COLOR);
}

static void
test_old_photo (void)
{
  g_assert_cmpint (kind_of (draw_old_photo), ==, P2P_PICTURE_GRAY);
}

static void
test_blank (void)
{
  g_assert_cmpint (kind_of (draw_paper), ==, P2P_PICTURE_UNKNOWN);
}

/* The right half of the picture is a photo.  The page on the left is selected. */
static void
draw_half (cairo_t *cr)
{
  draw_photo (cr);
  cairo_rectangle (cr, 0, 0, SIDE / 2, SIDE);
  cairo_clip (cr);
  draw_page (cr);
}

static void
test_rect (void)
{
  g_autoptr (P2pPixels) pixels = drawn (draw_half);

  g_assert_cmpint (p2p_picture_kind (pixels, (P2pRect) { 0, 0, SIDE / 2, SIDE }), ==,
                   P2P_PICTURE_LINES);
}

static void
test_mask (void)
{
  g_autoptr (P2pPixels) pixels = drawn (draw_half);

  pixels->mask = g_malloc (SIDE * SIDE);
  for (int i = 0; i < SIDE * SIDE; i++)
    pixels->mask[i] = i % SIDE < SIDE / 2 ? 255 : 0;

  g_assert_cmpint (p2p_picture_kind (pixels, (P2pRect) { 0, 0, SIDE, SIDE }), ==,
                   P2P_PICTURE_LINES);
}

/* ---- Models ------------------------------------------------------------------------- */

static P2pModelInfo *
shipped (const char *name)
{
  g_autofree char    *file  = g_strconcat (name, ".safetensors", NULL);
  g_autofree char    *path  = g_test_build_filename (G_TEST_DIST, "..", "weights", file, NULL);
  g_autoptr (GError)  error = NULL;
  P2pModelInfo       *info  = p2p_model_info_new (path, NULL, &error);

  g_assert_no_error (error);

  return info;
}

static void
check_suits (const char     *name,
             P2pPictureKind  only)
{
  g_autoptr (P2pModelInfo) info = shipped (name);

  for (P2pPictureKind kind = P2P_PICTURE_UNKNOWN; kind <= P2P_PICTURE_COLOR; kind++)
    g_assert_cmpint (p2p_advice_suits (kind, info), ==, kind == only);
}

static void
test_sketch_suits (void)
{
  check_suits ("sketch2color", P2P_PICTURE_LINES);
}

static void
test_gray_suits (void)
{
  check_suits ("bw2color", P2P_PICTURE_GRAY);
}

static void
test_labels_suit (void)
{
  check_suits ("facade", P2P_PICTURE_LABELS);
}

static void
test_lost_colors (void)
{
  g_autoptr (P2pModelInfo) info = shipped ("bw2color");
  g_autofree char         *text = p2p_advice_text (P2P_PICTURE_COLOR, info, NULL);

  g_assert_nonnull (strstr (text, "colors will be lost"));
}

static void
test_better (void)
{
  g_autoptr (P2pModelInfo) info   = shipped ("facade");
  g_autoptr (P2pModelInfo) better = shipped ("sketch2color");
  g_autofree char         *text   = p2p_advice_text (P2P_PICTURE_LINES, info, better);

  g_assert_cmpstr (text, ==, "This looks like a line drawing, and the model expects flat label "
                             "colors. “Sketch to color” suits it better.");
}

static void
test_silent (void)
{
  g_autoptr (P2pModelInfo) info = shipped ("bw2color");

  g_assert_null (p2p_advice_text (P2P_PICTURE_GRAY, info, NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/kind/ink-on-white-paper-is-a-line-drawing", test_page);
  g_test_add_func ("/kind/ink-on-a-transparent-layer-is-a-line-drawing", test_transparent);
  g_test_add_func ("/kind/a-scan-of-yellow-paper-in-uneven-light-is-a-line-drawing", test_scan);
  g_test_add_func ("/kind/colored-ink-is-a-line-drawing", test_red_ink);
  g_test_add_func ("/kind/pale-pencil-on-gray-paper-is-a-line-drawing", test_pencil);
  g_test_add_func ("/kind/chalk-on-a-blackboard-is-a-line-drawing", test_chalk);
  g_test_add_func ("/kind/flat-strong-colors-are-labels", test_labels);
  g_test_add_func ("/kind/soft-colors-are-a-colored-picture", test_photo);
  g_test_add_func ("/kind/soft-grays-are-a-gray-photo", test_old_photo);
  g_test_add_func ("/kind/blank-paper-is-of-no-kind", test_blank);
  g_test_add_func ("/kind/pixels-outside-of-the-rectangle-do-not-count", test_rect);
  g_test_add_func ("/kind/pixels-that-are-not-selected-do-not-count", test_mask);
  g_test_add_func ("/kind/sketch2color-suits-line-drawings-alone", test_sketch_suits);
  g_test_add_func ("/kind/bw2color-suits-gray-photos-alone", test_gray_suits);
  g_test_add_func ("/kind/facade-suits-labels-alone", test_labels_suit);
  g_test_add_func ("/kind/the-loss-of-a-picture-s-colors-is-told", test_lost_colors);
  g_test_add_func ("/kind/a-line-drawing-is-told-which-model-suits-it-better", test_better);
  g_test_add_func ("/kind/nothing-is-told-of-a-gray-photo-to-be-colored", test_silent);

  return g_test_run ();
}
