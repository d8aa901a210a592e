/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "write.h"

#include "base/intl.h"
#include "check.h"
#include "drawable.h"
#include "new-image.h"
#include "remember.h"
#include "seen.h"

void
p2p_target_free (P2pTarget *target)
{
  g_clear_object (&target->result);
  g_clear_object (&target->lines);
  g_free (target);
}

char *
p2p_target_name (P2pTarget  *target,
                 const char *title)
{
  g_autofree char *layer = gimp_item_get_name (GIMP_ITEM (target->drawable));

  return g_strdup_printf ("%s – %s", layer, title);
}

/* Whether the result still fits: GIMP lets the user change the layer while we compute. */
static gboolean
target_is_unchanged (P2pTarget       *target,
                     P2pDestination   output,
                     GError         **error)
{
  GimpDrawable *alone[] = { target->drawable, NULL };
  P2pRect       area    = { 0 };

  if (! gimp_item_is_valid (GIMP_ITEM (target->drawable)) ||
      gimp_drawable_get_width (target->drawable) != target->width ||
      gimp_drawable_get_height (target->drawable) != target->height ||
      gimp_drawable_is_gray (target->drawable) != target->gray ||
      ! p2p_drawable_get_area (target->drawable, &area) ||
      memcmp (&area, &target->area, sizeof area) != 0)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("The layer or the selection was changed in the meantime, so nothing was "
                     "done: please run the filter again."));
      return FALSE;
    }

  return p2p_check (alone, output, error);
}

/* Sends the results to the layers' shadow buffers.  The layers do not change until these are
 * merged. */
static gboolean
send_all (GPtrArray     *targets,
          GCancellable  *cancellable,
          GError       **error)
{
  for (guint i = 0; i < targets->len; i++)
    {
      P2pTarget *target = targets->pdata[i];

      if (! p2p_drawable_send (target->drawable, target->result, cancellable, error))
        {
          while (i-- > 0)
            gimp_drawable_free_shadow (((P2pTarget *) targets->pdata[i])->drawable);
          return FALSE;
        }
    }

  return TRUE;
}

/* ---- New layers --------------------------------------------------------------------- */

/* The name of a new layer, its place, and how it covers the layers below it. */
typedef struct
{
  const char    *name;
  int            place;    /* how many places above the drawable; 0: just below it */
  GimpLayerMode  mode;
} Look;

/* Sets the layer's mode.  Makes Multiply and Screen work as the core computes them: they multiply
 * sRGB-encoded values, and where nothing lies below the layer, its own pixels are seen. */
static void
set_mode (GimpLayer     *layer,
          GimpLayerMode  mode)
{
  gimp_layer_set_mode (layer, mode);
  if (mode == GIMP_LAYER_MODE_MULTIPLY || mode == GIMP_LAYER_MODE_SCREEN)
    {
      gimp_layer_set_blend_space (layer, GIMP_LAYER_COLOR_SPACE_RGB_PERCEPTUAL);
      gimp_layer_set_composite_space (layer, GIMP_LAYER_COLOR_SPACE_RGB_PERCEPTUAL);
      gimp_layer_set_composite_mode (layer, GIMP_LAYER_COMPOSITE_UNION);
    }
}

/* Sets mode Multiply or Screen back to Normal.  The drawing has such a mode from an earlier result
 * that was a layer of colors below it.  Now the drawing itself gets the colors. */
static void
unset_mode (GimpLayer *layer)
{
  GimpLayerMode mode = gimp_layer_get_mode (layer);

  if (mode == GIMP_LAYER_MODE_MULTIPLY || mode == GIMP_LAYER_MODE_SCREEN)
    gimp_layer_set_mode (layer, GIMP_LAYER_MODE_NORMAL);
}

/* Gives a new layer a copy of the drawable's mask, so that it shows no more than a result in place
 * would. */
