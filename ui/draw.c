/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "draw.h"

#include <math.h>

#define CHECK_SIZE  8
#define GRIP_RADIUS 9.0    /* of the handle on the line, in pixels */

void
p2p_draw_pixels (cairo_t       *cr,
                 const P2pView *view,
                 P2pPixels     *pixels,
                 P2pRect        rect,
                 double         alpha)
{
  double           zoom    = p2p_view_zoom (view);
  P2pRect          seen    = p2p_rect_intersect (p2p_view_visible (view), rect);
  double           unit    = (double) rect.width / pixels->width;
  gboolean         reduced = zoom * pixels->factor <= 1.5 || pixels->factor == 1;
  double           scale   = reduced ? pixels->factor * unit : 1.0;
  cairo_surface_t *surface = NULL;

  if (! seen.width || ! seen.height)
    return;

  cairo_save (cr);
  cairo_rectangle (cr, rect.x, rect.y, rect.width, rect.height);
  cairo_clip (cr);
  if (reduced)
    {
      surface = cairo_surface_reference (pixels->small);
      cairo_translate (cr, rect.x, rect.y);
    }
  else
    {
      surface = p2p_pixels_surface (pixels, (P2pRect) { seen.x - rect.x, seen.y - rect.y,
                                                        seen.width, seen.height });
      cairo_translate (cr, seen.x, seen.y);
    }
  cairo_scale (cr, scale, scale);
  cairo_set_source_surface (cr, surface, 0.0, 0.0);
  cairo_pattern_set_filter (cairo_get_source (cr), zoom * scale >= 2.0 ? CAIRO_FILTER_NEAREST :
                                                   zoom * scale >= 1.0 ? CAIRO_FILTER_BILINEAR :
                                                                         CAIRO_FILTER_GOOD);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_paint_with_alpha (cr, alpha);
  cairo_surface_destroy (surface);
  cairo_restore (cr);
}

void
p2p_draw_checks (cairo_t *cr)
{
  static const guint32   cells[] = { 0xff999999, 0xff666666, 0xff666666, 0xff999999 };
  cairo_surface_t       *surface = cairo_image_surface_create_for_data (
    (guchar *) cells, CAIRO_FORMAT_RGB24, 2, 2, 8);
  cairo_pattern_t       *pattern = cairo_pattern_create_for_surface (surface);
  cairo_matrix_t         matrix;

  cairo_matrix_init_scale (&matrix, 1.0 / CHECK_SIZE, 1.0 / CHECK_SIZE);
  cairo_pattern_set_matrix (pattern, &matrix);
  cairo_pattern_set_extend (pattern, CAIRO_EXTEND_REPEAT);
  cairo_pattern_set_filter (pattern, CAIRO_FILTER_NEAREST);
  cairo_set_source (cr, pattern);
  cairo_paint (cr);
  cairo_pattern_destroy (pattern);
  cairo_surface_destroy (surface);
}

/* Lays the pixel at x, y of pixels over color, which is RGBA with premultiplied alpha. */
static void
lay_over (const P2pPixels *pixels,
          int              x,
          int              y,
          double           opacity,
          double           color[4])
{
  const guint8 *from  = pixels->rgba + ((gsize) y * pixels->width + x) * 4;
  double        alpha = from[3] / 255.0 * opacity;

  for (int k = 0; k < 4; k++)
    color[k] = color[k] * (1.0 - alpha) + (k < 3 ? from[k] / 255.0 : 1.0) * alpha;
}

gboolean
p2p_draw_mean (P2pPixels *before,
               P2pPixels *after,
               P2pRect    area,
               double     strength,
               P2pRect    rect,
               GdkRGBA   *color)
{
  double sum[4] = { 0.0 };
  double unit   = after ? (double) area.width / after->width : 1.0;

  rect = p2p_rect_intersect (rect, (P2pRect) { 0, 0, before->width, before->rows });
  for (int y = rect.y; y < rect.y + rect.height; y++)
    for (int x = rect.x; x < rect.x + rect.width; x++)
      {
        double   here[4] = { 0.0 };
        gboolean covered = x >= area.x && x < area.x + area.width &&
                           y >= area.y && y < area.y + area.height;

        lay_over (before, x, y, 1.0, here);
        if (after && covered)
          lay_over (after, (x - area.x) / unit, (y - area.y) / unit, strength, here);
        for (int k = 0; k < 4; k++)
          sum[k] += here[k];
      }
  if (sum[3] <= 0.0)
    return FALSE;

  *color = (GdkRGBA) { sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3], 1.0 };

  return TRUE;
}

void
p2p_draw_word (cairo_t    *cr,
               GtkWidget  *widget,
               const char *word,
               gboolean    right)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, word);
  int          width, height;
  double       x;

  pango_layout_get_pixel_size (layout, &width, &height);
  x = right ? gtk_widget_get_allocated_width (widget) - width - 12.0 : 12.0;
  cairo_rectangle (cr, x - 6.0, 6.0, width + 12.0, height + 6.0);
  cairo_set_source_rgba (cr, 0.0, 0.0, 0.0, 0.6);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
  cairo_move_to (cr, x, 9.0);
  pango_cairo_show_layout (cr, layout);
  g_object_unref (layout);
}

void
p2p_draw_frame (cairo_t *cr,
                double   left,
                double   top,
                double   zoom,
                P2pRect  rect)
{
  cairo_rectangle (cr, round (left + rect.x * zoom) - 0.5, round (top + rect.y * zoom) - 0.5,
                   round (rect.width * zoom) + 1.0, round (rect.height * zoom) + 1.0);
  cairo_set_source_rgba (cr, 0.0, 0.0, 0.0, 0.6);
  cairo_set_line_width (cr, 3.0);
  cairo_stroke_preserve (cr);
  cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
  cairo_set_line_width (cr, 1.0);
  cairo_stroke (cr);
}

void
p2p_draw_line (cairo_t *cr,
               double   x,
               double   height)
{
  double y = round (height / 2.0);

  cairo_rectangle (cr, x - 1.5, 0.0, 3.0, height);
  cairo_set_source_rgba (cr, 0.0, 0.0, 0.0, 0.6);
  cairo_fill (cr);
  cairo_rectangle (cr, x - 0.5, 0.0, 1.0, height);
  cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
  cairo_fill (cr);

  cairo_arc (cr, x, y, GRIP_RADIUS, 0.0, 2.0 * G_PI);
  cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
  cairo_fill_preserve (cr);
  cairo_set_source_rgba (cr, 0.0, 0.0, 0.0, 0.6);
  cairo_set_line_width (cr, 1.0);
  cairo_stroke (cr);
  for (int side = -1; side <= 1; side += 2)
    {
      cairo_move_to (cr, x + side * 2.0, y - 3.5);
      cairo_line_to (cr, x + side * 5.5, y);
      cairo_line_to (cr, x + side * 2.0, y + 3.5);
      cairo_set_source_rgb (cr, 0.2, 0.2, 0.2);
      cairo_fill (cr);
    }
}
