/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How much memory the system has, and memory that may be too much for it: buffers that grow with a
 * person's picture or model are allocated here, so that none is an error and not the end of the
 * process. */

#pragma once

#include <glib.h>

/* Bytes that a line of /proc/meminfo tells, by its key, such as "MemAvailable".  G_MAXUINT64: the
 * system does not tell. */
guint64  p2p_memory_read     (const char *key);

/* What memory is for, which the message tells. */
typedef enum
{
  P2P_FOR_PICTURE,
  P2P_FOR_BATCH,      /* pictures that a network is trained with at once */
  P2P_FOR_MODEL,
} P2pMemoryUse;

/* n elements of size bytes, to be freed with g_free (); never NULL without an error, also when n is
 * 0.  Errors: P2P_ERROR_MEMORY. */
gpointer p2p_memory_alloc    (P2pMemoryUse use, gsize n, gsize size, GError **error);

/* The same, all zeros. */
gpointer p2p_memory_alloc0   (P2pMemoryUse use, gsize n, gsize size, GError **error);

/* n bytes for large buffers that are filled at once, aligned to at least 64, in huge pages where
 * the system has them, since the first touch of each page costs as much as a thousand
 * multiplications; to be freed with free ().  Errors: P2P_ERROR_MEMORY. */
gpointer p2p_memory_pages    (P2pMemoryUse use, gsize n_bytes, GError **error);

/* Sets P2P_ERROR_MEMORY: n_bytes could not be had. */
void     p2p_memory_complain (P2pMemoryUse use, gsize n_bytes, GError **error);

/* n elements of a type, for a picture. */
#define p2p_try_new(type, n, error) \
  ((type *) p2p_memory_alloc (P2P_FOR_PICTURE, n, sizeof (type), error))
#define p2p_try_new0(type, n, error) \
  ((type *) p2p_memory_alloc0 (P2P_FOR_PICTURE, n, sizeof (type), error))
