/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The pickle machine: the input and the stack that its opcodes work with. */

#pragma once

#include "pickle-value.h"

/* p2p_pickle_read () fills it in; the opcodes change it. */
typedef struct
{
  const guint8      *at, *end;  /* the input that is left */
  gboolean           clipped;   /* the input continues after end, beyond the size of any model's
                                 * pickle */
  const char *const *known;     /* globals that the caller understands, NULL-terminated */
  P2pPickle         *pickle;    /* the result, which owns all values */
  GPtrArray         *stack;     /* P2pPickleValue */
  GArray            *marks;     /* guint: the height of the stack at each mark */
  GHashTable        *memo;      /* guint → P2pPickleValue */
  guint              n_items;   /* in all containers together */
  gboolean           stopped;
  GError           **error;
} P2pPickleMachine;

/* Sets the error for a pickle that is larger than any model's, and returns FALSE. */
gboolean p2p_pickle_too_large (P2pPickleMachine *machine);

/* ---- Input ------------------------------------------------------------------------------
 *
 * These return FALSE or NULL when the input ends too early. */

/* Takes n bytes; *bytes points to them in the input. */
gboolean p2p_pickle_take        (P2pPickleMachine *machine, guint64 n, const guint8 **bytes);

/* Takes an unsigned little-endian number of n bytes, at most 8. */
gboolean p2p_pickle_take_number (P2pPickleMachine *machine, int n, guint64 *number);

/* Takes the bytes up to a newline, and the newline.  Returns them without it (newly allocated). */
char   * p2p_pickle_take_line   (P2pPickleMachine *machine);

/* ---- Stack ------------------------------------------------------------------------------
 *
 * Those that push return FALSE or NULL, with the error set, when there are too many values.  Those
 * that read or pop return FALSE or NULL when there is nothing above the last mark, or no mark. */

gboolean         p2p_pickle_push       (P2pPickleMachine *machine, P2pPickleValue *value);

/* Makes an empty value, which the pickle owns, and pushes it. */
P2pPickleValue * p2p_pickle_push_new   (P2pPickleMachine *machine, P2pPickleKind kind);
P2pPickleValue * p2p_pickle_top        (P2pPickleMachine *machine);
P2pPickleValue * p2p_pickle_pop        (P2pPickleMachine *machine);
gboolean         p2p_pickle_push_mark  (P2pPickleMachine *machine);

/* Removes the last mark.  The values above it stay, and start at *start. */
gboolean         p2p_pickle_pop_mark   (P2pPickleMachine *machine, guint *start);

/* Returns the height of the stack at the last mark, or 0 without a mark. */
guint            p2p_pickle_floor      (P2pPickleMachine *machine);

/* Adds a value to a container's items. */
gboolean         p2p_pickle_add_item   (P2pPickleMachine *machine, GPtrArray *items,
                                        P2pPickleValue *value);

/* Moves the values of the stack from start on to a container's items. */
gboolean         p2p_pickle_move_items (P2pPickleMachine *machine, guint start,
                                        GPtrArray *items);
