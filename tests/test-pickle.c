/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The pickle machine: that it runs nothing, how it treats damaged pickles, and its limits. */

#include <glib.h>
#include <string.h>

#include "files/pickle.h"
#include "pickles.h"
#include "refused.h"

static const char *const known[] = { "torch.FloatStorage", NULL };

/* The machine gets a copy of exactly these bytes, so that the sanitizer sees a read beyond them. */
static P2pPickle *
read_bytes (const char  *bytes,
            gsize        size,
            GError     **error)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, size);
  gsize              used;

  return p2p_pickle_read (copy, size, known, &used, error);
}

/* ---- Refusals --------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  const char *bytes;
  gsize       size;
  const char *message;
} Case;

#define P(bytes)  bytes, sizeof (bytes) - 1
#define AT(place) "The list of weights is damaged (at byte " place ")"

static const Case cases[] =
{
  { "dict-of-a-text", P ("\x80\x02" "ccollections\nOrderedDict\nX\1\0\0\0x\x85R."), AT ("34") },
  { "dict-of-threes", P ("\x80\x02" "ccollections\nOrderedDict\n]NNN\x87" "a\x85R."), AT ("34") },
  { "dict-of-two-lists", P ("\x80\x02" "ccollections\nOrderedDict\n]]\x86R."), AT ("30") },
  { "call-of-a-text", P ("\x80\x02X\1\0\0\0x)R."), AT ("9") },
  { "call-without-tuple", P ("\x80\x02" "ctorch\nFloatStorage\n]R."), AT ("23") },
  { "attributes-of-a-list", P ("\x80\x02]}b."), AT ("4") },
  { "control-characters", P ("\x80\x02" "c\x1b[2J\nx\n."), AT ("2") },
  { "global-without-end", P ("\x80\x02" "ctorch"), AT ("2") },
  { "call-of-an-unknown-without-tuple", P ("\x80\x02" "cos\nsystem\n]R."), AT ("14") },
  { "extension", P ("\x80\x02\x82\1."), AT ("2") },

  { "empty", P (""), AT ("0") },
  { "without-stop", P ("\x80\x02}"), AT ("3") },
  { "nothing-left", P ("\x80\x02."), AT ("2") },
  { "protocol-1", P ("\x80\x01}."), AT ("0") },
  { "protocol-6", P ("\x80\x06}."), AT ("0") },
  { "text-beyond-the-end", P ("\x80\x02X\xff\xff\xff\xffx."), AT ("2") },
  { "text-of-64-bits", P ("\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xffx."), AT ("2") },
  { "integer-cut", P ("\x80\x02J\1\2"), AT ("2") },
  { "integer-line-of-words", P ("\x80\x02Iseven\n."), AT ("2") },
  { "integer-line-without-end", P ("\x80\x02I7"), AT ("2") },
  { "long-beyond-the-end", P ("\x80\x02\x8b\xff\xff\xff\xff" "1."), AT ("2") },
  { "bytes-beyond-the-end", P ("\x80\x03" "B\xff\xff\xff\xff."), AT ("2") },
  { "pop-of-nothing", P ("\x80\x02" "0."), AT ("2") },
  { "pop-without-mark", P ("\x80\x02N1."), AT ("3") },
  { "object-of-a-text", P ("\x80\x02X\1\0\0\0x)\x81."), AT ("9") },
  { "memo-unknown", P ("\x80\x02h\7."), AT ("2") },
  { "memo-of-nothing", P ("\x80\x02q\0."), AT ("2") },
  { "tuple-without-mark", P ("\x80\x02Nt."), AT ("3") },
  { "tuple-of-too-few", P ("\x80\x02N\x86."), AT ("3") },
  { "tuple-through-a-mark", P ("\x80\x02N(N\x86."), AT ("5") },
  { "append-to-a-dict", P ("\x80\x02}Na."), AT ("4") },
  { "append-to-nothing", P ("\x80\x02Na."), AT ("3") },
  { "items-without-container", P ("\x80\x02(NNu."), AT ("5") },
  { "items-not-in-pairs", P ("\x80\x02}(Nu."), AT ("5") },
  { "items-of-a-list", P ("\x80\x02](NNu."), AT ("6") },
};

static void
test_refused (gconstpointer data)
{
  const Case        *test = data;
  g_autoptr (GError) error = NULL;

  g_assert_null (read_bytes (test->bytes, test->size, &error));
  assert_refused (error, P2P_ERROR_FILE, test->message);
}

/* ---- What would run code ---------------------------------------------------------------- */

