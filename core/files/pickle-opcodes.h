/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The opcodes of the pickle machine. */

#pragma once

#include "pickle-stack.h"

/* Does one opcode whose code has been read.  FALSE without an error set: the pickle is damaged. */
typedef gboolean (*P2pPickleOpcode) (P2pPickleMachine *machine, guint8 code);

/* By code; NULL: not one that torch.save () writes. */
extern const P2pPickleOpcode p2p_pickle_opcodes[256];
