/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The files that torch.save () wrote before PyTorch 1.6, and that newer versions write on request.
 * A file has these parts one after the other:
 *
 *   pickle    a magic number
 *   pickle    the version of the format
 *   pickle    facts about the machine, such as its byte order
 *   pickle    the checkpoint, in which each tensor refers to a storage by a key
 *   pickle    the list of the storages' keys
 *   storages  for each key in the list: the count of numbers (8 bytes), then the numbers
 */

#pragma once

#include "tensors.h"

/* Whether the file begins with the magic number. */
gboolean     p2p_torch_is_legacy   (GBytes *file);

/* The same as p2p_torch_file_peek () for this format. */
P2pTensors * p2p_torch_legacy_peek (GBytes *file, gboolean is_mapped, GError **error);
