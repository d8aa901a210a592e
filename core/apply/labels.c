/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "labels.h"

P2pPalette *
p2p_palette_new (const char *text)
{
  g_auto (GStrv)  entries = g_strsplit (text, ",", -1);
  int             n = g_strv_length (entries);
  P2pPalette     *palette = g_malloc (sizeof (P2pPalette) + n * sizeof palette->colours[0]);

  palette->n = n;
  for (int i = 0; i < n; i++)
    {
      const char *hash = strrchr (entries[i], '#');
      guint64     colour = hash ? g_ascii_strtoull (hash + 1, NULL, 16) : 0;

      for (int k = 0; k < 3; k++)
        palette->colours[i][k] = (colour >> (16 - 8 * k) & 0xff) / 255.0f;
    }
  return palette;
}

const float *
p2p_palette_nearest (const P2pPalette *palette,
                     const float      *rgb)
{
  float least = G_MAXFLOAT;
  int   nearest = 0;

  for (int i = 0; i < palette->n; i++)
    {
      const float *colour = palette->colours[i];
      float        r = rgb[0] - colour[0], g = rgb[1] - colour[1], b = rgb[2] - colour[2];
      float        distance = r * r + g * g + b * b;

      if (distance < least)
        {
          least = distance;
          nearest = i;
        }
    }
  return palette->colours[nearest];
}
