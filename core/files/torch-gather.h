/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Giving tensors their numbers from PyTorch's storages, for torch-file.c and torch-legacy.c.  First
 * p2p_torch_find () finds the tensors in their storages, then the reader fetches these storages,
 * and then p2p_torch_gather () makes the tensors' data. */

#pragma once

#include "torch-state.h"

/* The file that is read. */
typedef struct
{
  GBytes   *bytes;
  gboolean  is_mapped;   /* from disk, so that pages that are not needed may be dropped */
  gsize     budget;      /* bytes that may still be allocated, for packed storages and for tensors
                          * that must be copied; protects against hostile files */
} P2pTorchSource;

/* Takes bytes, which the caller of this function later unrefs through source->bytes. */
void     p2p_torch_source_init (P2pTorchSource *source, GBytes *bytes, gboolean is_mapped);

/* Finds the tensors in their storages, and marks these storages as wanted.  Returns an array of
 * P2pPiece, one for each tensor of the list in the same order, all zero for P2P_OTHER.  The caller
 * unrefs it.
 * Errors: those of p2p_torch_state_find (). */
GArray * p2p_torch_find   (P2pTorchState *state, const P2pTensors *tensors, GError **error);

/* Gives the tensors their data from their pieces, whose storages must have been fetched.
 * Contiguous tensors point into their storages; strided tensors, negated ones and doubles are
 * copied.  Pages of the file are dropped after they were copied.
 * Errors: P2P_ERROR_FILE when the budget is exceeded; P2P_ERROR_MEMORY. */
gboolean p2p_torch_gather (P2pTorchSource *source, const GArray *pieces, P2pTensors *tensors,
                           GError **error);