static gboolean
copy_mask (GimpLayer  *from,
           GimpLayer  *to,
           GError    **error)
{
  GimpLayerMask          *mask = gimp_layer_get_mask (from);
  GimpLayerMask          *made = mask ? gimp_layer_create_mask (to, GIMP_ADD_MASK_WHITE) : NULL;
  g_autoptr (GeglBuffer)  read = NULL, written = NULL;

  if (! mask)
    return TRUE;

  read    = gimp_drawable_get_buffer (GIMP_DRAWABLE (mask));
  written = gimp_drawable_get_buffer (GIMP_DRAWABLE (made));
  gegl_buffer_copy (read, NULL, GEGL_ABYSS_NONE, written, NULL);
  g_clear_object (&written);   /* this is what sends the pixels to GIMP */

  if (! gimp_layer_add_mask (to, made))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("GIMP could not give the new layer a copy of the layer’s mask: apply or "
                     "delete the mask first."));
      return FALSE;
    }
  gimp_layer_set_apply_mask (to, gimp_layer_get_apply_mask (from));
  gimp_layer_set_edit_mask (to, FALSE);

  return TRUE;
}

/* Adds a layer that has the pixels of ground (NULL: transparency), and lays pixels over these where
 * the drawable is selected.  This needs no undo steps of its own, because Undo removes the whole
 * layer. */
static GimpDrawable *
add_layer (P2pTarget   *target,
           GeglBuffer  *pixels,
           const Look  *look,
           GeglBuffer  *ground,
           GError     **error)
{
  GimpDrawable *layer = p2p_drawable_add_beside (target->drawable, look->name, look->place, error);

  if (! layer)
    return NULL;
  if (ground)
    {
      g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (layer);

      gegl_buffer_copy (ground, NULL, GEGL_ABYSS_NONE, buffer, NULL);
    }
  if (! p2p_drawable_send (layer, pixels, NULL, error) ||
      ! p2p_drawable_merge (layer, target->area, FALSE, error))
    return NULL;

  set_mode (GIMP_LAYER (layer), look->mode);

  return copy_mask (GIMP_LAYER (target->drawable), GIMP_LAYER (layer), error) ? layer : NULL;
}

/* Whether the image has no selection.  Then the whole layer is translated, and none of its pixels
 * is only partly selected. */
static gboolean
is_whole (const P2pTarget *target)
{
  return gimp_selection_is_empty (gimp_item_get_image (GIMP_ITEM (target->drawable)));
}

static gboolean
lies_on_others (GimpItem *item)
{
  GimpImage             *image  = gimp_item_get_image (item);
  GimpItem              *parent = gimp_item_get_parent (item);
  g_autofree GimpLayer **layers = parent ? NULL : gimp_image_get_layers (image);

  return parent || layers[gimp_image_get_item_position (image, item) + 1] != NULL;
}

/* Makes the ground of a layer of colors: paper (white, or black for a light drawing) with the alpha
 * of the drawing.  It is needed when only a part of the drawing is translated and other layers lie
 * below.  The drawing gets mode Multiply or Screen, so the rest of it would no longer hide those
 * layers; the paper hides them instead.  Returns NULL without an error when no ground is needed;
 * the caller owns the result. */
static GeglBuffer *
make_ground (P2pTarget      *target,
             GimpLayerMode   mode,
             GError        **error)
{
  const P2pRect        all   = { 0, 0, target->width, target->height };
  const float          paper = target->light ? 0.0f : 1.0f;
  g_autoptr (P2pImage) image = NULL;
  gsize                channels;

  if (is_whole (target) || gimp_layer_get_mode (GIMP_LAYER (target->drawable)) == mode ||
      ! lies_on_others (GIMP_ITEM (target->drawable)))
    return NULL;

  image = p2p_drawable_read (target->drawable, all, target->filters, NULL, NULL, error);
  if (! image)
    return NULL;
  channels = image->channels;
  for (gsize i = 0; i < (gsize) all.width * all.height * channels; i++)
    if (channels % 2 || i % channels < channels - 1)
      image->pixels[i] = paper;

  return p2p_drawable_keep (image, all, all, NULL, error);
}

