/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Opening a model file of any supported format. */

#pragma once

#include "tensors.h"

/* Lists the tensors of a model file, whose first bytes tell its format.  Call p2p_tensors_fetch ()
 * before the numbers are used.  This is quick however large the file is.  The caller frees the
 * list.
 *
 * The file stays mapped as long as the list lives.  Programs that replace the file meanwhile must
 * rename another file over it and must not write into it.
 *
 * Errors, whose messages do not contain the path: P2P_ERROR_NOT_FOUND; P2P_ERROR_FILE when the file
 * is damaged, hostile or not a model file; P2P_ERROR_UNSUPPORTED when its format is known but not
 * supported. */
P2pTensors * p2p_tensors_peek (const char *path, GError **error);
