/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Tensors out of PyTorch's storages, once these are fetched. */

#pragma once

#include "torch-state.h"

/* The file that storages lie in, unless they were packed. */
typedef struct
{
  GBytes   *bytes;
  gboolean  is_mapped;   /* from disk: its pages may be dropped when they are not needed */
  gsize     budget;      /* bytes that may still be allocated: storages may be packed or shared,
                          * tensors strided */
} P2pTorchSource;

void     p2p_torch_source_init (P2pTorchSource *source, GBytes *bytes, gboolean is_mapped);

/* The places of the tensors (P2pPiece, in their order; all zero for P2P_OTHER), whose storages are
 * to be fetched next.
 * Errors: those of p2p_torch_state_find (). */
GArray * p2p_torch_find   (P2pTorchState *state, const P2pTensors *tensors, GError **error);

/* Gives the tensors the numbers at their places.  They point into their storages where their rows
 * are not strided nor their numbers doubles.  What is copied takes the memory that it needs, and
 * the pages of the file that it came from are dropped.
 * Errors: P2P_ERROR_FILE the budget is spent; P2P_ERROR_MEMORY. */
gboolean p2p_torch_gather (P2pTorchSource *source, const GArray *pieces, P2pTensors *tensors,
                           GError **error);
