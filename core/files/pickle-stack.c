/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The input and the stack of the pickle machine. */

#include <string.h>

#include "base/intl.h"
#include "p2p.h"
#include "pickle-stack.h"

/* Limits against hostile files.  A model with 5000 tensors has 100 000 values and 100 000 items. */
#define MAX_VALUES (200 * 1000)
#define MAX_STACK  (200 * 1000)
#define MAX_ITEMS  (1000 * 1000)   /* in all containers together */

gboolean
p2p_pickle_too_large (P2pPickleMachine *machine)
{
  g_set_error_literal (machine->error, P2P_ERROR, P2P_ERROR_FILE,
                       _("The list of weights is larger than any model's"));
  return FALSE;
}

/* ---- Input ------------------------------------------------------------------------------ */

gboolean
p2p_pickle_take (P2pPickleMachine *machine,
                 guint64           n,
                 const guint8    **bytes)
{
  if ((gsize) (machine->end - machine->at) < n)
    return machine->clipped ? p2p_pickle_too_large (machine) : FALSE;

  *bytes = machine->at;
  machine->at += n;
  return TRUE;
}

gboolean
p2p_pickle_take_number (P2pPickleMachine *machine,
                        int               n,
                        guint64          *number)
{
  const guint8 *bytes;

  if (! p2p_pickle_take (machine, n, &bytes))
    return FALSE;

  *number = 0;
  for (int i = n - 1; i >= 0; i--)
    *number = *number << 8 | bytes[i];
  return TRUE;
}

char *
p2p_pickle_take_line (P2pPickleMachine *machine)
{
  const guint8 *line = machine->at;
  const guint8 *end = memchr (line, '\n', machine->end - line);

  if (! end)
    return NULL;

  machine->at = end + 1;
  return g_strndup ((const char *) line, end - line);
}

/* ---- Stack ------------------------------------------------------------------------------ */

gboolean
p2p_pickle_push (P2pPickleMachine *machine,
                 P2pPickleValue   *value)
{
  if (machine->stack->len >= MAX_STACK)
    return p2p_pickle_too_large (machine);

  g_ptr_array_add (machine->stack, value);
  return TRUE;
}

P2pPickleValue *
p2p_pickle_push_new (P2pPickleMachine *machine,
                     P2pPickleKind     kind)
{
  P2pPickleValue *value;

  if (machine->pickle->values->len >= MAX_VALUES)
    {
      p2p_pickle_too_large (machine);
      return NULL;
    }

  value = g_new0 (P2pPickleValue, 1);
  value->kind = kind;
  if (kind == P2P_PICKLE_TUPLE || kind == P2P_PICKLE_LIST || kind == P2P_PICKLE_DICT
      || kind == P2P_PICKLE_PERSISTENT)
    value->items = g_ptr_array_new ();
  g_ptr_array_add (machine->pickle->values, value);

  return p2p_pickle_push (machine, value) ? value : NULL;
}

/* Values below the last mark cannot be reached. */
guint
p2p_pickle_floor (P2pPickleMachine *machine)
{
  return machine->marks->len
         ? g_array_index (machine->marks, guint, machine->marks->len - 1) : 0;
}

P2pPickleValue *
p2p_pickle_top (P2pPickleMachine *machine)
{
  return machine->stack->len > p2p_pickle_floor (machine)
         ? g_ptr_array_index (machine->stack, machine->stack->len - 1) : NULL;
}

P2pPickleValue *
p2p_pickle_pop (P2pPickleMachine *machine)
{
  P2pPickleValue *value = p2p_pickle_top (machine);

  if (value)
    g_ptr_array_set_size (machine->stack, machine->stack->len - 1);
  return value;
}

gboolean
p2p_pickle_push_mark (P2pPickleMachine *machine)
{
  if (machine->marks->len >= MAX_STACK)
    return p2p_pickle_too_large (machine);

  g_array_append_val (machine->marks, machine->stack->len);
  return TRUE;
}

gboolean
p2p_pickle_pop_mark (P2pPickleMachine *machine,
                     guint            *start)
{
  if (machine->marks->len == 0)
    return FALSE;

  *start = p2p_pickle_floor (machine);
  g_array_set_size (machine->marks, machine->marks->len - 1);
  return TRUE;
}

gboolean
p2p_pickle_add_item (P2pPickleMachine *machine,
                     GPtrArray        *items,
                     P2pPickleValue   *value)
{
  if (machine->n_items >= MAX_ITEMS)
    return p2p_pickle_too_large (machine);

  machine->n_items++;
  g_ptr_array_add (items, value);
  return TRUE;
}

gboolean
p2p_pickle_move_items (P2pPickleMachine *machine,
                       guint             start,
                       GPtrArray        *items)
{
  for (guint i = start; i < machine->stack->len; i++)
    if (! p2p_pickle_add_item (machine, items, g_ptr_array_index (machine->stack, i)))
      return FALSE;

  g_ptr_array_set_size (machine->stack, start);
  return TRUE;
}
