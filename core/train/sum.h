/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The sum of a network's gradients over the parts of a step (tree.h), and what the parts do to its
 * running statistics.  Each rank adds the largest nodes of the tree that lie in its range of parts.
 * Then all exchange the rest (exchange.h).
 *
 *   p2p_sum_start (sum);
 *   for (int part = parts->first; part < parts->end; part++)      or in reverse order
 *     {
 *       … forward and backward of the part …
 *       p2p_sum_add (sum, part);
 *     }
 *   p2p_sum_finish (sum);      the network's gradients are now those of all parts
 *
 * If a step has a single part, this does no more than p2p_params_zero_grad (). */

#pragma once

#include "exchange.h"
#include "graph/graph.h"

typedef struct _P2pSum P2pSum;

/* params are trained (p2p_params_train ()) and must outlive the sum.
 * Errors: P2P_ERROR_MEMORY. */
P2pSum *   p2p_sum_new      (const P2pParts *parts, P2pParams *params, GError **error);
void       p2p_sum_free     (P2pSum *sum);

/* Zeroes the gradients, before the first part. */
void       p2p_sum_start    (P2pSum *sum);

/* To be called when the network's gradients are those of a part.  A rank's parts come in their
 * order, or in reverse order. */
void       p2p_sum_add      (P2pSum *sum, int part);

/* To be called before the last backward that adds to the network's gradients, which is one of graph
 * and reaches all of the network's parameters.  If each rank has one part, the ranks exchange
 * gradients as soon as backward is done with them.  Until p2p_sum_finish () the gradients must not
 * be read, and nothing else may be asked of the ranks. */
void       p2p_sum_overlap  (P2pSum *sum, int part, P2pGraph *graph);

/* Sets the network's gradients to the sum over all parts of all ranks. */
void       p2p_sum_finish   (P2pSum *sum);

/* If there are ranks, forwards do not change the running statistics at once.  This makes the
 * changes of all ranks' forwards since the last call, in the order in which a single process makes
 * them.  reversed: the parts were computed in reverse order. */
void       p2p_sum_statistics (P2pSum *sum, gboolean reversed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pSum, p2p_sum_free)
