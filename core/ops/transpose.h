/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Transposes small matrices.  The convolutions use this to convert between two layouts of a weight:
 * kernels, where the taps of one channel are adjacent in memory, and vectors, where the channels of
 * one tap are. */

#pragma once

#include <glib.h>

#include "base/real.h"

typedef p2p_real P2pFour   __attribute__ ((vector_size (4 * sizeof (p2p_real))));
typedef p2p_real P2pFourAt __attribute__ ((vector_size (4 * sizeof (p2p_real)),
                                           aligned (sizeof (p2p_real)), may_alias));

/* Transposes a matrix of 4 × 4; parameters as in p2p_transpose (). */
static inline void
p2p_transpose_four (const p2p_real *from,
                    gsize           from_pitch,
                    gboolean        add,
                    p2p_real       *to,
                    gsize           to_pitch)
{
  P2pFour a = *(const P2pFourAt *) from;
  P2pFour b = *(const P2pFourAt *) (from + from_pitch);
  P2pFour c = *(const P2pFourAt *) (from + 2 * from_pitch);
  P2pFour d = *(const P2pFourAt *) (from + 3 * from_pitch);
  P2pFour ab = __builtin_shufflevector (a, b, 0, 4, 1, 5);
  P2pFour cd = __builtin_shufflevector (c, d, 0, 4, 1, 5);
  P2pFour rows[4];

  rows[0] = __builtin_shufflevector (ab, cd, 0, 1, 4, 5);
  rows[1] = __builtin_shufflevector (ab, cd, 2, 3, 6, 7);
  ab = __builtin_shufflevector (a, b, 2, 6, 3, 7);
  cd = __builtin_shufflevector (c, d, 2, 6, 3, 7);
  rows[2] = __builtin_shufflevector (ab, cd, 0, 1, 4, 5);
  rows[3] = __builtin_shufflevector (ab, cd, 2, 3, 6, 7);
  for (int i = 0; i < 4; i++, to += to_pitch)
    {
      if (add)
        rows[i] += *(const P2pFourAt *) to;
      *(P2pFourAt *) to = rows[i];
    }
}

/* Transposes from [rows, columns] → to [columns, rows].  With add the result is added to what to
 * holds, otherwise it is stored there.  Pitches are the elements from one row to the next. */
static inline void
p2p_transpose (const p2p_real *from,
               gsize           from_pitch,
               int             rows,
               int             columns,
               gboolean        add,
               p2p_real       *to,
               gsize           to_pitch)
{
  for (int j = 0; j < columns; j += 4)
    for (int i = 0; i < rows; i += 4)
      if (i + 4 <= rows && j + 4 <= columns)
        p2p_transpose_four (from + i * from_pitch + j, from_pitch, add, to + j * to_pitch + i,
                            to_pitch);
      else
        for (int k = i; k < MIN (i + 4, rows); k++)
          for (int l = j; l < MIN (j + 4, columns); l++)
            to[l * to_pitch + k] = (add ? to[l * to_pitch + k] : 0) + from[k * from_pitch + l];
}
