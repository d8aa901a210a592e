/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "palette.h"

#define MOST_COLORS 256

static gboolean
is_color (const char *text)
{
  if (*text != '#' || strlen (text) != 7)
    return FALSE;
  for (int i = 1; i < 7; i++)
    if (! g_ascii_isxdigit (text[i]))
      return FALSE;
  return TRUE;
}

gboolean
p2p_palette_is_sound (const char *text)
{
  g_auto (GStrv) entries = g_strsplit (text, ",", MOST_COLORS + 1);
  gboolean       sound = *entries && g_strv_length (entries) <= MOST_COLORS;

  for (char **entry = entries; *entry && sound; entry++)
    {
      g_auto (GStrv) parts = g_strsplit (g_strstrip (*entry), "=", 3);

      sound = g_strv_length (parts) == 2 && *parts[0] && is_color (parts[1]);
    }
  return sound;
}