typedef struct
{
  const char *name;
  const char *bytes;
  gsize       size;
  const char *unknown;      /* the global that is reported */
  gboolean    has_module;
} Stranger;

/* Each pickle is one value without content: the global itself, a call, an object, or what these
 * return. */
static const Stranger strangers[] =
{
  { "os.system", P ("\x80\x02" "cos\nsystem\nX\3\0\0\0foo\x85R."), "os.system" },
  { "builtins.eval", P ("\x80\x04\x8c\x08" "builtins\x8c\x04" "eval\x93."), "builtins.eval" },
  { "other-of-torch", P ("\x80\x02" "ctorch\nload\n."), "torch.load" },
  { "name-with-dots", P ("\x80\x02" "ctorch.FloatStorage\n__init__\n."),
    "torch.FloatStorage.__init__" },
  { "as-an-object", P ("\x80\x02" "csubprocess\nPopen\n)\x81}b."), "subprocess.Popen" },
  { "object-with-named-arguments", P ("\x80\x04" "ca\nB\n)}\x92."), "a.B" },
  { "object-with-items", P ("\x80\x02" "ca\nB\n)\x81NNsNa(NNu."), "a.B" },
  { "call-of-what-a-call-gives", P ("\x80\x02" "cbuiltins\ngetattr\n)R)R."), "builtins.getattr" },
  { "object-of-what-a-call-gives", P ("\x80\x02" "cbuiltins\ngetattr\n)R)\x81."),
    "builtins.getattr" },
  { "class-of-the-author", P ("\x80\x02" "c__main__\nConfig\n)\x81}X\1\0\0\0aK\1sb."),
    "__main__.Config" },
  { "whole-network", P ("\x80\x02" "cnets\nMine\n(ctorch.nn.modules.conv\nConv2d\n1."), "nets.Mine",
    TRUE },
  { "torch-script", P ("\x80\x02" "c__torch__.nets\nMine\n)\x81."), "__torch__.nets.Mine", TRUE },
};

static void
test_stranger (gconstpointer data)
{
  const Stranger       *test = data;
  GError               *error = NULL;
  g_autoptr (P2pPickle) pickle = read_bytes (test->bytes, test->size, &error);

  g_assert_no_error (error);
  g_assert_cmpint (pickle->root->kind, ==, P2P_PICKLE_OTHER);
  g_assert_null (pickle->root->items);
  g_assert_cmpstr (pickle->unknown, ==, test->unknown);
  g_assert_cmpint (pickle->has_module, ==, test->has_module);
}

/* ---- Limits ----------------------------------------------------------------------------- */

#define LARGER "The list of weights is larger than any model's"

static void
check_many (const char *opcode,
            gsize       n)
{
  gsize              length = strlen (opcode);
  g_autofree char   *bytes = g_malloc (n * length + 3);
  g_autoptr (GError) error = NULL;

  memcpy (bytes, "\x80\x02N", 3);
  for (gsize i = 0; i < n; i++)
    memcpy (bytes + 3 + i * length, opcode, length);

  g_assert_null (read_bytes (bytes, n * length + 3, &error));
  assert_refused (error, P2P_ERROR_FILE, LARGER);
}

static void
test_many_values (void)
{
  check_many ("]", 201 * 1000);
}

