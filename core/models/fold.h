/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Weights that PyTorch computes from other tensors whenever they are used.  Both of its ways to
 * write them are known: torch.nn.utils' ("weight_orig", "weight_g") and
 * torch.nn.utils.parametrizations' ("parametrizations.weight.original").
 *
 *   spectral norm   weight = weight_orig / σ, σ = uᵀ W v, W: weight_orig as a matrix whose rows are
 *                   the output channels  (Miyato et al. 2018)
 *   weight norm     weight = g v / |v|, |v|: for each place of g, over the dimensions that g does
 *                   not have  (Salimans and Kingma 2016) */

#pragma once

#include "nets/nets.h"

/* The older way's name of a tensor: "a.weight_orig" for "a.parametrizations.weight.original".
 * Newly allocated. */
char *       p2p_fold_name (const char *name);

/* Gives each weight that is to be computed the name that it has without a norm, and marks it
 * (tensor->fold).  What it is computed from keeps its name. */
void         p2p_fold_mark (P2pTensors *tensors);

/* Computes the weights that are marked, whose numbers have been fetched, in the network that they
 * are of.  Returns a new list without the tensors they were computed from, which takes over
 * tensors' file.
 * Errors: P2P_ERROR_FILE the tensors do not have the shapes that the norm needs, or their numbers
 * make no weight; P2P_ERROR_MEMORY. */
P2pTensors * p2p_fold      (P2pTensors *tensors, const P2pNet *net, const P2pNetOptions *options,
                            GError **error);
