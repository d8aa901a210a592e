/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Opening a model file of any kind that we read. */

#pragma once

#include "tensors.h"

/* Lists the tensors of a model file of any kind we read, told by its first bytes.  This is quick
 * however large the file is.  The file stays mapped: whoever replaces it must rename another over
 * it, not write into it.
 * Errors, without the path: P2P_ERROR_NOT_FOUND; P2P_ERROR_FILE the file is damaged, hostile or no
 * model file; P2P_ERROR_UNSUPPORTED it is of a kind that we do not read. */
P2pTensors * p2p_tensors_peek (const char *path, GError **error);
