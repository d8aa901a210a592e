/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "drawable.h"

#include "intl.h"

/* Rows that are moved at once: two of GIMP's tiles. */
#define STRIP 128

/* The drawable itself or the group around it whose pixels are locked; NULL: none. */
static GimpItem *
locked_item (GimpItem *item)
{
  while (item && ! gimp_item_get_lock_content (item))
    item = gimp_item_get_parent (item);

  return item;
}

gboolean
p2p_drawable_check (GimpDrawable *drawable,
                    gboolean      only_read,
                    GError      **error)
{
  GimpItem        *item   = GIMP_ITEM (drawable);
  GimpItem        *parent = gimp_item_get_parent (item);
  GimpItem        *locked = locked_item (only_read ? parent : item);
  g_autofree char *name   = gimp_item_get_name (item);
  g_autofree char *locker = locked ? gimp_item_get_name (locked) : NULL;

  if (! GIMP_IS_LAYER (drawable))
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("“%s” is a mask or a channel, and only layers can be translated: click the "
                   "layer itself in the Layers dialog."), name);
  else if (gimp_item_is_group (item))
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("“%s” is a layer group: select the layers inside it, or merge the group."),
                 name);
  else if (gimp_drawable_is_indexed (drawable))
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("The image has indexed colors: change it with Image ▸ Mode ▸ RGB first."));
  else if (locked)
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("The pixels of “%s” are locked: unlock them in the Layers dialog first."),
                 locker);
  else if (only_read && gimp_layer_is_floating_sel (GIMP_LAYER (drawable)))
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("“%s” is a floating selection, above which there can be no layer: anchor it "
                   "or make it a layer first."), name);
  else
    return TRUE;

  return FALSE;
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

  /* Without a space: sRGB. */
  return babl_format (names[channels - 1]);
}

P2pImage *
p2p_drawable_read (GimpDrawable *drawable,
                   P2pRect       rect,
                   P2pRest       rest)
{
  int                    colors = gimp_drawable_is_gray (drawable) ? 1 : 3;
  int                    alpha  = gimp_drawable_has_alpha (drawable) ? 1 : 0;
  P2pImage              *image  = p2p_image_new (rect.width, rect.height, colors + alpha);
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (drawable);

  for (int y = 0; y < rect.height; y += STRIP)
    {
      gegl_buffer_get (buffer, GEGL_RECTANGLE (rect.x, rect.y + y, rect.width,
                                               MIN (STRIP, rect.height - y)), 1.0,
                       format_of (image->channels),
                       image->pixels + (gsize) y * rect.width * image->channels,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      rest ();
    }

  return image;
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

GeglBuffer *
p2p_drawable_keep (const P2pImage *image,
                   P2pRect         rect,
                   P2pRect         area,
                   P2pRest         rest)
{
  const GeglRectangle *extent = GEGL_RECTANGLE (area.x, area.y, area.width, area.height);
  GeglBuffer          *buffer = gegl_buffer_new (extent, format_of (image->channels));
  gsize                stride = (gsize) image->width * image->channels;
  const float         *corner = image->pixels + (area.y - rect.y) * stride +
                                (gsize) (area.x - rect.x) * image->channels;

  for (int y = 0; y < area.height; y += STRIP)
    {
      gegl_buffer_set (buffer, GEGL_RECTANGLE (area.x, area.y + y, area.width,
                                               MIN (STRIP, area.height - y)), 0, NULL,
                       corner + y * stride, stride * sizeof (float));
      rest ();
    }

  return buffer;
}

GimpDrawable *
p2p_drawable_add_above (GimpDrawable *drawable,
                        const char   *name,
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
                               gimp_image_get_item_position (image, item)))
    return GIMP_DRAWABLE (layer);

  gimp_item_delete (GIMP_ITEM (layer));
  g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
               _("GIMP could not add the layer “%s”."), name);

  return NULL;
}

gboolean
p2p_drawable_add (GimpImage   *image,
                  GeglBuffer  *buffer,
                  const char  *name,
                  int          x,
                  int          y,
                  GError     **error)
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
  gegl_buffer_copy (buffer, extent, GEGL_ABYSS_NONE, pixels,
                    GEGL_RECTANGLE (0, 0, extent->width, extent->height));

  return TRUE;
}

gboolean
p2p_drawable_write (GimpDrawable *drawable,
                    GeglBuffer   *buffer,
                    gboolean      undo,
                    P2pRest       rest,
                    GError      **error)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  GeglBuffer          *shadow = gimp_drawable_get_shadow_buffer (drawable);
  g_autofree char     *name   = NULL;

  for (int y = 0; y < extent->height; y += STRIP)
    {
      const GeglRectangle strip = { extent->x, extent->y + y, extent->width,
                                    MIN (STRIP, extent->height - y) };

      gegl_buffer_copy (buffer, &strip, GEGL_ABYSS_NONE, shadow, &strip);
      rest ();
    }
  g_object_unref (shadow);  /* this is what sends the pixels to GIMP */

  if (gimp_drawable_merge_shadow (drawable, undo))
    {
      gimp_drawable_update (drawable, extent->x, extent->y, extent->width, extent->height);
      return TRUE;
    }

  name = gimp_item_get_name (GIMP_ITEM (drawable));
  g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
               _("GIMP refused to change the pixels of “%s”."), name);

  return FALSE;
}
