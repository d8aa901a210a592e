/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What PyTorch 1.6 and newer write with torch.save (): a zip file with one folder of any name that
 * holds data.pkl, a pickle of the state dict whose tensors name storages; byteorder; and data/KEY,
 * each storage's numbers.  (https://pytorch.org/docs/stable/notes/serialization.html) */

#pragma once

#include "tensors.h"

/* Reads the state dict, or the generator's of a checkpoint: checkpoint.h.  "module.", which
 * torch.nn.DataParallel puts before names, is taken away.  Tensors of doubles become F32.  Tensors
 * point into file where its members are not packed and their rows are not strided; beyond file's
 * own size, memory is taken for packed members and for what must be copied alone.
 * is_mapped: file is mapped from disk, so that what has been copied need not stay in memory.
 * Errors: P2P_ERROR_FILE it is damaged, hostile or no model; P2P_ERROR_UNSUPPORTED it holds numbers
 * that we do not read; P2P_ERROR_MEMORY. */
P2pTensors * p2p_torch_file_read (GBytes *file, gboolean is_mapped, GError **error);

/* The same without the numbers: data is NULL. */
P2pTensors * p2p_torch_file_peek (GBytes *file, GError **error);
