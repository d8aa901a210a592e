/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Says what a file of weights seems to be if none of our networks can take it. */

#pragma once

#include "files/tensors.h"

/* Returns a sentence about the kind of file, translated and static, or NULL if the names and shapes
 * of the tensors are of no known kind. */
const char * p2p_recognise (const P2pTensors *tensors);

/* Sets P2P_ERROR_UNSUPPORTED for tensors in which no network was detected.  The message says what
 * they seem to be, names the first of them, and says what can be opened. */
void         p2p_unknown_network (const P2pTensors *tensors, GError **error);

/* Returns a sentence that says what can be opened, translated and static. */
const char * p2p_what_opens (void);
