/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The prepared weight of a direct convolution (conv-direct.c). */

#pragma once

#include "graph/graph.h"
#include "packed.h"

/* Elements of the prepared weight, counted as p2p_real also where it holds halves. */
gsize     p2p_direct_prepared_size (const P2pNode *node);

/* Fills prepared, of p2p_direct_prepared_size () elements, from the node's weight. */
void      p2p_direct_prepare       (P2pNode *node, p2p_real *prepared);

/* The packed matrix [taps · c, out] of a phase, which points into prepared.  phase is
 * vertical phase · n_phases + horizontal phase. */
P2pPacked p2p_direct_weight        (const P2pNode *node, const p2p_real *prepared, int phase);
