/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "thumbnail.h"

#include <string.h>

#define SIDE 88     /* of each half, in pixels */

GdkPixbuf *
p2p_thumbnail_load (const char *path,
                    int         width,
                    int         height)
{
  const char      *dot   = strrchr (path, '.');
  g_autofree char *base  = dot ? g_strndup (path, dot - path) : g_strdup (path);
  g_autofree char *image = g_strconcat (base, ".png", NULL);

  return gdk_pixbuf_new_from_file_at_scale (image, width, height, TRUE, NULL);
}

static void
paint (GdkPixbuf *both,
       int        left,
       P2pPixels *pixels)
{
  g_autoptr (GdkPixbuf) whole = gdk_pixbuf_new_from_data (
    pixels->rgba, GDK_COLORSPACE_RGB, TRUE, 8, pixels->width, pixels->height, pixels->width * 4,
    NULL, NULL);
  g_autoptr (GdkPixbuf) half  = gdk_pixbuf_scale_simple (whole, SIDE, SIDE, GDK_INTERP_BILINEAR);

  gdk_pixbuf_copy_area (half, 0, 0, SIDE, SIDE, both, left, 0);
}

void
p2p_thumbnail_save (const char *id,
                    P2pPixels  *before,
                    P2pPixels  *after)
{
  g_autoptr (GdkPixbuf)  both   = gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, 2 * SIDE, SIDE);
  g_autofree char       *folder = p2p_models_user_folder ();
  g_autofree char       *name   = g_strconcat (id, ".png", NULL);
  g_autofree char       *path   = g_build_filename (folder, name, NULL);
  g_autofree char       *data   = NULL;
  gsize                  length;

  paint (both, 0, before);
  paint (both, SIDE, after);
  if (gdk_pixbuf_save_to_buffer (both, &data, &length, "png", NULL, NULL))
    g_file_set_contents (path, data, length, NULL);
}
