/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The handlers of the opcodes.  Python's Lib/pickletools.py describes what each opcode does.  The
 * comment of a handler names its opcodes and, where it is a letter, their code. */

#include <string.h>

#include "pickle-opcodes.h"
#include "tensors.h"

#define MAX_NAME 200            /* bytes in the name of a global */
#define MAX_MEMO (200 * 1000)   /* a model with five thousand tensors has 100 000 values */

#define ORDERED_DICT "collections.OrderedDict"

/* ---- Simple values ---------------------------------------------------------------------- */

/* NONE 'N', NEWTRUE, NEWFALSE */
static gboolean
do_constant (P2pPickleMachine *machine,
             guint8            code)
{
  P2pPickleValue *value = p2p_pickle_push_new (machine, code == 'N' ? P2P_PICKLE_NONE
                                                                    : P2P_PICKLE_INTEGER);

  if (value)
    value->integer = code == 0x88;
  return value != NULL;
}

static gboolean
push_integer (P2pPickleMachine *machine,
              gint64            integer)
{
  P2pPickleValue *value = p2p_pickle_push_new (machine, P2P_PICKLE_INTEGER);

  if (value)
    value->integer = integer;
  return value != NULL;
}

/* BININT 'J', BININT1 'K', BININT2 'M' */
static gboolean
do_integer (P2pPickleMachine *machine,
            guint8            code)
{
  guint64 number;

  return p2p_pickle_take_number (machine, code == 'J' ? 4 : code == 'K' ? 1 : 2, &number)
         && push_integer (machine, code == 'J' ? (gint32) number : (gint64) number);
}

/* INT 'I': decimal digits and a newline.  Python 2 writes it for integers that do not fit
 * BININT. */
static gboolean
do_integer_line (P2pPickleMachine *machine,
                 guint8            code)
{
  g_autofree char *line = p2p_pickle_take_line (machine);
  gint64           number;

  return line && g_ascii_string_to_signed (line, 10, G_MININT64, G_MAXINT64, &number, NULL)
         && push_integer (machine, number);
}

/* LONG1, LONG4: a length in bytes, then a signed number.  A number of more than 64 bits becomes
 * P2P_PICKLE_OTHER. */
static gboolean
do_long (P2pPickleMachine *machine,
         guint8            code)
{
  guint64       length, number = 0;
  const guint8 *bytes;

  if (! p2p_pickle_take_number (machine, code == 0x8a ? 1 : 4, &length))
    return FALSE;
  if (length > 8)
    return p2p_pickle_take (machine, length, &bytes)
           && p2p_pickle_push_new (machine, P2P_PICKLE_OTHER) != NULL;

  if (length > 0 && ! p2p_pickle_take_number (machine, length, &number))
    return FALSE;
  if (length > 0 && length < 8 && number >> (8 * length - 1))
    number |= G_MAXUINT64 << (8 * length);
  return push_integer (machine, (gint64) number);
}

/* BINFLOAT 'G' */
static gboolean
do_real (P2pPickleMachine *machine,
         guint8            code)
{
  const guint8 *bytes;

  return p2p_pickle_take (machine, 8, &bytes)
         && p2p_pickle_push_new (machine, P2P_PICKLE_OTHER) != NULL;
}

static gboolean
take_bytes (P2pPickleMachine *machine,
            int               width,
            const guint8    **bytes,
            guint64          *length)
{
  return p2p_pickle_take_number (machine, width, length)
         && p2p_pickle_take (machine, *length, bytes);
}

/* BINUNICODE 'X', SHORT_BINUNICODE, BINUNICODE8; BINSTRING 'T' and SHORT_BINSTRING 'U', which
 * Python 2 writes for texts and for bytes.  What is not UTF-8 becomes P2P_PICKLE_OTHER. */
static gboolean
do_text (P2pPickleMachine *machine,
         guint8            code)
{
  int             width = code == 'X' || code == 'T' ? 4 : code == 0x8d ? 8 : 1;
  P2pPickleValue *value;
  const guint8   *bytes;
  guint64         length;

  if (! take_bytes (machine, width, &bytes, &length))
    return FALSE;
  if (! g_utf8_validate_len ((const char *) bytes, length, NULL))
    return p2p_pickle_push_new (machine, P2P_PICKLE_OTHER) != NULL;

  value = p2p_pickle_push_new (machine, P2P_PICKLE_TEXT);
  if (value)
    value->text = g_string_chunk_insert_len (machine->pickle->texts, (const char *) bytes, length);
  return value != NULL;
}

