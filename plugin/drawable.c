/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "drawable.h"

#include <math.h>

#include "base/intl.h"
#include "seen.h"

/* Rows that are copied at once.  GIMP's tiles are 64 rows high, so these are two tiles. */
#define STRIP 128

/* Handles the events that are waiting, but at most 16, because new ones may come all the time. */
static gboolean
go_on (GCancellable  *cancellable,
       GError       **error)
{
  for (int i = 0; i < 16 && g_main_context_iteration (NULL, FALSE); i++)
    ;

  return ! g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* Copies all of the buffer "from" into the buffer "to", so that its upper left corner lies at x, y
 * there. */
static gboolean
copy (GeglBuffer    *from,
      GeglBuffer    *to,
      int            x,
      int            y,
      GCancellable  *cancellable,
      GError       **error)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (from);

  for (int row = 0; row < extent->height; row += STRIP)
    {
      const GeglRectangle strip = { extent->x, extent->y + row, extent->width,
                                    MIN (STRIP, extent->height - row) };

      gegl_buffer_copy (from, &strip, GEGL_ABYSS_NONE, to,
                        GEGL_RECTANGLE (x, y + row, strip.width, strip.height));
      if (! go_on (cancellable, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
p2p_drawable_get_area (GimpDrawable *drawable,
                       P2pRect      *area)
{
  return gimp_drawable_mask_intersect (drawable, &area->x, &area->y, &area->width, &area->height);
}

static const Babl *
format_of (int channels)
{
  static const char *const names[] = { "Y' float", "Y'A float", "R'G'B' float", "R'G'B'A float" };

  /* A format without a color space means sRGB. */
  return babl_format (names[channels - 1]);
}

static P2pImage *
read_buffer (GimpDrawable  *drawable,
             P2pRect        rect,
             gboolean      *mended,
             GCancellable  *cancellable,
             GError       **error)
{
  int                    colors = gimp_drawable_is_gray (drawable) ? 1 : 3;
  int                    alpha  = gimp_drawable_has_alpha (drawable) ? 1 : 0;
  g_autoptr (P2pImage)   image  = p2p_image_try_new (rect.width, rect.height, colors + alpha,
                                                     error);
  g_autoptr (GeglBuffer) buffer = image ? gimp_drawable_get_buffer (drawable) : NULL;
  gsize                  n_mended;

  if (! image)
    return NULL;

  for (int y = 0; y < rect.height; y += STRIP)
    {
      gegl_buffer_get (buffer, GEGL_RECTANGLE (rect.x, rect.y + y, rect.width,
                                               MIN (STRIP, rect.height - y)), 1.0,
                       format_of (image->channels),
                       image->pixels + (gsize) y * rect.width * image->channels,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      if (! go_on (cancellable, error))
        return NULL;
    }

  if (! p2p_image_mend (image, &n_mended, error))
    return NULL;
  if (n_mended > 0 && mended)
    *mended = TRUE;

  return g_steal_pointer (&image);
}

P2pImage *
p2p_drawable_read (GimpDrawable  *drawable,
                   P2pRect        rect,
                   gboolean       filtered,
                   gboolean      *mended,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autoptr (P2pSeen) seen = NULL;

  if (! filtered)
    return read_buffer (drawable, rect, mended, cancellable, error);

  seen = p2p_seen_new (drawable, error);

  return seen ? read_buffer (p2p_seen_get_drawable (seen), rect, mended, cancellable, error)
              : NULL;
}

void
p2p_drawable_read_bytes (GimpDrawable *drawable,
                         P2pRect       rect,
                         double        scale,
                         guint8       *rgba)
{
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (drawable);

  gegl_buffer_get (buffer, GEGL_RECTANGLE (rect.x, rect.y, rect.width, rect.height), scale,
                   babl_format ("R'G'B'A u8"), rgba, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
}

void
p2p_drawable_read_selection (GimpDrawable *drawable,
                             P2pRect       rect,
                             double        scale,
                             guint8       *mask)
{
  GimpImage              *image  = gimp_item_get_image (GIMP_ITEM (drawable));
  g_autoptr (GeglBuffer)  buffer = gimp_drawable_get_buffer (
    GIMP_DRAWABLE (gimp_image_get_selection (image)));
  int                     x, y;

  gimp_drawable_get_offsets (drawable, &x, &y);
  gegl_buffer_get (buffer, GEGL_RECTANGLE (rect.x + (int) floor (x * scale),
                                           rect.y + (int) floor (y * scale), rect.width,
                                           rect.height), scale,
                   babl_format ("Y u8"), mask, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
}

GeglBuffer *
p2p_drawable_keep (const P2pImage  *image,
                   P2pRect          rect,
                   P2pRect          area,
                   GCancellable    *cancellable,
                   GError         **error)
{
  const GeglRectangle    *extent = GEGL_RECTANGLE (area.x, area.y, area.width, area.height);
  g_autoptr (GeglBuffer)  buffer = gegl_buffer_new (extent, format_of (image->channels));
  gsize                   stride = (gsize) image->width * image->channels;
  const float            *corner = image->pixels + (area.y - rect.y) * stride +
                                   (gsize) (area.x - rect.x) * image->channels;

  for (int y = 0; y < area.height; y += STRIP)
    {
      gegl_buffer_set (buffer, GEGL_RECTANGLE (area.x, area.y + y, area.width,
                                               MIN (STRIP, area.height - y)), 0, NULL,
                       corner + y * stride, stride * sizeof (float));
      if (! go_on (cancellable, error))
        return NULL;
    }

  return g_steal_pointer (&buffer);
}

GimpDrawable *
p2p_drawable_add_beside (GimpDrawable *drawable,
                         const char   *name,
                         int           place,
                         GError      **error)
{
  GimpItem  *item  = GIMP_ITEM (drawable);
  GimpImage *image = gimp_item_get_image (item);
  GimpLayer *layer;
  int        x, y;

  layer = gimp_layer_new (image, name, gimp_drawable_get_width (drawable),
                          gimp_drawable_get_height (drawable),
                          gimp_drawable_type_with_alpha (drawable), 100.0, GIMP_LAYER_MODE_NORMAL);
  gimp_drawable_get_offsets (drawable, &x, &y);
  gimp_layer_set_offsets (layer, x, y);
  gimp_drawable_fill (GIMP_DRAWABLE (layer), GIMP_FILL_TRANSPARENT);

  if (gimp_image_insert_layer (image, layer, GIMP_LAYER (gimp_item_get_parent (item)),
                               gimp_image_get_item_position (image, item) - place + 1))
    return GIMP_DRAWABLE (layer);

  gimp_item_delete (GIMP_ITEM (layer));
  g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
               _("GIMP could not add the layer “%s”."), name);

  return NULL;
}

gboolean
p2p_drawable_add (GimpImage     *image,
                  GeglBuffer    *buffer,
                  const char    *name,
                  int            x,
                  int            y,
                  GCancellable  *cancellable,
                  GError       **error)
{
  const GeglRectangle    *extent = gegl_buffer_get_extent (buffer);
  gboolean                alpha  = babl_format_has_alpha (gegl_buffer_get_format (buffer));
  gboolean                gray   = gimp_image_get_base_type (image) == GIMP_GRAY;
  GimpImageType           type   = gray ? alpha ? GIMP_GRAYA_IMAGE : GIMP_GRAY_IMAGE
                                        : alpha ? GIMP_RGBA_IMAGE : GIMP_RGB_IMAGE;
  GimpLayer              *layer  = gimp_layer_new (image, name, extent->width, extent->height, type,
                                                   100.0, GIMP_LAYER_MODE_NORMAL);
  g_autoptr (GeglBuffer)  pixels = NULL;

  gimp_layer_set_offsets (layer, x, y);
  if (! gimp_image_insert_layer (image, layer, NULL, 0))
    {
      gimp_item_delete (GIMP_ITEM (layer));
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("GIMP could not add the layer “%s”."), name);
      return FALSE;
    }

  pixels = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));

  return copy (buffer, pixels, 0, 0, cancellable, error);
}

gboolean
p2p_drawable_send (GimpDrawable  *drawable,
                   GeglBuffer    *buffer,
                   GCancellable  *cancellable,
                   GError       **error)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  GeglBuffer          *shadow = gimp_drawable_get_shadow_buffer (drawable);
  gboolean             sent   = copy (buffer, shadow, extent->x, extent->y, cancellable, error);

  g_object_unref (shadow);  /* this is what sends the pixels to GIMP */
  if (! sent)
    gimp_drawable_free_shadow (drawable);

  return sent;
}

gboolean
p2p_drawable_merge (GimpDrawable  *drawable,
                    P2pRect        area,
                    gboolean       undo,
                    GError       **error)
{
  g_autofree char *name = NULL;

  if (gimp_drawable_merge_shadow (drawable, undo))
    {
      gimp_drawable_update (drawable, area.x, area.y, area.width, area.height);
      return TRUE;
    }

  name = gimp_item_get_name (GIMP_ITEM (drawable));
  g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
               _("GIMP refused to change the pixels of “%s”."), name);

  return FALSE;
}
