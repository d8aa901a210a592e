/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What a file of weights that no network of ours takes seems to be. */

#pragma once

#include "files/tensors.h"

/* A sentence, translated and static; NULL when the tensors' names tell nothing. */
const char * p2p_recognise (const P2pTensors *tensors);

/* Sets P2P_ERROR_UNSUPPORTED for tensors that no network has detected: what they seem to be, the
 * first of them, and what can be opened. */
void         p2p_unknown_network (const P2pTensors *tensors, GError **error);

/* A sentence that tells what can be opened, translated and static. */
const char * p2p_what_opens (void);
