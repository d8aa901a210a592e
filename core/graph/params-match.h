/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Whether a file's tensors are a network's, and in words what is not as it should be. */

#pragma once

#include "params.h"

/* Whether every weight that params declares is in tensors with its shape, and nothing else is;
 * running statistics may be left out.
 * Errors: P2P_ERROR_UNSUPPORTED lists what is missing, of another shape (found and expected) and
 * unexpected, up to three of each by name. */
gboolean p2p_params_fit (P2pParams *params, const P2pTensors *tensors, GError **error);
