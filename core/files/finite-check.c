/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A number is NaN or infinite when all bits of its exponent are set (IEEE 754, 3.4).  To find out,
 * we clear the sign bit and add one to the exponent: the addition carries into the place of the
 * sign only when all bits of the exponent were set.  The sums are combined with "or", so one test
 * at the end is enough.  The loop has no branches and only integers, so the compiler vectorizes
 * it. */

#include <string.h>

#include "finite-check.h"

static gboolean
all_finite_32 (const guint8 *bytes,
               gsize         n)
{
  guint32 carried = 0;

  for (gsize i = 0; i < n; i++)
    {
      guint32 bits;

      memcpy (&bits, bytes + i * sizeof bits, sizeof bits);
      carried |= (GUINT32_FROM_LE (bits) & 0x7fffffffu) + 0x00800000u;
    }

  return ! (carried & 0x80000000u);
}

/* one: the lowest bit of the exponent. */
static gboolean
all_finite_16 (const guint8 *bytes,
               gsize         n,
               guint16       one)
{
  guint16 carried = 0;

  for (gsize i = 0; i < n; i++)
    {
      guint16 bits;

      memcpy (&bits, bytes + i * sizeof bits, sizeof bits);
      carried |= (guint16) ((GUINT16_FROM_LE (bits) & 0x7fff) + one);
    }

  return ! (carried & 0x8000);
}

gboolean
p2p_all_finite (P2pDtype    dtype,
                const void *values,
                gsize       n)
{
  switch (dtype)
    {
    case P2P_F32:
      return all_finite_32 (values, n);
    case P2P_F16:
      return all_finite_16 (values, n, 1 << 10);
    case P2P_BF16:
      return all_finite_16 (values, n, 1 << 7);
    default:
      return TRUE;    /* integers */
    }
}
