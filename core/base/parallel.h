/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The one parallel-for: chunks of work on our own threads.  Work is cut by its shape, never by the
 * number of threads, so that results do not depend on it; chunks are handed out one by one, since
 * other programs run beside us. */

#pragma once

#include <gio/gio.h>

typedef struct _P2pParallel P2pParallel;

/* Does one chunk; worker, from 0, tells which thread's scratch to use. */
typedef void (*P2pChunkFunc) (int chunk, int worker, gpointer data);

/* n_threads 0: one per processor that this process may use.  The caller's thread is one of them. */
P2pParallel * p2p_parallel_new       (int n_threads);
void          p2p_parallel_free      (P2pParallel *parallel);
int           p2p_parallel_n_threads (P2pParallel *parallel);

/* From now on chunks are skipped once cancellable is cancelled, and tick is called on the calling
 * thread between its chunks with the fraction of the running loop that is done; NULLs: no
 * longer. */
void          p2p_parallel_watch     (P2pParallel *parallel, GCancellable *cancellable,
                                      void (*tick) (double fraction, gpointer data), gpointer data);

/* Whether the watched cancellable is cancelled, so that chunks may have been skipped. */
gboolean      p2p_parallel_is_cancelled (P2pParallel *parallel);

/* Calls func for chunks 0 … n_chunks − 1 and returns when all are done (or skipped). */
void          p2p_parallel_for       (P2pParallel *parallel, int n_chunks, P2pChunkFunc func,
                                      gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pParallel, p2p_parallel_free)
