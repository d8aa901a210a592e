/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* GEGL in the plug-in's process: it has buffers and colors, and none of its operations, which take
 * longer to load than a small picture to translate. */

#include <gegl.h>
#include <string.h>

#include "init-gegl.h"

/* Counts the files below a folder called gegl-0.4 that are mapped into this process. */
static int
count_modules (void)
{
  g_autofree char *maps = NULL;
  int              n    = 0;

  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL));
  for (const char *at = maps; (at = strstr (at, "/gegl-0.4/")); at++)
    n++;
  return n;
}

/* No module with operations is loaded. */
static void
test_modules (void)
{
  g_assert_cmpint (count_modules (), ==, 0);
}

/* Buffers convert their pixels: the sRGB level 188 is half of the light of white. */
static void
test_buffer (void)
{
  GeglBuffer  *buffer = gegl_buffer_new (GEGL_RECTANGLE (0, 0, 1, 1), babl_format ("R'G'B' u8"));
  const guint8 level[] = { 188, 0, 255 };
  float        light[3];

  gegl_buffer_set (buffer, NULL, 0, babl_format ("R'G'B' u8"), level, GEGL_AUTO_ROWSTRIDE);
  gegl_buffer_get (buffer, NULL, 1.0, babl_format ("RGB float"), light, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  g_assert_cmpfloat_with_epsilon (light[0], 0.503, 0.002);
  g_assert_cmpfloat_with_epsilon (light[1], 0.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (light[2], 1.0, 1e-6);
  g_object_unref (buffer);
}

/* Programs that the plug-in starts get the user's GEGL_PATH, or none if there was none. */
static void
test_environment (void)
{
  g_assert_null (g_getenv ("GEGL_PATH"));
}

int
main (int    argc,
      char **argv)
{
  g_unsetenv ("GEGL_PATH");
  p2p_gegl_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/init-gegl/modules", test_modules);
  g_test_add_func ("/init-gegl/buffer", test_buffer);
  g_test_add_func ("/init-gegl/environment", test_environment);
  return g_test_run ();
}
