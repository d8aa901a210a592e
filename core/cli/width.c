/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How wide texts are on a terminal, where Chinese, Japanese and Korean characters take two columns
 * each. */

#include "cli.h"

static int
width_of (gunichar c)
{
  return g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
}

int
p2p_cli_width (const char *text)
{
  int columns = 0;

  for (; *text; text = g_utf8_next_char (text))
    columns += width_of (g_utf8_get_char (text));
  return columns;
}

gsize
p2p_cli_fit (const char *text,
             int         columns)
{
  const char *end = text;

  for (; *end; end = g_utf8_next_char (end))
    {
      columns -= width_of (g_utf8_get_char (end));
      if (columns < 0)
        break;
    }
  return end - text;
}
