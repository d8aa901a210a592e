/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "init-gegl.h"

#include <gegl.h>

/* A place with no modules.  GEGL 0.4 loads all modules with operations when it is initialized, and
 * the libraries that they need for PDF, EXR and so on.  In Debian 13 these are 37 modules and 66
 * libraries; to load them takes a third of the time of a small apply. */
#define NOWHERE "/dev/null"

void
p2p_gegl_init (void)
{
  static gboolean   done = FALSE;
  g_autofree char  *path = g_strdup (g_getenv ("GEGL_PATH"));

  if (done)
    return;

  /* Programs that are started from here later, such as a file manager, must not inherit this. */
  g_setenv ("GEGL_PATH", NOWHERE, TRUE);
  gegl_init (NULL, NULL);
  if (path)
    g_setenv ("GEGL_PATH", path, TRUE);
  else
    g_unsetenv ("GEGL_PATH");
  done = TRUE;
}
