/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sample.h"

#include <gdk/gdk.h>
#include <math.h>
#include <string.h>

/* One part of the scene: a shape whose corners are in 256ths of the picture's side. */
typedef struct
{
  GdkRGBA color;
  double  corners[8];     /* x, y of four corners; a triangle repeats its last corner */
} Part;

static const Part parts[] = {
  { { 0.60, 0.77, 0.93, 1 }, { 0, 0, 256, 0, 256, 150, 0, 150 } },           /* sky */
  { { 0.45, 0.57, 0.62, 1 }, { 0, 150, 90, 90, 190, 150, 190, 150 } },       /* hills */
  { { 0.40, 0.52, 0.57, 1 }, { 110, 150, 210, 105, 256, 130, 256, 150 } },
  { { 0.44, 0.60, 0.30, 1 }, { 0, 150, 256, 150, 256, 256, 0, 256 } },       /* meadow */
  { { 0.70, 0.65, 0.55, 1 }, { 120, 200, 140, 200, 175, 256, 105, 256 } },   /* path */
  { { 0.85, 0.78, 0.66, 1 }, { 72, 110, 188, 110, 188, 205, 72, 205 } },     /* wall */
  { { 0.58, 0.27, 0.20, 1 }, { 60, 112, 130, 58, 200, 112, 200, 112 } },     /* roof */
  { { 0.50, 0.32, 0.26, 1 }, { 160, 62, 174, 62, 174, 92, 160, 84 } },       /* chimney */
  { { 0.24, 0.32, 0.42, 1 }, { 84, 126, 108, 126, 108, 152, 84, 152 } },     /* windows */
  { { 0.24, 0.32, 0.42, 1 }, { 152, 126, 176, 126, 176, 152, 152, 152 } },
  { { 0.40, 0.26, 0.16, 1 }, { 118, 156, 142, 156, 142, 205, 118, 205 } },   /* door */
  { { 0.36, 0.25, 0.16, 1 }, { 216, 150, 224, 150, 224, 205, 216, 205 } },   /* tree */
  { { 0.20, 0.40, 0.20, 1 }, { 196, 168, 220, 80, 244, 168, 244, 168 } },
};

/* Gets the color of entry nth of the palette.  After the last entry, counting begins again at the
 * first.  Returns FALSE when the entry has no color. */
static gboolean
palette_color (const char *palette,
               guint       nth,
               GdkRGBA    *color)
{
  g_auto (GStrv) entries = g_strsplit (palette, ",", -1);
  guint          n       = g_strv_length (entries);
  char          *hash    = n ? strrchr (entries[nth % n], '#') : NULL;

  return hash && gdk_rgba_parse (color, g_strstrip (hash));
}

static void
draw_part (cairo_t    *cr,
           const Part *part,
           const char *kind,
           const char *palette)
{
  GdkRGBA          color   = part->color;
  gboolean         outline = strcmp (kind, "edges") == 0 || strcmp (kind, "lineart") == 0;
  cairo_pattern_t *light   = NULL;

  cairo_move_to (cr, part->corners[0], part->corners[1]);
  for (int i = 2; i < 8; i += 2)
    cairo_line_to (cr, part->corners[i], part->corners[i + 1]);
  cairo_close_path (cr);

  if (outline)
    {
      cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
      cairo_fill_preserve (cr);
      cairo_set_source_rgb (cr, 0.0, 0.0, 0.0);
      cairo_set_line_width (cr, 2.0);
      cairo_stroke (cr);
      return;
    }

  if (strcmp (kind, "labels") == 0)
    {
      if (palette)
        palette_color (palette, part - parts, &color);
      gdk_cairo_set_source_rgba (cr, &color);
      cairo_fill (cr);
      return;
    }

  /* Shades the part as if light came from above, because a photo does not consist of flat
   * colors. */
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_fill_preserve (cr);
  light = cairo_pattern_create_linear (0.0, 0.0, 64.0, 256.0);
  cairo_pattern_add_color_stop_rgba (light, 0.0, 1.0, 1.0, 1.0, 0.35);
  cairo_pattern_add_color_stop_rgba (light, 1.0, 0.0, 0.0, 0.0, 0.35);
  cairo_set_source (cr, light);
  cairo_fill (cr);
  cairo_pattern_destroy (light);
}

P2pPixels *
p2p_sample_new (const char *kind,
                const char *palette,
                int         side)
{
  P2pPixels       *pixels  = p2p_pixels_new (side, side, NULL);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, side, side);
  cairo_t         *cr      = cairo_create (surface);
  const guint8    *data;
  int              stride;

  cairo_scale (cr, side / 256.0, side / 256.0);
  cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
  cairo_paint (cr);
  if (strcmp (kind, "labels") == 0)
    cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    draw_part (cr, &parts[i], kind, palette);
  cairo_destroy (cr);

  cairo_surface_flush (surface);
  data   = cairo_image_surface_get_data (surface);
  stride = cairo_image_surface_get_stride (surface);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      {
        guint32  color = ((const guint32 *) (data + (gsize) y * stride))[x];
        guint8  *to    = pixels->rgba + ((gsize) y * side + x) * 4;

        to[0] = color >> 16;
        to[1] = color >> 8;
        to[2] = color;
        to[3] = 255;
      }
  p2p_pixels_filled (pixels, side);
  cairo_surface_destroy (surface);

  return pixels;
}
