/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "memory.h"

#include <string.h>

guint64
p2p_memory_read (const char *key)
{
  g_autofree char *meminfo = NULL;
  g_autofree char *begin   = g_strconcat (key, ":", NULL);
  const char      *line;

  if (! g_file_get_contents ("/proc/meminfo", &meminfo, NULL, NULL))
    return G_MAXUINT64;
  line = strstr (meminfo, begin);

  return line ? g_ascii_strtoull (line + strlen (begin), NULL, 10) * 1024 : G_MAXUINT64;
}
