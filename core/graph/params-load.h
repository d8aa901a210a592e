/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Loading a network's weights from a file, or saying why they do not fit. */

#pragma once

#include "params.h"

/* Checks that tensors have every weight that params declare, each with its shape, and no other
 * weights.  Running statistics may be missing.  Tensors that cannot be weights, such as counters,
 * are ignored.
 * Errors: P2P_ERROR_FILE names a weight of a type that is not read; P2P_ERROR_UNSUPPORTED lists the
 * weights that are missing, that have another shape (found and expected) and that are unexpected,
 * up to three of each by name. */
gboolean p2p_params_match (P2pParams *params, const P2pTensors *tensors, GError **error);

/* Checks that tensors match (p2p_params_match ()) and that their numbers are finite, then gives
 * params their values (p2p_params_take ()).  On success params own tensors; on failure tensors
 * still belong to the caller.
 * Errors: those of p2p_params_match (); P2P_ERROR_FILE names a weight with numbers that are not
 * finite; P2P_ERROR_MEMORY. */
gboolean p2p_params_load  (P2pParams *params, P2pTensors *tensors, GError **error);