/* BINBYTES 'B', SHORT_BINBYTES 'C', BINBYTES8, BYTEARRAY8 */
static gboolean
do_bytes (P2pPickleMachine *machine,
          guint8            code)
{
  const guint8 *bytes;
  guint64       length;

  return take_bytes (machine, code == 'B' ? 4 : code == 'C' ? 1 : 8, &bytes, &length)
         && p2p_pickle_push_new (machine, P2P_PICKLE_OTHER) != NULL;
}

/* EMPTY_DICT '}', EMPTY_LIST ']', EMPTY_TUPLE ')', EMPTY_SET */
static gboolean
do_empty (P2pPickleMachine *machine,
          guint8            code)
{
  return p2p_pickle_push_new (machine, code == '}'   ? P2P_PICKLE_DICT
                                       : code == ']' ? P2P_PICKLE_LIST
                                       : code == ')' ? P2P_PICKLE_TUPLE
                                                     : P2P_PICKLE_OTHER) != NULL;
}

/* ---- Stack and memo --------------------------------------------------------------------- */

/* PROTO, FRAME */
static gboolean
do_skip (P2pPickleMachine *machine,
         guint8            code)
{
  const guint8 *bytes;

  if (! p2p_pickle_take (machine, code == 0x80 ? 1 : 8, &bytes))
    return FALSE;
  return code != 0x80 || (bytes[0] >= 2 && bytes[0] <= 5);
}

/* MARK '(' */
static gboolean
do_mark (P2pPickleMachine *machine,
         guint8            code)
{
  return p2p_pickle_push_mark (machine);
}

/* POP '0', which pops the mark when nothing lies above it; POP_MARK '1' */
static gboolean
do_pop (P2pPickleMachine *machine,
        guint8            code)
{
  guint start;

  if (code == '0' && p2p_pickle_pop (machine))
    return TRUE;
  if (! p2p_pickle_pop_mark (machine, &start))
    return FALSE;

  g_ptr_array_set_size (machine->stack, start);
  return TRUE;
}

/* BINPUT 'q', LONG_BINPUT 'r', MEMOIZE */
static gboolean
do_put (P2pPickleMachine *machine,
        guint8            code)
{
  P2pPickleValue *value = p2p_pickle_top (machine);
  guint64         index = g_hash_table_size (machine->memo);

  if (! value
      || (code != 0x94 && ! p2p_pickle_take_number (machine, code == 'q' ? 1 : 4, &index)))
    return FALSE;
  if (g_hash_table_size (machine->memo) >= MAX_MEMO)
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

  if (p2p_pickle_take_number (machine, code == 'h' ? 1 : 4, &index))
    value = g_hash_table_lookup (machine->memo, GUINT_TO_POINTER ((guint) index));
  return value && p2p_pickle_push (machine, value);
}

/* STOP '.' */
static gboolean
do_stop (P2pPickleMachine *machine,
         guint8            code)
{
  machine->pickle->root = p2p_pickle_pop (machine);
  machine->stopped = TRUE;
  return machine->pickle->root != NULL;
}

/* ---- Containers ------------------------------------------------------------------------- */

/* TUPLE 't', of all values above the mark; TUPLE1, TUPLE2, TUPLE3, of the last 1, 2 or 3 values */
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

      if (machine->stack->len < p2p_pickle_floor (machine) + n)
        return FALSE;
      start = machine->stack->len - n;
    }
  else if (! p2p_pickle_pop_mark (machine, &start))
    return FALSE;

  if (! p2p_pickle_move_items (machine, start, items))
    return FALSE;
  tuple = p2p_pickle_push_new (machine, P2P_PICKLE_TUPLE);
  if (tuple)
    {
      g_ptr_array_unref (tuple->items);
      tuple->items = g_steal_pointer (&items);
    }
  return tuple != NULL;
}

/* Whether a value is an object that a call has made.  Its items and attributes do not matter. */
static gboolean
is_object (const P2pPickleValue *value)
{
  return value->kind == P2P_PICKLE_OTHER || value->kind == P2P_PICKLE_CALL;
}

