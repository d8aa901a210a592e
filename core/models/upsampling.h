/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Generators that double sides by nn.Upsample and a 3×3 convolution, in files that other programs
 * wrote. */

#pragma once

#include "card.h"

/* Takes tensors and returns them under the names that they have with us, where such a convolution
 * lies in the place of the transposed one.  nn.Upsample and a padding have no weights, but count in
 * the Sequential that they are in, the network's own or one of the doubling.  Tensors of other
 * networks keep their names. */
P2pTensors * p2p_upsampling_rename  (P2pTensors *tensors);

/* A sentence, translated and static, about what is assumed where a card does not tell how such a
 * generator doubles; NULL: nothing is. */
const char * p2p_upsampling_assumed (const P2pCard *card);
