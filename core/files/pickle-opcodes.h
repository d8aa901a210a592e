/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The opcodes of the pickle machine. */

#pragma once

#include "pickle-stack.h"

/* Executes one opcode; its code has been read, its arguments have not.  Returns FALSE when it
 * fails; if it sets no error then, the pickle is damaged. */
typedef gboolean (*P2pPickleOpcode) (P2pPickleMachine *machine, guint8 code);

/* The handlers by code.  NULL means that torch.save () never writes this opcode. */
extern const P2pPickleOpcode p2p_pickle_opcodes[256];
