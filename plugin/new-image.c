/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "new-image.h"

#include "drawable.h"

/* The name of the parasite in which GIMP keeps an image's comment. */
#define COMMENT "gimp-comment"

/* Where the target's selected part lies in the image. */
static GeglRectangle
place_of (const P2pTarget *target)
{
  int x, y;

  gimp_drawable_get_offsets (target->drawable, &x, &y);

  return *GEGL_RECTANGLE (x + target->area.x, y + target->area.y, target->area.width,
                          target->area.height);
}

/* Looks at the list first, because GIMP would warn of a comment that does not exist. */
static void
copy_comment (GimpImage *from,
              GimpImage *to)
{
  g_auto (GStrv)  names = gimp_image_get_parasite_list (from);
  GimpParasite   *comment;

  if (! names || ! g_strv_contains ((const char *const *) names, COMMENT))
    return;

  comment = gimp_image_get_parasite (from, COMMENT);
  gimp_image_attach_parasite (to, comment);
  gimp_parasite_free (comment);
}

/* Makes an image of that type with the precision, resolution, unit and comment of image.  It also
 * gets the profile of image if image has the same type.  Undo is disabled in it. */
static GimpImage *
make_image (GimpImage         *image,
            GimpImageBaseType  type,
            int                width,
            int                height)
{
  g_autoptr (GimpColorProfile)  profile = gimp_image_get_color_profile (image);
  GimpImage                    *made    = gimp_image_new_with_precision (
    width, height, type, gimp_image_get_precision (image));
  double                        x, y;

  gimp_image_undo_disable (made);
  if (profile && type == gimp_image_get_base_type (image))
    gimp_image_set_color_profile (made, profile);
  if (gimp_image_get_resolution (image, &x, &y))
    gimp_image_set_resolution (made, x, y);
  gimp_image_set_unit (made, gimp_image_get_unit (image));
  copy_comment (image, made);

  return made;
}

GimpImage *
p2p_new_image (GPtrArray     *targets,
               GimpImage     *image,
               const char    *title,
               GCancellable  *cancellable,
               GError       **error)
{
  GimpImageBaseType  type    = gimp_image_get_base_type (image);
  GeglRectangle      all     = { 0 };
  GimpImage         *made;
  gboolean           success = TRUE;

  for (guint i = 0; i < targets->len; i++)
    {
      P2pTarget     *target = targets->pdata[i];
      GeglRectangle  place  = place_of (target);

      gegl_rectangle_bounding_box (&all, &all, &place);
      if (target->color)
        type = GIMP_RGB;
    }

  made = make_image (image, type, all.width, all.height);
  for (guint i = 0; success && i < targets->len; i++)
    {
      P2pTarget       *target = targets->pdata[i];
      GeglRectangle    place  = place_of (target);
      g_autofree char *name   = p2p_target_name (target, title);

      success = p2p_drawable_add (made, target->result, name, place.x - all.x, place.y - all.y,
                                  cancellable, error);
    }
  gimp_image_undo_enable (made);
  gimp_image_clean_all (made);
  if (success)
    return made;

  gimp_image_delete (made);

  return NULL;
}
