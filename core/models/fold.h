/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Folding computes, once, the weights that PyTorch computes from other tensors in every forward.
 * PyTorch has two ways to save such tensors, and both are read: torch.nn.utils names them
 * "weight_orig" and "weight_g", torch.nn.utils.parametrizations
 * "parametrizations.weight.original".
 *
 *   spectral norm   weight = weight_orig / σ with σ = uᵀ W v, where W is weight_orig as a matrix
 *                   whose rows are the output channels  (Miyato et al. 2018)
 *   weight norm     weight = g v / |v|, where |v| is the norm over the dimensions that g does not
 *                   have, one norm for each element of g  (Salimans and Kingma 2016) */

#pragma once

#include "nets/nets.h"

/* Returns the torch.nn.utils name (newly allocated) of a tensor, such as "a.weight_orig" for
 * "a.parametrizations.weight.original".  Other names are returned unchanged. */
char *       p2p_fold_name (const char *name);

/* Finds the weights that must be computed, in tensors that have torch.nn.utils names.  Each
 * "a.weight_orig" or "a.weight_v" is renamed "a.weight" and gets tensor->fold.  The tensors beside
 * it ("a.weight_u", "a.weight_g") keep their names. */
void         p2p_fold_mark (P2pTensors *tensors);

/* Computes the weights that p2p_fold_mark () has marked.  The numbers of tensors must have been
 * fetched; net and options tell which dimension of each weight holds the output channels.
 * Returns a new list (free it with p2p_tensors_free ()), which has the computed weights instead of
 * the tensors that they were computed from, and takes over the file of tensors.
 * Errors: P2P_ERROR_FILE if a tensor's shape does not suit the norm, or if its numbers are of a
 * type that is not read; P2P_ERROR_MEMORY. */
P2pTensors * p2p_fold      (P2pTensors *tensors, const P2pNet *net, const P2pNetOptions *options,
                            GError **error);
