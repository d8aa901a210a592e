/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The pickle machine: what its opcodes work with, the bytes to come and the stack. */

#pragma once

#include "pickle-value.h"

typedef struct
{
  const guint8      *at, *end;
  gboolean           clipped;   /* more bytes follow after end than any model's pickle has */
  const char *const *known;     /* globals */
  P2pPickle         *pickle;
  GPtrArray         *stack;     /* P2pPickleValue */
  GArray            *marks;     /* guint: heights of the stack */
  GHashTable        *memo;      /* guint → P2pPickleValue */
  guint              n_items;   /* in all containers */
  gboolean           stopped;
  GError           **error;
} P2pPickleMachine;

/* Sets the error for a pickle without measure and returns FALSE. */
gboolean p2p_pickle_too_large (P2pPickleMachine *machine);

/* ---- Input: FALSE or NULL at its end ---------------------------------------------------- */

gboolean p2p_pickle_take        (P2pPickleMachine *machine, guint64 n, const guint8 **bytes);
/* An unsigned little-endian number of up to eight bytes. */
gboolean p2p_pickle_take_number (P2pPickleMachine *machine, int n, guint64 *number);
char   * p2p_pickle_take_line   (P2pPickleMachine *machine);

/* ---- Stack: FALSE or NULL when it is too large, or nothing lies above the last mark ----- */

gboolean         p2p_pickle_push       (P2pPickleMachine *machine, P2pPickleValue *value);
P2pPickleValue * p2p_pickle_push_new   (P2pPickleMachine *machine, P2pPickleKind kind);
P2pPickleValue * p2p_pickle_top        (P2pPickleMachine *machine);
P2pPickleValue * p2p_pickle_pop        (P2pPickleMachine *machine);
gboolean         p2p_pickle_push_mark  (P2pPickleMachine *machine);
/* Takes the last mark away: the values above it start at *start. */
gboolean         p2p_pickle_pop_mark   (P2pPickleMachine *machine, guint *start);
/* The height of the last mark. */
guint            p2p_pickle_floor      (P2pPickleMachine *machine);

gboolean         p2p_pickle_add_item   (P2pPickleMachine *machine, GPtrArray *items,
                                        P2pPickleValue *value);
/* Moves the values from start on to items. */
gboolean         p2p_pickle_move_items (P2pPickleMachine *machine, guint start,
                                        GPtrArray *items);
