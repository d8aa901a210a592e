/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The binary tree in which gradients are added over the parts of a step, so that a sum has the same
 * bits however ranks share the parts.  For six parts it is
 *
 *   ((0 + 1) + (2 + 3)) + (4 + 5)
 *
 * A node of level l stands for 2ˡ parts, or for fewer at the end, and begins at a multiple of 2ˡ.
 * A node without a right half is the same as its left half.  MPI's own sums would not do, because
 * nobody knows their order.
 *
 * With --gradients half, the gradients of each part and the sum in each node are rounded to
 * bfloat16, which is the upper half of a float.  So they travel in two bytes without a further
 * loss, and one process gives the same bits as many ranks.  A bfloat16 has the range of a float, so
 * nothing overflows or vanishes, and eight binary digits: a rounding changes a value by at most
 * 2⁻⁸ of it. */

#pragma once

#include <glib.h>

#include "base/real.h"

#define P2P_TREE_NODES 32    /* most that a range of parts may need; 2 · log₂ of the most parts */

typedef struct
{
  int       level, index;    /* it begins with part index · 2^level */
  p2p_real *values;
} P2pTreeNode;

/* Replaces the last two of the nodes by their parent, if they are its halves; FALSE: they are not.
 * The caller then adds nodes[*n_nodes], the one that is gone, to nodes[*n_nodes − 1]. */
gboolean p2p_tree_join (int n_parts, P2pTreeNode *nodes, int *n_nodes);

/* Sets nodes, without values, to those that a range of parts adds up to, and returns their number.
 * *most becomes the largest number of nodes that wait for the next part. */
int      p2p_tree_plan (int n_parts, int first, int end, gboolean reversed, P2pTreeNode *nodes,
                        int *most);

/* Adds n values (NULL: none) to sum, and rounds it if half is set. */
void     p2p_tree_add  (p2p_real *sum, const p2p_real *values, gsize n, gboolean half);

/* n values from and to bfloat16, ties to even. */
void     p2p_tree_narrow (guint16 *halves, const p2p_real *values, gsize n);
void     p2p_tree_widen  (p2p_real *values, const guint16 *halves, gsize n);
