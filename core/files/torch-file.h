/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What PyTorch 1.6 and newer write with torch.save (): a zip file with one folder of any name that
 * holds data.pkl, a pickle of the state dict whose tensors name storages; byteorder; and data/KEY,
 * each storage's numbers.  (https://pytorch.org/docs/stable/notes/serialization.html) */

#pragma once

#include "tensors.h"

/* Lists all tensors of a file, whatever networks they are of: the names are the keys that lead to
 * them, separated by points.
 * is_mapped: file is mapped from disk, so that what has been copied need not stay in memory.
 * Errors: P2P_ERROR_FILE it is damaged, hostile or no model; P2P_ERROR_MEMORY.
 *
 * p2p_tensors_fetch () reads the numbers.  Tensors of doubles become F32.  Tensors point into file
 * where its members are not packed and their rows are not strided; beyond file's own size, memory
 * is taken for packed members and for what must be copied alone.
 * Errors: the same, and P2P_ERROR_UNSUPPORTED a tensor was saved before an operation on it was
 * done. */
P2pTensors * p2p_torch_file_peek (GBytes *file, gboolean is_mapped, GError **error);
