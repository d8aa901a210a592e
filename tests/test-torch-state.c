/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* State dicts in PyTorch's files: where tensors lie in their storages, and the exact error for
 * those that do not, in a zip and in a legacy container. */

#include <glib.h>
#include <string.h>

#include "fetched.h"
#include "files/torch-file.h"
#include "files/torch-legacy.h"
#include "pickles.h"
#include "refused.h"

static const float numbers[] = { 0.0f, 1.0f, 2.0f, 3.0f };

#define BAD P2P_ERROR_FILE

static P2pTensors *
read_zip (const GByteArray *pickle,
          GError          **error)
{
  Member             members[] = { { "m/data.pkl", pickle->data, pickle->len },
                                   { "m/data/0", numbers, sizeof numbers }, { NULL } };
  g_autoptr (GBytes) file = make_zip (members, FALSE);

  return fetched (p2p_torch_file_peek (file, FALSE, error), error);
}

static P2pTensors *
read_legacy (const GByteArray *pickle,
             GError          **error)
{
  g_autoptr (GBytes) file = make_legacy (pickle, (Numbers[]) { { "0", 4, numbers, sizeof numbers },
                                                               { NULL } });

  return fetched (p2p_torch_legacy_peek (file, FALSE, error), error);
}

/* ---- What is refused -------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  Tensor      tensors[3];
  P2pError    code;
  const char *message;
} Case;

#define LARGER   "Tensor “a” is larger than its storage"
#define NONSENSE "The file's entry for tensor “a” makes no sense"
#define STORAGE  "The storage of tensor “a” makes no sense"

static const Case cases[] =
{
  { "offset", { { "a", "Float", "0", 4, 1, { 2, 2 }, { 2, 1 } } }, BAD, LARGER },
  { "strides", { { "a", "Float", "0", 4, 0, { 2, 2 }, { 3, 1 } } }, BAD, LARGER },
  { "repeated-beyond-memory", { { "a", "Float", "0", 4, 0, { 60000, 60000 }, { 0, 0 } } }, BAD,
    "The file would take far more memory than its own size; no model does" },
  { "empty-storage", { { "a", "Float", "0", 0, 0, { 1, 1 }, { 1, 1 } } }, BAD, LARGER },
  { "overflow", { { "a", "Float", "0", 4, 0, { 2, G_MAXINT }, { G_MAXINT, G_MAXINT } } }, BAD,
    LARGER },
  { "beyond-its-view", { { "a", "Float", "0", 4, 0, { 1, 3 }, { 3, 1 },
                           .view = "(U\1vK\1K\2t" } }, BAD, LARGER },
  { "negative-dims", { { "a", "Float", "0", 4, 0, { 0x80000000, 2 }, { 2, 1 } } }, BAD, NONSENSE },
  { "negative-stride", { { "a", "Float", "0", 4, 3, { 2, 2 }, { 0xfffffffe, 1 } } }, BAD,
    NONSENSE },
  { "negative-offset", { { "a", "Float", "0", 4, 0xffffffff, { 2, 2 }, { 2, 1 } } }, BAD,
    NONSENSE },
  { "negative-storage", { { "a", "Float", "0", 0xffffffff, 0, { 2, 2 }, { 2, 1 } } }, BAD,
    STORAGE },
  { "storage-of-two-types", { { "b", "Float", "0", 4, 0, { 2, 2 }, { 2, 1 } },
                              { "a", "Half", "0", 4, 0, { 2, 2 }, { 2, 1 } } }, BAD, STORAGE },
  { "storage-of-two-sizes", { { "b", "Float", "0", 4, 0, { 2, 2 }, { 2, 1 } },
                              { "a", "Float", "0", 5, 0, { 2, 2 }, { 2, 1 } } }, BAD, STORAGE },
  { "view-outside", { { "a", "Float", "0", 4, 0, { 1, 1 }, { 1, 1 },
                        .view = "(U\1vK\3K\2t" } }, BAD, STORAGE },
  { "view-negative", { { "a", "Float", "0", 4, 0, { 1, 1 }, { 1, 1 },
                         .view = "(U\1vJ\xff\xff\xff\xffK\2t" } }, BAD, STORAGE },
  { "view-of-text", { { "a", "Float", "0", 4, 0, { 1, 1 }, { 1, 1 }, .view = "U\1v" } }, BAD,
    STORAGE },
  { "same-name", { { "a", "Float", "0", 4, 0, { 2, 2 }, { 2, 1 } },
                   { "a", "Float", "0", 4, 0, { 2, 2 }, { 2, 1 } } }, BAD,
    "The file has two tensors named “a”" },
  { "control-name", { { "\x1b[2J", "Float", "0", 4, 0, { 2, 2 }, { 2, 1 } } }, BAD,
    "The file holds no named weights: save the network's state_dict ()" },
};

static void
test_case (gconstpointer data)
{
  const Case            *test = data;
  g_autoptr (GByteArray) pickle = make_pickle (test->tensors);
  g_autoptr (GError)     error = NULL;

  g_assert_null (read_zip (pickle, &error));
  assert_refused (error, test->code, test->message);
  g_clear_error (&error);
  g_assert_null (read_legacy (pickle, &error));
  assert_refused (error, test->code, test->message);
}

static void
check_refused (GByteArray *pickle,
               P2pError    code,
               const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (read_zip (pickle, &error));
  assert_refused (error, code, message);
  g_byte_array_unref (pickle);
}

static GByteArray *
pickle_of (const char *opcodes,
           gsize       n)
{
  GByteArray *pickle = g_byte_array_new ();

  add_bytes (pickle, opcodes, n);
  return pickle;
}

#define OBJECT(name) "The file holds no named weights but a Python object (" name "). Opening it " \
                     "would mean running code from the file, so only weights are read. If you " \
                     "trust the file, load it in PyTorch and save the network's state_dict ()"

#define PICKLE(opcodes) pickle_of (opcodes, sizeof (opcodes) - 1)

/* If there are no weights, the message says what there is instead. */
static void
test_no_weights (void)
{
  check_refused (PICKLE ("\x80\x02}X\1\0\0\0xcnets\nMine\n"
                         "ctorch.nn.modules.conv\nConv2d\n0)\x81s."), BAD,
                 "The file holds a whole network as a Python object. Opening it would mean "
                 "running code from the file, so only weights are read. If you trust the file, "
                 "load it in PyTorch and save the network's state_dict ()");
  check_refused (PICKLE ("\x80\x02" "cos\nsystem\nX\3\0\0\0foo\x85R."), BAD,
                 OBJECT ("os.system"));
}

