/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Generators that upsample with nn.Upsample and a convolution instead of a transposed convolution,
 * in files that other programs wrote. */

#pragma once

#include "card.h"

/* Renames the tensors of such a generator as our networks name them.  There the convolution has the
 * index of the transposed convolution that it replaces.  In PyTorch nn.Upsample and a padding
 * module have no weights, but they count as modules of their Sequential, so the modules after them
 * have higher indices.  Other tensors keep their names.
 * Takes ownership of tensors; returns them, or a new list that takes over their file. */
P2pTensors * p2p_upsampling_rename  (P2pTensors *tensors);

/* Returns a sentence, translated and static, about what is assumed if the card does not say how
 * such a generator upsamples.  NULL if nothing is assumed. */
const char * p2p_upsampling_assumed (const P2pCard *card);
