/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* State dicts in PyTorch's files: where tensors lie in their storages, and the exact error of those
 * that do not; in a zip and in a legacy container. */

#include <glib.h>
#include <string.h>

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

  return p2p_torch_file_read (file, FALSE, error);
}

static P2pTensors *
read_legacy (const GByteArray *pickle,
             GError          **error)
{
  g_autoptr (GBytes) file = make_legacy (pickle, (Numbers[]) { { "0", 4, numbers, sizeof numbers },
                                                               { NULL } });

  return p2p_torch_legacy_read (file, FALSE, error);
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
#define NONSENSE "What the file says of tensor “a” makes no sense"
#define STORAGE  "The storage of tensor “a” makes no sense"

static const Case cases[] =
{
  { "offset", { { "a", "Float", "0", 4, 1, { 2, 2 }, { 2, 1 } } }, BAD, LARGER },
  { "strides", { { "a", "Float", "0", 4, 0, { 2, 2 }, { 3, 1 } } }, BAD, LARGER },
  { "expanded", { { "a", "Float", "0", 4, 0, { 9, 9 }, { 0, 0 } } }, BAD, LARGER },
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
  { "integers", { { "a", "Int", "0", 4, 0, { 2, 2 }, { 2, 1 } } }, P2P_ERROR_UNSUPPORTED,
    "Tensor “a” is a torch.IntStorage, which is not read; save it as float32, float16 or "
    "bfloat16" },
  { "same-name", { { "a", "Float", "0", 4, 0, { 2, 2 }, { 2, 1 } },
                   { "module.a", "Float", "0", 4, 0, { 2, 2 }, { 2, 1 } } }, BAD,
    "The file has two tensors named “a”" },
  { "control-name", { { "\x1b[2J", "Float", "0", 4, 0, { 2, 2 }, { 2, 1 } } }, BAD,
    "The name of a tensor is too long, or no text" },
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

/* ---- What is read ----------------------------------------------------------------------- */

/* In both containers tensor "a" holds the n numbers. */
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

/* Storages that were parts of another had their own key until PyTorch 0.4. */
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

/* The last of the sides is the outermost in the storage. */
static void
test_transposed (void)
{
  const Tensor tensors[] = { { "a", "Float", "0", 4, 0, { 2, 2 }, { 1, 2 } }, { NULL } };
  const float  expected[] = { 0.0f, 2.0f, 1.0f, 3.0f };

  check_read (make_pickle (tensors), 4, expected);
}

/* One number is seen in each place. */
static void
test_expanded (void)
{
  const Tensor tensors[] = { { "a", "Float", "0", 4, 1, { 2, 2 }, { 0, 1 } }, { NULL } };
  const float  expected[] = { 1.0f, 2.0f, 1.0f, 2.0f };

  check_read (make_pickle (tensors), 4, expected);
}

#define STORAGE_ID "(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0" "0X\3\0\0\0cpuK\4NtQ"

/* Until PyTorch 0.4: _rebuild_tensor (), torch.Size, and Python 2's dicts and texts. */
static void
test_oldest (void)
{
  GByteArray *pickle = g_byte_array_new ();

  ADD (pickle, "\x80\x02" "ccollections\nOrderedDict\n](](U\1a"
               "ctorch._utils\n_rebuild_tensor\n(" STORAGE_ID "K\0"
               "ctorch\nSize\nK\2K\2\x86\x85RK\2K\1\x86tRee\x85R.");
  check_read (pickle, 4, numbers);
}

/* What is no tensor does not matter beside those that are. */
static void
test_beside (void)
{
  const Tensor tensors[] = { { "a", "Float", "0", 4, 0, { 2, 2 }, { 2, 1 } }, { NULL } };
  GByteArray  *pickle = make_pickle (tensors);

  g_byte_array_set_size (pickle, pickle->len - 1);
  ADD (pickle, "X\5\0\0\0epochK\3sX\4\0\0\0best" "cnumpy.core.multiarray\nscalar\n"
               "cnumpy\ndtype\nX\2\0\0\0f8K\0K\1\x87R(K\3tbX\1\0\0\0\0\x86RsK\7Ns.");
  check_read (pickle, 4, numbers);
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
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/torch/state/refuses/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }

  return g_test_run ();
}
