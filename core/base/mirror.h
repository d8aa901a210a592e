/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Pictures are continued beyond their edges by mirroring them. */

#pragma once

#include <glib.h>

/* Returns the pixel, 0 to n − 1, that is read for position i of a mirrored row or column of n
 * pixels.  i may lie on either side, at any distance.  The pixel at the edge is not repeated, as in
 * PyTorch's ReflectionPad2d: with n = 4, positions −2 … 5 read 2 1 0 1 2 3 2 1.  With n = 1 the
 * only pixel is repeated. */
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
