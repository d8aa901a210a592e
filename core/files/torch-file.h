/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The files that torch.save () writes in PyTorch 1.6 and newer.  A file is a zip file with one
 * folder, whose name may be anything:
 *
 *   FOLDER/data.pkl    a pickle of the checkpoint; each tensor in it refers to a storage by a key
 *   FOLDER/byteorder   "little" or "big"
 *   FOLDER/data/KEY    the numbers of a storage
 *
 * (https://pytorch.org/docs/stable/notes/serialization.html) */

#pragma once

#include "tensors.h"

/* Lists all tensors of a file, of all networks in it.  A tensor's name is made of the keys that
 * lead to it, separated by dots.  The caller frees the list.
 * is_mapped: file is mapped from disk, so that its pages may be dropped and read again.
 * Errors: P2P_ERROR_FILE when the file is damaged, hostile or not a model; P2P_ERROR_UNSUPPORTED
 * when its numbers are big-endian; P2P_ERROR_MEMORY.
 *
 * p2p_tensors_fetch () then reads the numbers.  Doubles become F32.  A tensor points into file,
 * without a copy, when its storage is not packed, its numbers are contiguous and they are not
 * doubles.
 * Errors: the same; P2P_ERROR_UNSUPPORTED also when a tensor was saved with an operation on it
 * still pending. */
P2pTensors * p2p_torch_file_peek (GBytes *file, gboolean is_mapped, GError **error);
