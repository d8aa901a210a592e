/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Writing a state dict in the format of torch.save () (torch-file.h), so that
 * torch.load (weights_only=True) can read it. */

#pragma once

#include "tensors.h"

/* Writes the tensors in their order and with their types, each in a storage of its own.  Their
 * numbers must have been fetched.
 * Errors: those of p2p_replace_file (). */
gboolean p2p_torch_write (const char *path, const P2pTensors *tensors, GError **error);
