/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "region.h"

static void
take (gsize         place,
      P2pBelongs    belongs,
      gconstpointer data,
      guint8       *seen,
      GArray       *places)
{
  if (seen[place] || ! belongs (place, data))
    return;
  seen[place] = TRUE;
  g_array_append_val (places, place);
}

void
p2p_region_grow (int           w,
                 int           h,
                 gsize         start,
                 P2pBelongs    belongs,
                 gconstpointer data,
                 guint8       *seen,
                 GArray       *places)
{
  guint i = places->len;

  take (start, belongs, data, seen, places);
  for (; i < places->len; i++)
    {
      const gsize place = g_array_index (places, gsize, i);
      const int   x = place % w, y = place / w;

      for (int k = 0; k < 4; k++)
        {
          const int to_x = x + (k == 0) - (k == 1), to_y = y + (k == 2) - (k == 3);

          if (to_x >= 0 && to_y >= 0 && to_x < w && to_y < h)
            take ((gsize) to_y * w + to_x, belongs, data, seen, places);
        }
    }
}
