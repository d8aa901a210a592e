/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The stack, and a handler for each opcode; they are described in Python's Lib/pickletools.py. */

#include <string.h>

#include "intl.h"
#include "p2p.h"
#include "pickle-opcodes.h"
#include "tensors.h"

/* A model with ten thousand tensors has 200 000 values. */
#define MAX_VALUES (1000 * 1000)
#define MAX_STACK  (1000 * 1000)
#define MAX_NAME   200    /* of a global, in bytes */

#define ORDERED_DICT "collections.OrderedDict"

/* ---- Input and stack -------------------------------------------------------------------- */

static gboolean
take (P2pPickleMachine *machine,
      gsize             n,
      const guint8    **bytes)
{
  if ((gsize) (machine->end - machine->at) < n)
    return FALSE;

  *bytes = machine->at;
  machine->at += n;
  return TRUE;
}

/* An unsigned little-endian number of up to eight bytes. */
static gboolean
take_number (P2pPickleMachine *machine,
             int               n,
             guint64          *number)
{
  const guint8 *bytes;

  if (! take (machine, n, &bytes))
    return FALSE;

  *number = 0;
  for (int i = n - 1; i >= 0; i--)
    *number = *number << 8 | bytes[i];
  return TRUE;
}

static gboolean
push (P2pPickleMachine *machine,
      P2pPickleValue   *value)
{
  if (machine->stack->len >= MAX_STACK)
    return p2p_pickle_too_large (machine);

  g_ptr_array_add (machine->stack, value);
  return TRUE;
}

static P2pPickleValue *
push_new (P2pPickleMachine *machine,
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

  return push (machine, value) ? value : NULL;
}

/* What lies under the last mark cannot be reached. */
static guint
stack_floor (P2pPickleMachine *machine)
{
  return machine->marks->len
         ? g_array_index (machine->marks, guint, machine->marks->len - 1) : 0;
}

static P2pPickleValue *
top (P2pPickleMachine *machine)
{
  return machine->stack->len > stack_floor (machine)
         ? g_ptr_array_index (machine->stack, machine->stack->len - 1) : NULL;
}

static P2pPickleValue *
pop (P2pPickleMachine *machine)
{
  P2pPickleValue *value = top (machine);

  if (value)
    g_ptr_array_set_size (machine->stack, machine->stack->len - 1);
  return value;
}

/* Takes the last mark away: the values above it start at *start. */
static gboolean
pop_mark (P2pPickleMachine *machine,
          guint            *start)
{
  if (machine->marks->len == 0)
    return FALSE;

  *start = stack_floor (machine);
  g_array_set_size (machine->marks, machine->marks->len - 1);
  return TRUE;
}

/* Moves the values from start on to items. */
static void
move_items (P2pPickleMachine *machine,
            guint             start,
            GPtrArray        *items)
{
  for (guint i = start; i < machine->stack->len; i++)
    g_ptr_array_add (items, g_ptr_array_index (machine->stack, i));
  g_ptr_array_set_size (machine->stack, start);
}

/* ---- Opcodes: simple values ------------------------------------------------------------- */

/* NONE 'N', NEWTRUE, NEWFALSE */
static gboolean
do_constant (P2pPickleMachine *machine,
             guint8            code)
{
  P2pPickleValue *value = push_new (machine, code == 'N' ? P2P_PICKLE_NONE : P2P_PICKLE_INTEGER);

  if (value)
    value->integer = code == 0x88;
  return value != NULL;
}

/* BININT 'J', BININT1 'K', BININT2 'M', LONG1 of up to eight bytes */
static gboolean
do_integer (P2pPickleMachine *machine,
            guint8            code)
{
  P2pPickleValue *value;
  guint64         length = code == 'J' ? 4 : code == 'K' ? 1 : 2;
  guint64         number = 0;
  gboolean        is_signed = code == 'J' || code == 0x8a;

  if (code == 0x8a && (! take_number (machine, 1, &length) || length > 8))
    return FALSE;
  if (length > 0 && ! take_number (machine, length, &number))
    return FALSE;
  if (is_signed && length > 0 && length < 8 && number >> (8 * length - 1))
    number |= G_MAXUINT64 << (8 * length);

  value = push_new (machine, P2P_PICKLE_INTEGER);
  if (value)
    value->integer = (gint64) number;
  return value != NULL;
}

/* BINFLOAT 'G' */
static gboolean
do_real (P2pPickleMachine *machine,
         guint8            code)
{
  const guint8 *bytes;

  return take (machine, 8, &bytes) && push_new (machine, P2P_PICKLE_REAL) != NULL;
}