/* ---- What is read ----------------------------------------------------------------------- */

/* Checks that in both containers tensor "a" holds the n numbers. */
static void
check_read (GByteArray  *pickle,
            int          n,
            const float *expected)
{
  P2pTensors *(*readers[]) (const GByteArray *, GError **) = { read_zip, read_legacy };

  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      GError                *error = NULL;
      g_autoptr (P2pTensors) tensors = readers[i] (pickle, &error);
      const P2pTensor       *tensor;

      g_assert_no_error (error);
      tensor = p2p_tensors_get (tensors, "a");
      g_assert_nonnull (tensor);
      g_assert_cmpmem (tensor->data, tensor->n_elements * 4, expected, n * 4);
    }
  g_byte_array_unref (pickle);
}

/* Until PyTorch 0.4, a storage that was part of another one had a key of its own. */
static void
test_view (void)
{
  const Tensor tensors[] = { { "a", "Float", "0", 4, 0, { 2, 1 }, { 1, 2 },
                               .view = "(U\1vK\2K\2t" }, { NULL } };

  check_read (make_pickle (tensors), 2, numbers + 2);
}

static void
test_no_view (void)
{
  const Tensor tensors[] = { { "a", "Float", "0", 4, 0, { 2, 2 }, { 2, 1 }, .view = "N" },
                             { NULL } };

  check_read (make_pickle (tensors), 4, numbers);
}

/* The last dimension is the outermost in the storage. */
static void
test_transposed (void)
{
  const Tensor tensors[] = { { "a", "Float", "0", 4, 0, { 2, 2 }, { 1, 2 } }, { NULL } };
  const float  expected[] = { 0.0f, 2.0f, 1.0f, 3.0f };

  check_read (make_pickle (tensors), 4, expected);
}

/* A stride of 0 repeats numbers, so a tensor may be larger than its storage. */
static void
test_expanded (void)
{
  const Tensor tensors[] = { { "a", "Float", "0", 4, 1, { 2, 2 }, { 0, 1 } }, { NULL } };
  const Tensor larger[] = { { "a", "Float", "0", 4, 3, { 3, 3 }, { 0, 0 } }, { NULL } };
  const float  expected[] = { 1.0f, 2.0f, 1.0f, 2.0f };
  const float  threes[] = { 3.0f, 3.0f, 3.0f, 3.0f, 3.0f, 3.0f, 3.0f, 3.0f, 3.0f };

  check_read (make_pickle (tensors), 4, expected);
  check_read (make_pickle (larger), 9, threes);
}

#define STORAGE_ID "(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0" "0X\3\0\0\0cpuK\4NtQ"

/* Until PyTorch 0.4, files have _rebuild_tensor (), torch.Size, and Python 2's dicts and texts. */
static void
test_oldest (void)
{
  GByteArray *pickle = g_byte_array_new ();

  ADD (pickle, "\x80\x02" "ccollections\nOrderedDict\n](](U\1a"
               "ctorch._utils\n_rebuild_tensor\n(" STORAGE_ID "K\0"
               "ctorch\nSize\nK\2K\2\x86\x85RK\2K\1\x86tRee\x85R.");
  check_read (pickle, 4, numbers);
}

/* Values beside the tensors do not matter, whatever code they would run. */
static void
test_beside (void)
{
  const Tensor tensors[] = { { "a", "Float", "0", 4, 0, { 2, 2 }, { 2, 1 } }, { NULL } };
  GByteArray  *pickle = make_pickle (tensors);

  g_byte_array_set_size (pickle, pickle->len - 1);
  ADD (pickle, "X\5\0\0\0epochK\3sX\4\0\0\0best" "cnumpy.core.multiarray\nscalar\n"
               "cnumpy\ndtype\nX\2\0\0\0f8K\0K\1\x87R(K\3tbX\1\0\0\0\0\x86RsK\7NsX\4\0\0\0evil"
               "cos\nsystem\nX\3\0\0\0foo\x85Rs.");
  check_read (pickle, 4, numbers);
}

