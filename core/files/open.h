/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Opening a model file of any kind that we read. */

#pragma once

#include "tensors.h"

/* Opens a model file of any kind we read, told by its first bytes.  The data stays mapped: whoever
 * replaces the file must rename another over it, not write into it.
 * Errors, without the path: P2P_ERROR_NOT_FOUND; P2P_ERROR_FILE the file is damaged, hostile or no
 * model file; P2P_ERROR_UNSUPPORTED it holds what we do not read. */
P2pTensors * p2p_tensors_open (const char *path, GError **error);

/* The same for names, shapes and metadata alone, which is quick however large the file is: data may
 * be NULL. */
P2pTensors * p2p_tensors_peek (const char *path, GError **error);