/* BINUNICODE 'X', SHORT_BINUNICODE, BINUNICODE8 */
static gboolean
do_text (P2pPickleMachine *machine,
         guint8            code)
{
  P2pPickleValue *value;
  const guint8   *bytes;
  guint64         length;

  if (! take_number (machine, code == 'X' ? 4 : code == 0x8c ? 1 : 8, &length)
      || ! take (machine, length, &bytes)
      || ! g_utf8_validate_len ((const char *) bytes, length, NULL))
    return FALSE;

  value = push_new (machine, P2P_PICKLE_TEXT);
  if (value)
    value->text = g_string_chunk_insert_len (machine->pickle->texts, (const char *) bytes, length);
  return value != NULL;
}

/* EMPTY_DICT '}', EMPTY_LIST ']', EMPTY_TUPLE ')' */
static gboolean
do_empty (P2pPickleMachine *machine,
          guint8            code)
{
  return push_new (machine, code == '}' ? P2P_PICKLE_DICT
                            : code == ']' ? P2P_PICKLE_LIST : P2P_PICKLE_TUPLE) != NULL;
}

/* ---- Opcodes: stack and memo ------------------------------------------------------------ */

/* PROTO, FRAME */
static gboolean
do_skip (P2pPickleMachine *machine,
         guint8            code)
{
  const guint8 *bytes;

  if (! take (machine, code == 0x80 ? 1 : 8, &bytes))
    return FALSE;
  return code != 0x80 || (bytes[0] >= 2 && bytes[0] <= 5);
}

/* MARK '(' */
static gboolean
do_mark (P2pPickleMachine *machine,
         guint8            code)
{
  if (machine->marks->len >= MAX_STACK)
    return p2p_pickle_too_large (machine);

  g_array_append_val (machine->marks, machine->stack->len);
  return TRUE;
}

/* BINPUT 'q', LONG_BINPUT 'r', MEMOIZE */
static gboolean
do_put (P2pPickleMachine *machine,
        guint8            code)
{
  P2pPickleValue *value = top (machine);
  guint64         index = g_hash_table_size (machine->memo);

  if (! value || (code != 0x94 && ! take_number (machine, code == 'q' ? 1 : 4, &index)))
    return FALSE;
  if (g_hash_table_size (machine->memo) >= MAX_VALUES)
    return p2p_pickle_too_large (machine);

  g_hash_table_insert (machine->memo, GUINT_TO_POINTER ((guint) index), value);
  return TRUE;
}

/* BINGET 'h', LONG_BINGET 'j' */
static gboolean
do_get (P2pPickleMachine *machine,
        guint8            code)
{
  P2pPickleValue *value = NULL;
  guint64         index;

  if (take_number (machine, code == 'h' ? 1 : 4, &index))
    value = g_hash_table_lookup (machine->memo, GUINT_TO_POINTER ((guint) index));
  return value && push (machine, value);
}

/* STOP '.' */
static gboolean
do_stop (P2pPickleMachine *machine,
         guint8            code)
{
  machine->pickle->root = pop (machine);
  machine->stopped = TRUE;
  return machine->pickle->root != NULL;
}

/* ---- Opcodes: containers ---------------------------------------------------------------- */

/* TUPLE 't' from the mark; TUPLE1, TUPLE2, TUPLE3 of the last one, two, three */
static gboolean
do_tuple (P2pPickleMachine *machine,
          guint8            code)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  P2pPickleValue       *tuple;
  guint                 start;

  if (code != 't')
    {
      guint n = code - 0x84;

      if (machine->stack->len < stack_floor (machine) + n)
        return FALSE;
      start = machine->stack->len - n;
    }
  else if (! pop_mark (machine, &start))
    return FALSE;

  move_items (machine, start, items);
  tuple = push_new (machine, P2P_PICKLE_TUPLE);
  if (tuple)
    {
      g_ptr_array_unref (tuple->items);
      tuple->items = g_steal_pointer (&items);
    }
  return tuple != NULL;
}

/* APPEND 'a', SETITEM 's': the last one or two; APPENDS 'e', SETITEMS 'u': from the mark */
static gboolean
do_add (P2pPickleMachine *machine,
        guint8            code)
{
  gboolean        is_dict = code == 's' || code == 'u';
  P2pPickleValue *container;
  guint           start;

  if (code == 'a' || code == 's')
    {
      guint n = is_dict ? 2 : 1;

      if (machine->stack->len < stack_floor (machine) + n)
        return FALSE;
      start = machine->stack->len - n;
    }
  else if (! pop_mark (machine, &start))
    return FALSE;

  if (start <= stack_floor (machine))
    return FALSE;
  container = g_ptr_array_index (machine->stack, start - 1);
  if (container->kind != (is_dict ? P2P_PICKLE_DICT : P2P_PICKLE_LIST)
      || (is_dict && (machine->stack->len - start) % 2 != 0))
    return FALSE;
  move_items (machine, start, container->items);

  return TRUE;
}

