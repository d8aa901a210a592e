/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Adam (Kingma and Ba 2015, algorithm 1). */

#pragma once

#include "base/parallel.h"
#include "graph/params.h"

/* Changes the trainable values by their gradients, with β₂ 0.999 and ε 1e-8; step counts from 0. */
void p2p_adam (P2pParams *params, P2pParallel *parallel, double lr, double beta1, guint64 step);
