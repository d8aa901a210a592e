/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The prepared weight of a direct convolution. */

#pragma once

#include "graph/graph.h"
#include "packed.h"

/* Elements of it. */
gsize     p2p_direct_prepared_size (const P2pNode *node);

void      p2p_direct_prepare       (P2pNode *node, p2p_real *prepared);

/* The packed matrix [taps · c] × [out] of a phase, which points into prepared. */
P2pPacked p2p_direct_weight        (const P2pNode *node, const p2p_real *prepared, int phase);