static void
test_many_marks (void)
{
  check_many ("(", 201 * 1000);
}

/* Each opcode wraps the last value in a tuple of its own, so the nesting is as deep as there are
 * values. */
static void
test_deep (void)
{
  check_many ("\x85", 201 * 1000);
}

static void
test_long (void)
{
  check_many ("\x80\x02", 8 * 1024 * 1024);
}

/* Calls OrderedDict many times with one list.  Each call would copy the list. */
static void
test_many_copies (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError)     error = NULL;

  ADD (bytes, "\x80\x02]q\0(");
  for (int i = 0; i < 10 * 1000; i++)
    ADD (bytes, "NN\x86");
  ADD (bytes, "e" "ccollections\nOrderedDict\nq\1");
  for (int i = 0; i < 1000; i++)
    ADD (bytes, "h\1h\0\x85R");

  g_assert_null (read_bytes ((const char *) bytes->data, bytes->len, &error));
  assert_refused (error, P2P_ERROR_FILE, LARGER);
}

/* ---- Values ----------------------------------------------------------------------------- */

static void
check_integer (const char *bytes,
               gsize       size,
               gint64      expected)
{
  GError              *error = NULL;
  g_autoptr (P2pPickle) pickle = read_bytes (bytes, size, &error);

  g_assert_no_error (error);
  g_assert_cmpint (pickle->root->kind, ==, P2P_PICKLE_INTEGER);
  g_assert_cmpint (pickle->root->integer, ==, expected);
}

static void
test_integers (void)
{
  check_integer (P ("\x80\x02K\xff."), 255);
  check_integer (P ("\x80\x02M\xff\xff."), 65535);
  check_integer (P ("\x80\x02J\xff\xff\xff\xff."), -1);
  check_integer (P ("\x80\x02J\0\0\0\x80."), G_MININT32);
  check_integer (P ("\x80\x02\x8a\0."), 0);
  check_integer (P ("\x80\x02\x8a\1\xff."), -1);
  check_integer (P ("\x80\x02\x8a\2\xff\0."), 255);
  check_integer (P ("\x80\x02\x8a\5\0\0\0\0\1."), G_GINT64_CONSTANT (1) << 32);
  check_integer (P ("\x80\x02\x8a\x08\0\0\0\0\0\0\0\x80."), G_MININT64);
  check_integer (P ("\x80\x02\x8b\2\0\0\0\xff\0."), 255);
  check_integer (P ("\x80\x02I-4294967297\n."), G_GINT64_CONSTANT (-4294967297));
  check_integer (P ("\x80\x02\x88."), 1);
  check_integer (P ("\x80\x02\x89."), 0);
}

/* What trainers save beside weights is ignored, and the pickle is read to its end. */
static void
check_other (const char *bytes,
             gsize       size)
{
  GError               *error = NULL;
  g_autoptr (P2pPickle) pickle = read_bytes (bytes, size, &error);

  g_assert_no_error (error);
  g_assert_cmpint (pickle->root->kind, ==, P2P_PICKLE_OTHER);
}

static void
test_others (void)
{
  check_other (P ("\x80\x02G\x3f\xf0\0\0\0\0\0\0."));              /* 1.0 */
  check_other (P ("\x80\x02\x8a\x09" "123456789."));                 /* over 64 bits */
  check_other (P ("\x80\x02X\1\0\0\0\xff."));                         /* not UTF-8 */
  check_other (P ("\x80\x02X\1\0\0\0\0."));                           /* bytes as a text */
  check_other (P ("\x80\x03" "C\2\0\xff."));                          /* bytes */
  check_other (P ("\x80\x04\x8f(K\1K\2\x90."));                       /* a set */
  check_other (P ("\x80\x04(K\1K\2\x91."));                           /* a frozen set */
}

