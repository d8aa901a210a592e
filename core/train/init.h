/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Initial weights for a training. */

#pragma once

#include "graph/params.h"
#include "options.h"

/* Fills the declared parameters: convolutions' weights by type and gain, norms' by N(1, gain),
 * biases and running statistics as the networks have it. */
gboolean p2p_init_weights (P2pParams *params, P2pInitType type, double gain, guint64 seed,
                           GError **error);
