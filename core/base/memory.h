/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The system's memory, and allocations that may fail.  Buffers whose size depends on the user's
 * picture or model are allocated here, so that a lack of memory is an error and does not abort the
 * process as g_malloc () does. */

#pragma once

#include <glib.h>

/* Returns a line of /proc/meminfo in bytes, by its key, such as "MemAvailable".  Returns
 * G_MAXUINT64 when the system does not have it. */
guint64  p2p_memory_read     (const char *key);

/* What memory is needed for; the error message depends on it. */
typedef enum
{
  P2P_FOR_PICTURE,
  P2P_FOR_BATCH,      /* a batch of pictures in training */
  P2P_FOR_MODEL,
} P2pMemoryUse;

/* Allocates n elements of size bytes each, not zeroed; the caller frees them with g_free ().
 * Returns NULL only with an error set, even when n is 0.
 * Errors: P2P_ERROR_MEMORY. */
gpointer p2p_memory_alloc    (P2pMemoryUse use, gsize n, gsize size, GError **error);

/* The same, zeroed. */
gpointer p2p_memory_alloc0   (P2pMemoryUse use, gsize n, gsize size, GError **error);

/* Allocates n_bytes bytes, not zeroed, for a large buffer that is filled as a whole; the caller
 * frees it with free ().  It is aligned to at least 64 bytes.  It uses huge pages where the system
 * has them, because the first access to each page takes as long as a thousand multiplications.
 * Errors: P2P_ERROR_MEMORY. */
gpointer p2p_memory_pages    (P2pMemoryUse use, gsize n_bytes, GError **error);

/* Sets P2P_ERROR_MEMORY, for an allocation of n_bytes bytes that has failed. */
void     p2p_memory_complain (P2pMemoryUse use, gsize n_bytes, GError **error);

/* Allocate n elements of a type for a picture, like p2p_memory_alloc () and _alloc0 (). */
#define p2p_try_new(type, n, error) \
  ((type *) p2p_memory_alloc (P2P_FOR_PICTURE, n, sizeof (type), error))
#define p2p_try_new0(type, n, error) \
  ((type *) p2p_memory_alloc0 (P2P_FOR_PICTURE, n, sizeof (type), error))
