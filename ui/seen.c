/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "seen.h"

#include "base/intl.h"
#include "p2p.h"

struct _P2pSeen
{
  GimpDrawable *drawable;
  GimpImage    *image;      /* the hidden image of the copy; NULL: there is no copy */
};

gboolean
p2p_has_filters (GimpDrawable *drawable)
{
  g_autofree GimpDrawableFilter **filters = NULL;

  if (gimp_item_is_group (GIMP_ITEM (drawable)))
    return FALSE;

  filters = gimp_drawable_get_filters (drawable);
  for (int i = 0; filters && filters[i]; i++)
    if (gimp_drawable_filter_get_visible (filters[i]))
      return TRUE;

  return FALSE;
}

gboolean
p2p_merge_filters (GimpDrawable  *drawable,
                   GError       **error)
{
  const int        width  = gimp_drawable_get_width (drawable);
  const int        height = gimp_drawable_get_height (drawable);
  g_autofree char *name   = NULL;
  int              x, y, merged_x, merged_y;

  gimp_drawable_get_offsets (drawable, &x, &y);
  if (! gimp_drawable_merge_filters (drawable))
    {
      name = gimp_item_get_name (GIMP_ITEM (drawable));
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("GIMP could not merge the filters of “%s”: merge or remove them in the "
                     "Layers dialog."), name);
      return FALSE;
    }

  /* Filters such as blurs and shadows may have made the layer larger. */
  gimp_drawable_get_offsets (drawable, &merged_x, &merged_y);
  if (gimp_drawable_get_width (drawable) != width || gimp_drawable_get_height (drawable) != height)
    gimp_layer_resize (GIMP_LAYER (drawable), width, height, merged_x - x, merged_y - y);

  return TRUE;
}

/* An empty image of the same kind as image, without undo steps. */
static GimpImage *
make_image (GimpImage *image)
{
  GimpImage                    *made    = gimp_image_new_with_precision (
    1, 1, gimp_image_get_base_type (image), gimp_image_get_precision (image));
  g_autoptr (GimpColorProfile)  profile = gimp_image_get_color_profile (image);

  gimp_image_undo_disable (made);
  if (profile)
    gimp_image_set_color_profile (made, profile);

  return made;
}

P2pSeen *
p2p_seen_new (GimpDrawable  *drawable,
              GError       **error)
{
  g_autoptr (P2pSeen)  seen = g_new0 (P2pSeen, 1);
  GimpLayer           *layer;

  seen->drawable = drawable;
  if (! p2p_has_filters (drawable))
    return g_steal_pointer (&seen);

  seen->image    = make_image (gimp_item_get_image (GIMP_ITEM (drawable)));
  layer          = gimp_layer_new_from_drawable (drawable, seen->image);
  seen->drawable = GIMP_DRAWABLE (layer);
  gimp_image_insert_layer (seen->image, layer, NULL, 0);

  return p2p_merge_filters (seen->drawable, error) ? g_steal_pointer (&seen) : NULL;
}

void
p2p_seen_free (P2pSeen *seen)
{
  if (! seen)
    return;

  if (seen->image)
    gimp_image_delete (seen->image);
  g_free (seen);
}

GimpDrawable *
p2p_seen_get_drawable (P2pSeen *seen)
{
  return seen->drawable;
}
