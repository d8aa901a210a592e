/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Ranks are the processes of a training that runs on several machines.  All of them do the same
 * steps at the same time, each with its share of the pictures (parts.h).  MPI starts them and moves
 * the bytes between them; ranks.c is the only file that knows MPI.
 *
 * Everything that has ranks takes a const P2pRanks *, which is NULL if there is only one. */

#pragma once

#include <glib.h>

typedef struct _P2pRanks P2pRanks;

struct _P2pRanks
{
  int         n, rank;       /* 2 or more; this process's number, 0 to n − 1 */
  int         n_here;        /* ranks on this machine */
  const char *host;          /* name of this machine */
  gboolean    any_thread;    /* other threads than the main one may call these, one at a time */

  /* gather () and exchange () begin an operation and return it.  All ranks begin the same ones in
   * the same order, and wait () for each.  Until then nobody may touch the blocks of bytes.
   *
   * gather () gives all ranks the bytes of each: all holds sizes[0] bytes of rank 0, sizes[1] bytes
   * of rank 1 and so on, of which each rank has filled in its own. */
  gpointer (* gather)   (const P2pRanks *ranks, gpointer all, const gsize *sizes);

  /* Sends out_sizes[r] bytes to each rank r, and receives in_sizes[r] bytes from it.  Both blocks
   * are in the order of ranks. */
  gpointer (* exchange) (const P2pRanks *ranks, gconstpointer out, const gsize *out_sizes,
                         gpointer in, const gsize *in_sizes);

  /* Waits for the end of an operation, and frees it. */
  void     (* wait)     (const P2pRanks *ranks, gpointer operation);
};

/* gather () and wait (). */
static inline void
p2p_ranks_gather (const P2pRanks *ranks,
                  gpointer        all,
                  const gsize    *sizes)
{
  ranks->wait (ranks, ranks->gather (ranks, all, sizes));
}

/* Joins the other ranks if an MPI launcher has started this process together with others.  Sets
 * *ranks, which lasts until p2p_ranks_end (); NULL: there is only one.
 * Errors: P2P_ERROR_UNSUPPORTED this program is built without MPI, or with another one than that of
 * the launcher, so that each rank would train alone. */
gboolean p2p_ranks_begin (const P2pRanks **ranks, GError **error);
void     p2p_ranks_end   (const P2pRanks *ranks);
