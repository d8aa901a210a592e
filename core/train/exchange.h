/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How ranks exchange one network's gradients.  Each rank gets one slice of what all ranks have
 * added up, adds the rest of the tree there (tree.h), and all ranks gather the slices.
 *
 * This is done in buckets of about 1 MB, one after the other: while one travels, the one before is
 * added.  Buckets can be exchanged on a thread of their own while the gradients of the next ones
 * are still computed. */

#pragma once

#include "parts.h"
#include "tree.h"

#define P2P_BUCKET 262144    /* elements */

typedef struct _P2pExchange P2pExchange;

/* What a rank has: n gradients, which will be replaced by the sums over all ranks; and the nodes of
 * the tree that its parts add up to.  parts must have ranks.  nodes are copied. */
P2pExchange * p2p_exchange_new    (const P2pParts *parts, p2p_real *gradient, gsize n,
                                   const P2pTreeNode *nodes, int n_nodes);
void          p2p_exchange_free   (P2pExchange *x);

/* The number of buckets.  Bucket i begins at element i · P2P_BUCKET. */
int           p2p_exchange_length (const P2pExchange *x);

/* Exchanges all buckets. */
void          p2p_exchange_run    (P2pExchange *x);

/* Begins to exchange the buckets in this order, which must be the same on all ranks, on a thread of
 * its own.  Until p2p_exchange_end () no other thread may ask the ranks for anything. */
void          p2p_exchange_begin  (P2pExchange *x, const int *order);

/* The first n buckets of the order are complete: their gradients are not touched any more. */
void          p2p_exchange_ready  (P2pExchange *x, int n);

/* All buckets are complete.  Waits until all are exchanged. */
void          p2p_exchange_end    (P2pExchange *x);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pExchange, p2p_exchange_free)