/* APPEND 'a' and SETITEM 's', which add the last 1 or 2 values to the container below them;
 * APPENDS 'e', SETITEMS 'u' and ADDITEMS, which add all values above the mark */
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

      if (machine->stack->len < p2p_pickle_floor (machine) + n)
        return FALSE;
      start = machine->stack->len - n;
    }
  else if (! p2p_pickle_pop_mark (machine, &start))
    return FALSE;

  if (start <= p2p_pickle_floor (machine)
      || (is_dict && (machine->stack->len - start) % 2 != 0))
    return FALSE;
  container = g_ptr_array_index (machine->stack, start - 1);
  if (is_object (container))
    {
      g_ptr_array_set_size (machine->stack, start);
      return TRUE;
    }
  return container->kind == (is_dict ? P2P_PICKLE_DICT : P2P_PICKLE_LIST)
         && p2p_pickle_move_items (machine, start, container->items);
}

/* FROZENSET, of all values above the mark */
static gboolean
do_frozen_set (P2pPickleMachine *machine,
               guint8            code)
{
  return do_pop (machine, '1') && p2p_pickle_push_new (machine, P2P_PICKLE_OTHER) != NULL;
}

/* ---- Opcodes that would run code in Python ---------------------------------------------- */

/* Pushes a global, which is only a name here: nothing is looked up or run.  A global that is not
 * known becomes P2P_PICKLE_OTHER, and so does everything that is made with it.  Its name is kept
 * for the error message of a pickle without weights. */
static gboolean
push_global (P2pPickleMachine *machine,
             const char       *module,
             const char       *name)
{
  g_autofree char *full = g_strconcat (module, ".", name, NULL);
  P2pPickle       *pickle = machine->pickle;
  gboolean         is_known = g_strv_contains (machine->known, full)
                              || strcmp (full, ORDERED_DICT) == 0;
  P2pPickleValue  *value;

  if (! p2p_text_is_plain (full, -1, MAX_NAME) || strchr (full, '\n'))
    return FALSE;

  value = p2p_pickle_push_new (machine, is_known ? P2P_PICKLE_GLOBAL : P2P_PICKLE_OTHER);
  if (! value)
    return FALSE;
  value->text = g_string_chunk_insert_const (pickle->texts, full);
  if (is_known)
    return TRUE;

  if (! pickle->unknown)
    pickle->unknown = value->text;
  if (g_str_has_prefix (full, "torch.nn.modules.") || g_str_has_prefix (full, "__torch__."))
    pickle->has_module = TRUE;
  return TRUE;
}

/* GLOBAL 'c': the module and the name, each in a line */
static gboolean
do_global (P2pPickleMachine *machine,
           guint8            code)
{
  g_autofree char *module = p2p_pickle_take_line (machine);
  g_autofree char *name = module ? p2p_pickle_take_line (machine) : NULL;

  return name && push_global (machine, module, name);
}

/* STACK_GLOBAL */
static gboolean
do_stack_global (P2pPickleMachine *machine,
                 guint8            code)
{
  P2pPickleValue *name = p2p_pickle_pop (machine);
  P2pPickleValue *module = name ? p2p_pickle_pop (machine) : NULL;

  return module && module->kind == P2P_PICKLE_TEXT && name->kind == P2P_PICKLE_TEXT
         && push_global (machine, module->text, name->text);
}

/* BINPERSID 'Q' */
static gboolean
do_persistent (P2pPickleMachine *machine,
               guint8            code)
{
  P2pPickleValue *id = p2p_pickle_pop (machine);
  P2pPickleValue *value = id ? p2p_pickle_push_new (machine, P2P_PICKLE_PERSISTENT) : NULL;

  return value && p2p_pickle_add_item (machine, value->items, id);
}

/* Pushes the result of OrderedDict (), or of OrderedDict ([[key, value], …]) as Python 2 writes
 * it. */
static gboolean
push_ordered_dict (P2pPickleMachine *machine,
                   const GPtrArray  *arguments)
{
  P2pPickleValue       *dict = p2p_pickle_push_new (machine, P2P_PICKLE_DICT);
  const P2pPickleValue *pairs;

  if (! dict || arguments->len == 0)
    return dict != NULL;

  pairs = arguments->pdata[0];
  if (arguments->len > 1 || pairs->kind != P2P_PICKLE_LIST)
    return FALSE;
  for (guint i = 0; i < pairs->items->len; i++)
    {
      const P2pPickleValue *pair = g_ptr_array_index (pairs->items, i);

      if ((pair->kind != P2P_PICKLE_LIST && pair->kind != P2P_PICKLE_TUPLE)
          || pair->items->len != 2
          || ! p2p_pickle_add_item (machine, dict->items, pair->items->pdata[0])
          || ! p2p_pickle_add_item (machine, dict->items, pair->items->pdata[1]))
        return FALSE;
    }

  return TRUE;
}