/* Adds colors below the drawing, and sets the drawing's mode to Multiply or Screen. */
static gboolean
write_below (P2pTarget      *target,
             GimpLayerMode   mode,
             GError        **error)
{
  const Look             colors = { _("Colors"), 0, GIMP_LAYER_MODE_NORMAL };
  GError                *failed = NULL;
  g_autoptr (GeglBuffer) ground = make_ground (target, mode, &failed);

  if (failed)
    {
      g_propagate_error (error, failed);
      return FALSE;
    }
  if (! add_layer (target, target->result, &colors, ground, error))
    return FALSE;

  set_mode (GIMP_LAYER (target->drawable), mode);

  return TRUE;
}

/* How many places above the drawing the clean lines of the last time lie; 0: there are none. */
static int
find_last_lines (const P2pTarget *target)
{
  GimpItem  *drawing = GIMP_ITEM (target->drawable);
  GimpImage *image   = gimp_item_get_image (drawing);
  GimpItem  *lines   = (GimpItem *) p2p_remembered_lines (target->drawable);

  if (! lines || gimp_item_get_parent (lines) != gimp_item_get_parent (drawing))
    return 0;

  return MAX (0, gimp_image_get_item_position (image, drawing) -
                 gimp_image_get_item_position (image, lines));
}

/* Adds a layer of colors, and a layer of clean lines above it.  Their places, from top to bottom:
 *
 *   the whole drawing:       lines, drawing (hidden), colors
 *   a part of the drawing:   lines, colors, drawing
 *   above earlier results:   lines, colors, clean lines of the last time, …, drawing
 *
 * If only a part of the drawing is translated, the rest must stay visible below the new layers.
 * The clean lines of the last time must be covered by the new colors.  The drawing is hidden
 * whenever the whole of it is translated. */
static gboolean
write_lines (P2pTarget      *target,
             GimpLayerMode   mode,
             GError        **error)
{
  const int     last   = find_last_lines (target);
  const int     place  = last > 0 || ! is_whole (target) ? last + 1 : 0;
  const Look    colors = { _("Colors"), place, GIMP_LAYER_MODE_NORMAL };
  const Look    lines  = { _("Lines"), place + 1, mode };
  GimpDrawable *layer;

  if (! add_layer (target, target->result, &colors, NULL, error))
    return FALSE;
  layer = add_layer (target, target->lines, &lines, NULL, error);
  if (! layer)
    return FALSE;

  p2p_remember_lines (target->drawable, layer);
  if (is_whole (target))
    gimp_item_set_visible (GIMP_ITEM (target->drawable), FALSE);

  return TRUE;
}

/* Uses a copy of the drawing's pixels as the layer of lines.  The drawing itself cannot serve,
 * because it is hidden below the colors and lines of the last time. */
static gboolean
copy_lines (P2pTarget  *target,
            GError    **error)
{
  g_autoptr (P2pImage) image = p2p_drawable_read (target->drawable, target->area, target->filters,
                                                  NULL, NULL, error);

  if (image)
    target->lines = p2p_drawable_keep (image, target->area, target->area, NULL, error);

  return target->lines != NULL;
}

static gboolean
write_under (P2pTarget  *target,
             GError    **error)
{
  const GimpLayerMode mode = target->light ? GIMP_LAYER_MODE_SCREEN : GIMP_LAYER_MODE_MULTIPLY;

  if (! target->lines && find_last_lines (target) == 0)
    return write_below (target, mode, error);

  return (target->lines || copy_lines (target, error)) && write_lines (target, mode, error);
}

static gboolean
write_layer (P2pTarget   *target,
             const char  *title,
             GError     **error)
{
  g_autofree char *name = p2p_target_name (target, title);
  const Look       look = { name, 1, target->layering == P2P_LAYERING_CHROMA
                                     ? GIMP_LAYER_MODE_LCH_COLOR : GIMP_LAYER_MODE_NORMAL };

  return target->layering == P2P_LAYERING_UNDER
         ? write_under (target, error)
         : add_layer (target, target->result, &look, NULL, error) != NULL;
}

/* ---- The image itself --------------------------------------------------------------- */

/* Prepares layers for results in place: merges live filters, since the results contain their
 * effect, and adds alpha where a result has it and the layer has not. */
