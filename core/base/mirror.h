/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What lies beyond a picture's edges. */

#pragma once

#include <glib.h>

/* Where a mirrored picture of n pixels is read for position i, on either side of it and however
 * small it is: the pixel at the edge is not repeated (PyTorch's reflection), and one pixel is all
 * there is. */
static inline int
p2p_mirror (int i,
            int n)
{
  int period = 2 * (n - 1);

  if (n == 1)
    return 0;
  i = ABS (i) % period;
  return i < n ? i : period - i;
}
