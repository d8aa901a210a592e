/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The only parallel loop of the core: it runs chunks of work on its own threads.  Callers must cut
 * the work by its shape and never by the number of threads, so that results do not depend on the
 * number of threads.  Chunks are handed out one by one, so that a thread that another program slows
 * down does fewer of them. */

#pragma once

#include <gio/gio.h>

typedef struct _P2pParallel P2pParallel;

/* Does one chunk.  worker, 0 to n_threads − 1, is the number of the thread that runs it; the
 * function may use it to choose scratch memory for that thread.  Worker 0 is the calling thread. */
typedef void (*P2pChunkFunc) (int chunk, int worker, gpointer data);

/* n_threads: the number of threads, including the one that calls p2p_parallel_for (); 0 means one
 * per processor that this process may use.  When the system refuses threads there are fewer, as
 * p2p_parallel_n_threads () then tells. */
P2pParallel * p2p_parallel_new       (int n_threads);
void          p2p_parallel_free      (P2pParallel *parallel);
int           p2p_parallel_n_threads (P2pParallel *parallel);

/* Sets what all later loops watch.  Once cancellable is cancelled, loops skip their remaining
 * chunks.  tick is called on the thread that called p2p_parallel_for (), after each of its chunks,
 * with the fraction of the current loop that is done.  NULL turns either of them off. */
void          p2p_parallel_watch     (P2pParallel *parallel, GCancellable *cancellable,
                                      void (*tick) (double fraction, gpointer data), gpointer data);

/* Whether the watched cancellable is cancelled.  Then chunks may have been skipped.  parallel may
 * be NULL, which is never cancelled. */
gboolean      p2p_parallel_is_cancelled (P2pParallel *parallel);

/* The same for a plain loop over pixels, which calls it for each i: looks at the cancellable once
 * in 2¹⁴ times, and otherwise returns FALSE. */
static inline gboolean
p2p_parallel_cancels_loop (P2pParallel *parallel,
                           gsize        i)
{
  return i % (1 << 14) == 0 && p2p_parallel_is_cancelled (parallel);
}

/* Calls func for chunks 0 … n_chunks − 1, in any order and on all threads, and returns when all are
 * done or skipped.  Loops must not be nested, and only one thread at a time may start one. */
void          p2p_parallel_for       (P2pParallel *parallel, int n_chunks, P2pChunkFunc func,
                                      gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pParallel, p2p_parallel_free)
