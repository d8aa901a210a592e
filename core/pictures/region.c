/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "region.h"

/* Appends place to the n places if it belongs and was not seen yet.  Returns the new n. */
static gsize
take (gsize         place,
      P2pBelongs    belongs,
      gconstpointer data,
      guint8       *seen,
      gsize        *places,
      gsize         n)
{
  if (seen[place] || ! belongs (place, data))
    return n;
  seen[place] = TRUE;
  places[n] = place;
  return n + 1;
}

gsize
p2p_region_grow (int           w,
                 int           h,
                 gsize         start,
                 P2pBelongs    belongs,
                 gconstpointer data,
                 guint8       *seen,
                 gsize        *places,
                 gsize         n)
{
  gsize i = n;

  n = take (start, belongs, data, seen, places, n);
  for (; i < n; i++)
    {
      const int x = places[i] % w, y = places[i] / w;

      for (int k = 0; k < 4; k++)
        {
          const int to_x = x + (k == 0) - (k == 1), to_y = y + (k == 2) - (k == 3);

          if (to_x >= 0 && to_y >= 0 && to_x < w && to_y < h)
            n = take ((gsize) to_y * w + to_x, belongs, data, seen, places, n);
        }
    }
  return n;
}
