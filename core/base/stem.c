/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "stem.h"

char *
p2p_name_stem (const char *name)
{
  const char *dot = strrchr (name, '.');

  return dot && dot != name ? g_strndup (name, dot - name) : g_strdup (name);
}

char *
p2p_path_stem (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  return p2p_name_stem (name);
}