/* Python 2's texts, and its OrderedDict. */
static void
test_python_2 (void)
{
  GError               *error = NULL;
  g_autoptr (P2pPickle) pickle = read_bytes (P ("\x80\x02" "ccollections\nOrderedDict\n]("
                                                "](U\1aK\1e](T\1\0\0\0bK\2ee\x85R."), &error);

  g_assert_no_error (error);
  g_assert_cmpint (pickle->root->kind, ==, P2P_PICKLE_DICT);
  g_assert_cmpint (p2p_pickle_lookup (pickle->root, "a")->integer, ==, 1);
  g_assert_cmpint (p2p_pickle_lookup (pickle->root, "b")->integer, ==, 2);
}

/* Python pops a value that it met again while it was writing that value. */
static void
test_pop (void)
{
  GError               *error = NULL;
  g_autoptr (P2pPickle) pickle = read_bytes (P ("\x80\x02K\1N0(NN1(0."), &error);

  g_assert_no_error (error);
  g_assert_cmpint (pickle->root->integer, ==, 1);
}

static void
test_used (void)
{
  static const char     two[] = "\x80\x02K\1.\x80\x02K\2.";
  gsize                 used;
  GError               *error = NULL;
  g_autoptr (P2pPickle) pickle = p2p_pickle_read ((const guint8 *) two, sizeof two - 1, known,
                                                  &used, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (used, ==, 5);
}

/* A list that is its own item must neither hang the reader nor be freed twice. */
static void
test_cycle (void)
{
  GError               *error = NULL;
  g_autoptr (P2pPickle) pickle = read_bytes (P ("\x80\x02]q\0h\0a."), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (pickle->root->items->len, ==, 1);
  g_assert_true (g_ptr_array_index (pickle->root->items, 0) == pickle->root);
}

static void
test_call_is_kept (void)
{
  static const char     call[] = "\x80\x02" "ctorch\nFloatStorage\nK\7\x85R.";
  GError               *error = NULL;
  g_autoptr (P2pPickle) pickle = read_bytes (P (call), &error);
  const P2pPickleValue *argument;

  g_assert_no_error (error);
  g_assert_cmpint (pickle->root->kind, ==, P2P_PICKLE_CALL);
  g_assert_cmpstr (pickle->root->text, ==, "torch.FloatStorage");
  argument = g_ptr_array_index (pickle->root->items, 0);
  g_assert_cmpint (argument->integer, ==, 7);
}

static void
test_lookup (void)
{
  GError               *error = NULL;
  g_autoptr (P2pPickle) pickle = read_bytes (P ("\x80\x02}(X\1\0\0\0aK\1X\1\0\0\0bK\2u."), &error);

  g_assert_no_error (error);
  g_assert_cmpint (p2p_pickle_lookup (pickle->root, "b")->integer, ==, 2);
  g_assert_null (p2p_pickle_lookup (pickle->root, "c"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/pickle/refuses/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_refused);
    }
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_autofree char *path = g_strconcat ("/pickle/runs-nothing/", strangers[i].name, NULL);

      g_test_add_data_func (path, &strangers[i], test_stranger);
    }
  g_test_add_func ("/pickle/refuses/many-values", test_many_values);
  g_test_add_func ("/pickle/refuses/many-marks", test_many_marks);
  g_test_add_func ("/pickle/refuses/deep", test_deep);
  g_test_add_func ("/pickle/refuses/long", test_long);
  g_test_add_func ("/pickle/integers", test_integers);
  g_test_add_func ("/pickle/refuses/many-copies", test_many_copies);
  g_test_add_func ("/pickle/others", test_others);
  g_test_add_func ("/pickle/python-2", test_python_2);
  g_test_add_func ("/pickle/pop", test_pop);
  g_test_add_func ("/pickle/tells-its-length", test_used);
  g_test_add_func ("/pickle/cycle", test_cycle);
  g_test_add_func ("/pickle/call-is-kept", test_call_is_kept);
  g_test_add_func ("/pickle/lookup", test_lookup);

  return g_test_run ();
}
