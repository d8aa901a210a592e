/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The sum of a network's gradients over the parts of a step, and what the parts do to its running
 * statistics.
 *
 * A sum has the same bits however ranks share the parts, because it is always added in the same
 * binary tree.  For six parts it is
 *
 *   ((0 + 1) + (2 + 3)) + (4 + 5)
 *
 * A node of level l stands for 2ˡ parts, or for fewer at the end, and begins at a multiple of 2ˡ.
 * A node without a right half is the same as its left half.  Each rank adds the largest nodes that
 * lie in its range of parts.  Then each rank gets one slice of all these nodes, adds the rest of
 * the tree there, and all ranks gather the slices.  MPI's own sums would not do, because nobody
 * knows their order.
 *
 * With --gradients half, the gradients of each part and the sum in each node are rounded to
 * bfloat16, which is the upper half of a float.  So they travel in two bytes without a further
 * loss, and one process gives the same bits as many ranks.  A bfloat16 has the range of a float, so
 * nothing overflows or vanishes, and eight binary digits: a rounding changes a value by at most
 * 2⁻⁸ of it.
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

#include "graph/params.h"
#include "parts.h"

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

/* Sets the network's gradients to the sum over all parts of all ranks. */
void       p2p_sum_finish   (P2pSum *sum);

/* If there are ranks, forwards do not change the running statistics at once.  This makes the
 * changes of all ranks' forwards since the last call, in the order in which a single process makes
 * them.  reversed: the parts were computed in reverse order. */
void       p2p_sum_statistics (P2pSum *sum, gboolean reversed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pSum, p2p_sum_free)
