/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "memory.h"

#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#include "intl.h"
#include "p2p.h"

#define HUGE_PAGE  (2 << 20)
#define SMALL_PAGE 4096
#define ALIGN      64

guint64
p2p_memory_read (const char *key)
{
  g_autofree char *meminfo = NULL;
  g_autofree char *begin   = g_strconcat (key, ":", NULL);
  const char      *line;

  if (! g_file_get_contents ("/proc/meminfo", &meminfo, NULL, NULL))
    return G_MAXUINT64;
  line = strstr (meminfo, begin);

  return line ? g_ascii_strtoull (line + strlen (begin), NULL, 10) * 1024 : G_MAXUINT64;
}

/* ---- Memory that may not be there ------------------------------------------------------- */

void
p2p_memory_complain (P2pMemoryUse   use,
                     gsize          n_bytes,
                     GError       **error)
{
  g_autofree char *needed = g_format_size (n_bytes);

  g_set_error (error, P2P_ERROR, P2P_ERROR_MEMORY,
               use == P2P_FOR_MODEL
               ? _("There is no memory for the model: it needs %s more")
               : use == P2P_FOR_BATCH
               ? _("There is no memory for a batch of pictures, which needs %s more: train with "
                   "smaller pictures or with fewer at once "
                   "(--load-size, --crop-size, --batch-size, --accumulate)")
               : _("There is no memory to work on the picture, which needs %s more: scale it down"),
               needed);
}

/* Returns memory, and sets the error when it is NULL. */
static gpointer
check (gpointer       memory,
       P2pMemoryUse   use,
       gsize          n_bytes,
       GError       **error)
{
  if (! memory)
    p2p_memory_complain (use, n_bytes, error);
  return memory;
}

gpointer
p2p_memory_alloc (P2pMemoryUse   use,
                  gsize          n,
                  gsize          size,
                  GError       **error)
{
  return check (g_try_malloc_n (MAX (n, 1), size), use, n * size, error);
}

gpointer
p2p_memory_alloc0 (P2pMemoryUse   use,
                   gsize          n,
                   gsize          size,
                   GError       **error)
{
  return check (g_try_malloc0_n (MAX (n, 1), size), use, n * size, error);
}

gpointer
p2p_memory_pages (P2pMemoryUse   use,
                  gsize          n_bytes,
                  GError       **error)
{
  gpointer memory = NULL;

  if (posix_memalign (&memory, n_bytes < HUGE_PAGE ? ALIGN : HUGE_PAGE, MAX (n_bytes, 1)))
    {
      p2p_memory_complain (use, n_bytes, error);
      return NULL;
    }
#ifdef MADV_HUGEPAGE
  /* This is only a hint: where it fails, small pages work too. */
  if (n_bytes >= HUGE_PAGE)
    madvise (memory, n_bytes / SMALL_PAGE * SMALL_PAGE, MADV_HUGEPAGE);
#endif
  return memory;
}

gpointer
p2p_try_bytes (gsize    n,
               GError **error)
{
  return p2p_memory_alloc (P2P_FOR_PICTURE, n, 1, error);
}