static gboolean
prepare (GPtrArray  *targets,
         GError    **error)
{
  for (guint i = 0; i < targets->len; i++)
    {
      P2pTarget *target = targets->pdata[i];

      if (target->filters && ! p2p_merge_filters (target->drawable, error))
        return FALSE;
      if (target->gets_alpha)
        gimp_layer_add_alpha (GIMP_LAYER (target->drawable));
    }

  return TRUE;
}

/* Leaves the image ready for the next call: selects the drawables, remembers their hints, and hides
 * the hints, which would cover the result. */
static void
leave (GPtrArray    *targets,
       GimpImage    *image,
       GimpDrawable *hints)
{
  g_autofree const GimpLayer **layers = g_new0 (const GimpLayer *, targets->len + 1);

  if (hints && (! gimp_item_is_valid (GIMP_ITEM (hints)) ||
                gimp_item_get_image (GIMP_ITEM (hints)) != image))
    hints = NULL;

  for (guint i = 0; i < targets->len; i++)
    {
      P2pTarget *target = targets->pdata[i];

      layers[i] = GIMP_LAYER (target->drawable);
      p2p_remember_hints (target->drawable, hints);
    }
  gimp_image_set_selected_layers (image, layers);
  if (hints && gimp_item_get_visible (GIMP_ITEM (hints)))
    gimp_item_set_visible (GIMP_ITEM (hints), FALSE);
}

/* What is done to the image as one undo step. */
typedef struct
{
  GPtrArray    *targets;
  GimpImage    *image;
  GimpDrawable *hints;
  gboolean      in_place;
  gboolean      convert;    /* the image is converted from grayscale to RGB */
  gboolean      sent;       /* the results are in the layers' shadow buffers already */
  const char   *title;
} Change;

static gboolean
change (const Change  *what,
        GError       **error)
{
  GPtrArray *targets = what->targets;

  if (what->convert && ! gimp_image_convert_rgb (what->image))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("GIMP could not turn the grayscale image into a color image."));
      return FALSE;
    }
  if (what->in_place && ! what->sent)
    {
      if (! prepare (targets, error) || ! send_all (targets, NULL, error))
        return FALSE;
    }
  for (guint i = 0; i < targets->len; i++)
    {
      P2pTarget *target = targets->pdata[i];

      if (what->in_place && target->layering == P2P_LAYERING_UNDER && is_whole (target))
        unset_mode (GIMP_LAYER (target->drawable));
      if (what->in_place ? ! p2p_drawable_merge (target->drawable, target->area, TRUE, error)
                         : ! write_layer (target, what->title, error))
        return FALSE;
    }
  leave (targets, what->image, what->hints);

  return TRUE;
}

static gboolean
write_here (const Change  *what,
            GError       **error)
{
  gboolean success;

  gimp_image_undo_group_start (what->image);
  success = change (what, error);
  gimp_image_undo_group_end (what->image);
  gimp_displays_flush ();

  return success;
}

/* Cancel has no effect any more once the image is being changed. */
gboolean
p2p_write (GPtrArray       *targets,
           GimpImage       *image,
           GimpDrawable    *hints,
           P2pDestination   output,
           const char      *title,
           GCancellable    *cancellable,
           GimpImage      **new_image,
           GError         **error)
{
  Change   what = { targets, image, hints, output == P2P_IN_PLACE, .title = title };
  gboolean late = FALSE;

  for (guint i = 0; i < targets->len; i++)
    {
      P2pTarget *target = targets->pdata[i];

      if (! target_is_unchanged (target, output, error))
        return FALSE;
      what.convert |= target->color && gimp_image_get_base_type (image) == GIMP_GRAY;
      late |= what.convert || target->gets_alpha || target->filters;
    }

  /* A shadow buffer has the type of its layer.  If the type of a layer will change, or its filters
   * will be merged, the results are sent after that. */
  what.sent = what.in_place && ! late;
  if (what.sent && ! send_all (targets, cancellable, error))
    return FALSE;

  /* The Cancel button of GIMP's progress bar ends our process.  The bar goes before the image is
   * changed: pressed later, the button would leave the image changed in part. */
  gimp_progress_end ();

  if (output != P2P_NEW_IMAGE)
    return write_here (&what, error);

  *new_image = p2p_new_image (targets, image, title, cancellable, error);

  return *new_image != NULL;
}
