/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Initial weights for a training. */

#pragma once

#include "graph/params.h"
#include "options.h"

/* Fills the declared parameters from the seed.  Weights of convolutions follow type and gain, those
 * of norms are from N(1, gain), and biases and running statistics get the values that the networks
 * have declared.  Errors: P2P_ERROR_MEMORY. */
gboolean p2p_init_weights (P2pParams *params, P2pInitType type, double gain, guint64 seed,
                           GError **error);