/* Whether Python could call this value.  It may be an object outside the pickle, because PyTorch
 * before 1.6 stored the class of a network that way, together with its source code. */
static gboolean
is_callable (const P2pPickleValue *value)
{
  return value && (value->kind == P2P_PICKLE_GLOBAL || value->kind == P2P_PICKLE_PERSISTENT
                   || is_object (value));
}

/* REDUCE 'R': a call with a tuple of arguments */
static gboolean
do_reduce (P2pPickleMachine *machine,
           guint8            code)
{
  P2pPickleValue *arguments = p2p_pickle_pop (machine);
  P2pPickleValue *function = arguments ? p2p_pickle_pop (machine) : NULL;
  P2pPickleValue *value;

  if (! is_callable (function) || arguments->kind != P2P_PICKLE_TUPLE)
    return FALSE;
  if (function->kind != P2P_PICKLE_GLOBAL)
    return p2p_pickle_push_new (machine, P2P_PICKLE_OTHER) != NULL;
  if (strcmp (function->text, ORDERED_DICT) == 0)
    return push_ordered_dict (machine, arguments->items);

  value = p2p_pickle_push_new (machine, P2P_PICKLE_CALL);
  if (value)
    {
      value->text = function->text;
      value->items = g_ptr_array_ref (arguments->items);
    }
  return value != NULL;
}

/* NEWOBJ: makes an object of a class, with arguments; NEWOBJ_EX: also with keyword arguments */
static gboolean
do_new_object (P2pPickleMachine *machine,
               guint8            code)
{
  P2pPickleValue *class = NULL;

  if ((code == 0x81 || p2p_pickle_pop (machine)) && p2p_pickle_pop (machine))
    class = p2p_pickle_pop (machine);
  return is_callable (class) && p2p_pickle_push_new (machine, P2P_PICKLE_OTHER) != NULL;
}

/* BUILD 'b': sets the attributes of a state dict ("_metadata") or of an object; they do not
 * matter */
static gboolean
do_build (P2pPickleMachine *machine,
          guint8            code)
{
  P2pPickleValue *object = p2p_pickle_pop (machine) ? p2p_pickle_top (machine) : NULL;

  return object && (object->kind == P2P_PICKLE_DICT || is_object (object));
}

/* ---- The table -------------------------------------------------------------------------- */

const P2pPickleOpcode p2p_pickle_opcodes[256] =
{
  ['N'] = do_constant,    [0x88] = do_constant,  [0x89] = do_constant,
  ['J'] = do_integer,     ['K']  = do_integer,   ['M']  = do_integer,
  ['I'] = do_integer_line,
  [0x8a] = do_long,       [0x8b] = do_long,
  ['G'] = do_real,
  ['X'] = do_text,        [0x8c] = do_text,      [0x8d] = do_text,
  ['T'] = do_text,        ['U']  = do_text,
  ['B'] = do_bytes,       ['C']  = do_bytes,     [0x8e] = do_bytes,     [0x96] = do_bytes,
  ['}'] = do_empty,       [']']  = do_empty,     [')']  = do_empty,     [0x8f] = do_empty,
  [0x80] = do_skip,       [0x95] = do_skip,
  ['('] = do_mark,
  ['0'] = do_pop,         ['1']  = do_pop,
  ['q'] = do_put,         ['r']  = do_put,       [0x94] = do_put,
  ['h'] = do_get,         ['j']  = do_get,
  ['t'] = do_tuple,       [0x85] = do_tuple,     [0x86] = do_tuple,     [0x87] = do_tuple,
  ['a'] = do_add,         ['e']  = do_add,       ['s']  = do_add,       ['u']  = do_add,
  [0x90] = do_add,
  [0x91] = do_frozen_set,
  ['c'] = do_global,      [0x93] = do_stack_global,
  ['Q'] = do_persistent,
  ['R'] = do_reduce,
  [0x81] = do_new_object, [0x92] = do_new_object,
  ['b'] = do_build,
  ['.'] = do_stop,
};
