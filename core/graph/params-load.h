/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Taking a network's weights from a file, or saying in words what is not as it should be. */

#pragma once

#include "params.h"

/* Whether every weight that params declares is in tensors with its shape, and nothing else is;
 * running statistics may be left out.  Tensors that can be no weights, such as counters, may be
 * there.
 * Errors: P2P_ERROR_FILE names a weight of a type that is not read; P2P_ERROR_UNSUPPORTED lists
 * what is missing, of another shape (found and expected) and unexpected, up to three of each by
 * name. */
gboolean p2p_params_match (P2pParams *params, const P2pTensors *tensors, GError **error);

/* Checks that tensors match and that their numbers are finite, then gives them to params, which own
 * them from then on; when it fails they stay the caller's.
 * Errors: those of p2p_params_match (); P2P_ERROR_FILE names a weight with numbers that are not
 * finite. */
gboolean p2p_params_load  (P2pParams *params, P2pTensors *tensors, GError **error);
