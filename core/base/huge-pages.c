/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "huge-pages.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

#define HUGE_PAGE  (2 << 20)
#define SMALL_PAGE 4096

gpointer
p2p_huge_pages_alloc (gsize n_bytes)
{
  gpointer memory = g_aligned_alloc (MAX (n_bytes, 1), 1, n_bytes < HUGE_PAGE ? 64 : HUGE_PAGE);

#ifdef MADV_HUGEPAGE
  /* It is no more than advice: small pages do as well. */
  if (n_bytes >= HUGE_PAGE)
    madvise (memory, n_bytes / SMALL_PAGE * SMALL_PAGE, MADV_HUGEPAGE);
#endif
  return memory;
}
