/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Checks MemorySanitizer itself, with msan-glib.c.  An array of GLib and a product that OpenBLAS
 * computes must count as set.  With the argument "read" or "factor", the last of the numbers there
 * is never set.  This program reads the former, OpenBLAS the latter.  That must be reported. */

#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/memory.h"

static G_NO_INLINE void
fill (p2p_real   *numbers,
      const char *name,
      const char *incomplete)
{
  const int n = strcmp (name, incomplete) == 0 ? 3 : 4;

  for (int i = 0; i < n; i++)
    numbers[i] = 1.0f;
}

int
main (int    argc,
      char **argv)
{
  const char           *incomplete = argc > 1 ? argv[1] : "";
  g_autoptr (GPtrArray) array      = g_ptr_array_new ();
  g_autofree p2p_real  *numbers    = g_new (p2p_real, 4);
  p2p_real             *factor     = p2p_memory_pages (P2P_FOR_MODEL, 4 * sizeof *factor, NULL);
  p2p_real              product[4];

  fill (numbers, "read", incomplete);
  fill (factor, "factor", incomplete);

  g_ptr_array_add (array, numbers);
  g_assert_cmpint (array->len, ==, 1);
  g_assert_cmpfloat (numbers[3], ==, 1.0f);
  p2p_gemm (2, 2, 2, factor, 2, factor, 2, FALSE, product, 2);
  g_assert_cmpfloat (product[3], ==, 2.0f);
  free (factor);
  return 0;
}
