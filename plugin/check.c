/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "check.h"

#include "base/intl.h"
#include "p2p.h"

/* The item in GIMP's menu that turns a text, link or vector layer into ordinary pixels. */
#if GIMP_CHECK_VERSION (3, 2, 0)
#define RASTERIZE _("Layer ▸ Rasterize")
#else
#define RASTERIZE _("Layer ▸ Discard Text Information")
#endif

/* Returns the item itself if its pixels are locked, otherwise the innermost group around it whose
 * pixels are locked; NULL when there is none. */
static GimpItem *
locked_item (GimpItem *item)
{
  while (item && ! gimp_item_get_lock_content (item))
    item = gimp_item_get_parent (item);

  return item;
}

/* Does GIMP draw the layer's pixels from a text, a linked file or a path?  Pixels written into such
 * a layer would end that.  In a link layer they would be lost when the image is opened again. */
static gboolean
is_drawn (GimpItem *item)
{
#if GIMP_CHECK_VERSION (3, 2, 0)
  return (gimp_item_is_text_layer (item) || gimp_item_is_link_layer (item) ||
          gimp_item_is_vector_layer (item)) &&
         ! gimp_rasterizable_is_rasterized (GIMP_RASTERIZABLE (item));
#else
  return gimp_item_is_text_layer (item);
#endif
}

/* Whether drawable is of a kind whose pixels can be translated. */
static gboolean
check_kind (GimpDrawable  *drawable,
            GError       **error)
{
  GimpItem        *item     = GIMP_ITEM (drawable);
  g_autofree char *name     = gimp_item_get_name (item);
  const gboolean   floating = GIMP_IS_LAYER (drawable) &&
                              gimp_layer_is_floating_sel (GIMP_LAYER (drawable));

  if (! GIMP_IS_LAYER (drawable))
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("“%s” is a mask or a channel, and only layers can be translated: click the "
                   "layer itself in the Layers dialog."), name);
  else if (floating &&
           ! GIMP_IS_LAYER (gimp_image_floating_sel_attached_to (gimp_item_get_image (item))))
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("“%s” is a floating selection on a mask or a channel, and only layers can be "
                   "translated: anchor it, then click a layer in the Layers dialog."), name);
  else if (gimp_item_is_group (item))
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("“%s” is a layer group: select the layers inside it, or merge the group."),
                 name);
  else if (gimp_drawable_is_indexed (drawable))
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("The image has indexed colors: change it with Image ▸ Mode ▸ RGB first."));
  else
    return TRUE;

  return FALSE;
}

/* Whether the result for drawable can be written to the destination output. */
static gboolean
check_output (GimpDrawable    *drawable,
              P2pDestination   output,
              GError         **error)
{
  GimpItem        *item   = GIMP_ITEM (drawable);
  GimpItem        *parent = gimp_item_get_parent (item);
  GimpItem        *locked = locked_item (output == P2P_IN_PLACE ? item
                                         : output == P2P_NEW_LAYER ? parent : NULL);
  g_autofree char *name   = gimp_item_get_name (item);
  g_autofree char *locker = locked ? gimp_item_get_name (locked) : NULL;

  if (locked)
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("The pixels of “%s” are locked: unlock them in the Layers dialog first."),
                 locker);
  else if (output == P2P_IN_PLACE && is_drawn (item))
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("If it were replaced, “%s” could no longer be edited as a text, a link or a "
                   "path: choose “New layer” as the output, or turn it into pixels with %s first."),
                 name, RASTERIZE);
  else if (output == P2P_NEW_LAYER && gimp_layer_is_floating_sel (GIMP_LAYER (drawable)))
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("“%s” is a floating selection, and GIMP cannot add a layer beside it: anchor it "
                   "or make it a layer first."), name);
  else
    return TRUE;

  return FALSE;
}

gboolean
p2p_check (GimpDrawable   **drawables,
           P2pDestination   output,
           GError         **error)
{
  if (! drawables || ! drawables[0])
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED, _("Select a layer first."));
      return FALSE;
    }

  for (GimpDrawable **drawable = drawables; *drawable; drawable++)
    if (! gimp_item_is_valid (GIMP_ITEM (*drawable)))
      {
        g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                     _("The layer was deleted, or its image was closed: select another layer and "
                       "run the filter again."));
        return FALSE;
      }
    else if (! check_kind (*drawable, error) || ! check_output (*drawable, output, error))
      return FALSE;

  return TRUE;
}