/* ---- Opcodes: what would run ------------------------------------------------------------ */

static gboolean
push_global (P2pPickleMachine *machine,
             const char       *module,
             const char       *name)
{
  g_autofree char *full = g_strconcat (module, ".", name, NULL);
  P2pPickleValue  *value;

  if (! p2p_text_is_plain (full, -1, MAX_NAME) || strchr (full, '\n'))
    return FALSE;
  if (strcmp (full, ORDERED_DICT) != 0 && ! g_strv_contains (machine->allowed, full))
    {
      g_set_error (machine->error, P2P_ERROR, P2P_ERROR_FILE,
                   _("The file wants to run %s; only weights are read. If you trust it, load it "
                     "in PyTorch and save the network's state_dict ()"), full);
      return FALSE;
    }

  value = push_new (machine, P2P_PICKLE_GLOBAL);
  if (value)
    value->text = g_string_chunk_insert_const (machine->pickle->texts, full);
  return value != NULL;
}

static char *
take_line (P2pPickleMachine *machine)
{
  const guint8 *line = machine->at;
  const guint8 *end = memchr (line, '\n', machine->end - line);

  if (! end)
    return NULL;

  machine->at = end + 1;
  return g_strndup ((const char *) line, end - line);
}

/* GLOBAL 'c': two lines */
static gboolean
do_global (P2pPickleMachine *machine,
           guint8            code)
{
  g_autofree char *module = take_line (machine);
  g_autofree char *name = module ? take_line (machine) : NULL;

  return name && push_global (machine, module, name);
}

/* STACK_GLOBAL */
static gboolean
do_stack_global (P2pPickleMachine *machine,
                 guint8            code)
{
  P2pPickleValue *name = pop (machine);
  P2pPickleValue *module = name ? pop (machine) : NULL;

  return module && module->kind == P2P_PICKLE_TEXT && name->kind == P2P_PICKLE_TEXT
         && push_global (machine, module->text, name->text);
}

/* BINPERSID 'Q' */
static gboolean
do_persistent (P2pPickleMachine *machine,
               guint8            code)
{
  P2pPickleValue *id = pop (machine);
  P2pPickleValue *value = id ? push_new (machine, P2P_PICKLE_PERSISTENT) : NULL;

  if (value)
    g_ptr_array_add (value->items, id);
  return value != NULL;
}

/* REDUCE 'R': a call */
static gboolean
do_reduce (P2pPickleMachine *machine,
           guint8            code)
{
  P2pPickleValue *arguments = pop (machine);
  P2pPickleValue *function = arguments ? pop (machine) : NULL;
  P2pPickleValue *value;

  if (! function || function->kind != P2P_PICKLE_GLOBAL || arguments->kind != P2P_PICKLE_TUPLE)
    return FALSE;

  if (strcmp (function->text, ORDERED_DICT) == 0)
    return arguments->items->len == 0 && push_new (machine, P2P_PICKLE_DICT) != NULL;

  value = push_new (machine, P2P_PICKLE_CALL);
  if (value)
    {
      value->text = function->text;
      value->items = g_ptr_array_ref (arguments->items);
    }
  return value != NULL;
}

/* BUILD 'b': the attributes of a state dict ("_metadata") do not matter */
static gboolean
do_build (P2pPickleMachine *machine,
          guint8            code)
{
  P2pPickleValue *object = pop (machine) ? top (machine) : NULL;

  return object && object->kind == P2P_PICKLE_DICT;
}

/* ---- The table -------------------------------------------------------------------------- */

const P2pPickleOpcode p2p_pickle_opcodes[256] =
{
  ['N'] = do_constant,   [0x88] = do_constant,  [0x89] = do_constant,
  ['J'] = do_integer,    ['K']  = do_integer,   ['M']  = do_integer,   [0x8a] = do_integer,
  ['G'] = do_real,
  ['X'] = do_text,       [0x8c] = do_text,      [0x8d] = do_text,
  ['}'] = do_empty,      [']']  = do_empty,     [')']  = do_empty,
  [0x80] = do_skip,      [0x95] = do_skip,
  ['('] = do_mark,
  ['q'] = do_put,        ['r']  = do_put,       [0x94] = do_put,
  ['h'] = do_get,        ['j']  = do_get,
  ['t'] = do_tuple,      [0x85] = do_tuple,     [0x86] = do_tuple,     [0x87] = do_tuple,
  ['a'] = do_add,        ['e']  = do_add,       ['s']  = do_add,       ['u']  = do_add,
  ['c'] = do_global,     [0x93] = do_stack_global,
  ['Q'] = do_persistent,
  ['R'] = do_reduce,
  ['b'] = do_build,
  ['.'] = do_stop,
};
