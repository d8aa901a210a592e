/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "foreground.h"

#include <libgimp/gimp.h>

#include "init-gegl.h"

void
p2p_foreground_set (const GdkRGBA *color)
{
  GeglColor    *gegl;
  const double  rgba[] = { color->red, color->green, color->blue, 1.0 };

  /* GeglColor needs GEGL, which is not initialized before the layer is read. */
  p2p_gegl_init ();
  gegl = gegl_color_new (NULL);
  gegl_color_set_pixel (gegl, babl_format ("R'G'B'A double"), rgba);
  gimp_context_set_foreground (gegl);
  g_object_unref (gegl);
}

static void
color_picked (P2pPreview    *preview,
              const GdkRGBA *color)
{
  p2p_foreground_set (color);
}

void
p2p_foreground_follow (P2pPreview *preview)
{
  g_signal_connect (preview, "color-picked", G_CALLBACK (color_picked), NULL);
}
