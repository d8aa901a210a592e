/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Writes what torch.save () of a state dict writes (torch-file.h), with nothing in it that
 * torch.load (weights_only=True) would not take. */

#pragma once

#include "tensors.h"

/* Writes the tensors in their order and with their types, each in a storage of its own.
 * Errors: p2p_replace_file ()'s. */
gboolean p2p_torch_write (const char *path, const P2pTensors *tensors, GError **error);