/* A storage must be valid only if its tensor's numbers are wanted.  An unsupported type is reported
 * by its name. */
static void
test_types (void)
{
  static const struct { const char *type, *told; } types[] = {
    { "Int", "int32" }, { "Short", "int16" }, { "Char", "int8" }, { "Byte", "uint8" },
    { "Bool", "bool" }, { "ComplexFloat", "complex64" }, { "QUInt8", "quint8" } };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      const Tensor            list[] = { { "a", types[i].type, "0", 4, 0, { 2, 2 }, { 2, 1 } },
                                         { NULL } };
      g_autoptr (GByteArray)  pickle = make_pickle (list);
      GError                 *error = NULL;
      g_autoptr (P2pTensors)  tensors = read_zip (pickle, &error);
      const P2pTensor        *tensor;

      g_assert_no_error (error);
      tensor = p2p_tensors_get (tensors, "a");
      g_assert_cmpint (tensor->dtype, ==, P2P_OTHER);
      g_assert_cmpstr (tensor->type, ==, types[i].told);
      g_assert_null (tensor->data);
    }
}

/* The call that rebuilds tensor "a" from the numbers, with one additional argument. */
#define V2          "ctorch._utils\n_rebuild_tensor_v2\n"
#define ARGUMENTS   STORAGE_ID "K\0K\2K\2\x86K\2K\1\x86\x89" "ccollections\nOrderedDict\n)R"
#define CALL(more)  V2 "(" ARGUMENTS more "tR"
#define STATE(call) PICKLE ("\x80\x02}X\1\0\0\0a" call "s.")

static const float negatives[] = { -0.0f, -1.0f, -2.0f, -3.0f };

/* The seventh argument names operations that PyTorch would do when the numbers are used. */
static void
test_pending (void)
{
  check_read (STATE (CALL ("N")), 4, numbers);
  check_read (STATE (CALL ("}")), 4, numbers);
  check_read (STATE (CALL ("}X\3\0\0\0neg\x89s")), 4, numbers);
  check_read (STATE (CALL ("}X\3\0\0\0neg\x88s")), 4, negatives);
  check_read (STATE (CALL ("}X\4\0\0\0conj\x88s")), 4, numbers);
}

#define PENDING "Tensor “a” was saved with an operation on it still pending, which is not " \
                "supported; save tensor.resolve_neg ().resolve_conj ().clone () instead"

static void
test_pending_unknown (void)
{
  check_refused (STATE (CALL ("}X\3\0\0\0abs\x88s")), P2P_ERROR_UNSUPPORTED, PENDING);
  check_refused (STATE (CALL ("]")), P2P_ERROR_UNSUPPORTED, PENDING);
}

/* What PyTorch writes for parameters, and for tensors with attributes. */
static void
test_wrapped (void)
{
  check_read (STATE ("ctorch._utils\n_rebuild_parameter\n(" CALL ("") "\x88NtR"), 4, numbers);
  check_read (STATE ("ctorch._utils\n_rebuild_parameter_with_state\n(" CALL ("") "\x88N}tR"), 4,
              numbers);
  check_read (STATE ("ctorch._tensor\n_rebuild_from_type_v2\n(" V2 "ctorch\nTensor\n("
                     ARGUMENTS "t}tR"), 4, numbers);
}

/* A user-defined type and another function do not give a tensor. */
static void
test_wrapped_strangers (void)
{
  check_refused (STATE ("ctorch._tensor\n_rebuild_from_type_v2\n(" V2 "cmine\nTensor\n("
                        ARGUMENTS "t}tR"), BAD, OBJECT ("mine.Tensor"));
  check_refused (STATE ("ctorch._tensor\n_rebuild_from_type_v2\n(cos\nsystem\nctorch\nTensor\n("
                        ARGUMENTS "t}tR"), BAD, OBJECT ("os.system"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/torch/state/view", test_view);
  g_test_add_func ("/torch/state/no-view", test_no_view);
  g_test_add_func ("/torch/state/transposed", test_transposed);
  g_test_add_func ("/torch/state/expanded", test_expanded);
  g_test_add_func ("/torch/state/oldest", test_oldest);
  g_test_add_func ("/torch/state/beside", test_beside);
  g_test_add_func ("/torch/state/types", test_types);
  g_test_add_func ("/torch/state/pending-operations", test_pending);
  g_test_add_func ("/torch/state/refuses/pending-operation", test_pending_unknown);
  g_test_add_func ("/torch/state/with-attributes", test_wrapped);
  g_test_add_func ("/torch/state/refuses/wrapped-by-strangers", test_wrapped_strangers);
  g_test_add_func ("/torch/state/refuses/no-weights", test_no_weights);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/torch/state/refuses/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }

  return g_test_run ();
}
