/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The opcodes of the pickle machine, for pickle.c alone. */

#pragma once

#include "pickle.h"

typedef struct
{
  const guint8      *at, *end;
  const char *const *allowed;
  P2pPickle         *pickle;
  GPtrArray         *stack;   /* P2pPickleValue */
  GArray            *marks;   /* guint: heights of the stack */
  GHashTable        *memo;    /* guint → P2pPickleValue */
  gboolean           stopped;
  GError           **error;
} P2pPickleMachine;

/* Does one opcode whose code has been read.  FALSE without an error set: the pickle is damaged. */
typedef gboolean (*P2pPickleOpcode) (P2pPickleMachine *machine, guint8 code);

/* By code; NULL: not one that torch.save () writes. */
extern const P2pPickleOpcode p2p_pickle_opcodes[256];

/* Sets the error for a pickle without measure and returns FALSE. */
gboolean p2p_pickle_too_large (P2pPickleMachine *machine);
