/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* PyTorch's files: small files that PyTorch itself wrote (make-fixtures.py), zip and legacy; and
 * damaged and hostile zip containers with the exact error for each. */

#include <glib.h>
#include <string.h>

#include "fetched.h"
#include "files/half.h"
#include "files/open.h"
#include "files/torch-file.h"
#include "pickles.h"
#include "refused.h"

/* ---- Files of PyTorch ------------------------------------------------------------------- */

static P2pTensors *
open_fixture (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", name, NULL);
  P2pTensors      *tensors;
  GError          *error = NULL;

  tensors = fetched (p2p_tensors_peek (path, &error), &error);
  g_assert_no_error (error);
  return tensors;
}

/* The fixtures' tensors hold numbers i / 4 − 2.  expected lists i in row-major order. */
static void
check_tensor (const P2pTensors *tensors,
              const char       *name,
              P2pDtype          dtype,
              const char       *shape,
              const int        *expected)
{
  const P2pTensor    *tensor = p2p_tensors_get (tensors, name);
  g_autoptr (GString) dims = g_string_new (NULL);

  if (! tensor)
    g_error ("there is no tensor %s", name);
  for (int i = 0; i < tensor->n_dims; i++)
    g_string_append_printf (dims, i ? ",%d" : "%d", (int) tensor->dims[i]);
  g_assert_cmpstr (dims->str, ==, shape);
  g_assert_cmpstr (p2p_dtype_name (tensor->dtype), ==, p2p_dtype_name (dtype));

  for (gsize i = 0; i < tensor->n_elements; i++)
    {
      float value;

      p2p_widen (dtype, tensor->data + i * p2p_dtype_size (dtype), 1, &value);
      g_assert_cmpfloat (value, ==, expected[i] / 4.0f - 2.0f);
    }
}

/* From now on, tensors are looked up under names that follow these keys. */
static P2pTensors *
look_under (P2pTensors *tensors,
            const char *keys)
{
  tensors->prefix = keys;
  tensors->absent = "";
  return tensors;
}

static const int in_order[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
                                19, 20, 21, 22, 23 };

/* keys lead to the state dict.  n is the number of tensors in the file. */
static void
check_state (const char *file,
             const char *keys,
             guint       n)
{
  g_autoptr (P2pTensors) tensors = look_under (open_fixture (file), keys);
  static const char     *names[] = { "norm.weight", "norm.bias", "norm.running_mean",
                                     "norm.running_var", "conv.bias" };
  const P2pTensor       *counter = p2p_tensors_get (tensors, "norm.num_batches_tracked");

  g_assert_cmpuint (tensors->list->len, ==, n);
  check_tensor (tensors, "conv.weight", P2P_F32, "2,1,3,3", in_order);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    check_tensor (tensors, names[i], P2P_F32, "2", in_order);
  g_assert_nonnull (counter);
  g_assert_cmpint (counter->dtype, ==, P2P_I64);
  g_assert_cmpmem (counter->data, 8, "\7\0\0\0\0\0\0", 8);
}

static void
test_state (void)
{
  check_state ("torch-state.pth", "", 7);
}

static void
test_packed (void)
{
  check_state ("torch-packed.pth", "", 7);
}

static void
test_legacy (void)
{
  check_state ("torch-legacy.pth", "", 7);
}

/* The file also contains another network, an optimizer, options, numpy's numbers, sets and more.
 * Only the tensors are listed, under the keys that lead to them. */
static void
test_checkpoint (void)
{
  check_state ("torch-checkpoint.pth", "netG.", 9);
  check_state ("torch-legacy-checkpoint.pth", "netG.", 9);
}

static void
check_views (const char *file)
{
  g_autoptr (P2pTensors) tensors = look_under (open_fixture (file), "state_dict.module.");
  static const int       transposed[] = { 0, 6, 12, 18, 1, 7, 13, 19, 2, 8, 14, 20,
                                          3, 9, 15, 21, 4, 10, 16, 22, 5, 11, 17, 23 };
  static const int       columns[] = { 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 };
  static const int       across[] = { 0, 2, 4, 1, 3, 5 };
  static const int       scalar[] = { 38 };

  g_assert_cmpuint (tensors->list->len, ==, 10);
  check_tensor (tensors, "whole", P2P_F32, "4,6", in_order);
  check_tensor (tensors, "transposed", P2P_F32, "6,4", transposed);
  check_tensor (tensors, "row", P2P_F32, "6", in_order + 12);
  check_tensor (tensors, "columns", P2P_F32, "4,3", columns);
  check_tensor (tensors, "half", P2P_F16, "2,3", in_order);
  check_tensor (tensors, "bfloat16", P2P_BF16, "2,3", across);
  check_tensor (tensors, "double", P2P_F32, "6", in_order);
  check_tensor (tensors, "parameter", P2P_F32, "4", in_order);
  check_tensor (tensors, "scalar", P2P_F32, "", scalar);
  check_tensor (tensors, "empty", P2P_F32, "0,3", NULL);
}

static void
test_views (void)
{
  check_views ("torch-views.pth");
  check_views ("torch-legacy-views.pth");
}

static void
check_module (const char *file)
{
  g_autofree char   *path = g_test_build_filename (G_TEST_DIST, "data", file, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (fetched (p2p_tensors_peek (path, &error), &error));
  assert_refused (error, P2P_ERROR_FILE, "The file holds a whole network as a Python object. "
                  "Opening it would mean running code from the file, so only weights are read. If "
                  "you trust the file, load it in PyTorch and save the network's state_dict ()");
}

static void
test_module (void)
{
  check_module ("torch-module.pth");
  check_module ("torch-legacy-module.pth");
}

/* ---- Containers ------------------------------------------------------------------------- */

#define FLOATS "\0\0\0\0\0\0\x80\x3f\0\0\0\x40\0\0\x40\x40"    /* 0, 1, 2, 3 */
#define BAD P2P_ERROR_FILE

static const Tensor sound[] = { { "a", "Float", "0", 4, 0, { 2, 2 }, { 2, 1 } }, { NULL } };

static void
check_refused (GBytes     *file,
               P2pError    code,
               const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fetched (p2p_torch_file_peek (file, FALSE, &error), &error));
  assert_refused (error, code, message);
}

/* A model with one intact tensor, and its storage. */
static GBytes *
make_model (const char *byteorder,
            const char *storage,
            gsize       storage_size)
{
  g_autoptr (GByteArray) pickle = make_pickle (sound);
  Member                 members[] = { { "model/data.pkl", pickle->data, pickle->len },
                                       { "model/byteorder", byteorder, strlen (byteorder) },
                                       { "model/data/0", storage, storage_size },
                                       { NULL } };

  return make_zip (members, FALSE);
}

static void
test_hand_made (void)
{
  g_autoptr (GBytes)     file = make_model ("little", FLOATS, 16);
  GError                *error = NULL;
  g_autoptr (P2pTensors) tensors = fetched (p2p_torch_file_peek (file, FALSE, &error), &error);

  g_assert_no_error (error);
  g_assert_cmpmem (p2p_tensors_get (tensors, "a")->data, 16, FLOATS, 16);
}

static void
test_big_endian (void)
{
  g_autoptr (GBytes) file = make_model ("big", FLOATS, 16);

  check_refused (file, P2P_ERROR_UNSUPPORTED, "The numbers in the file are big-endian, which is "
                 "not read; save it again on a little-endian machine");
}

static void
test_wrong_size (void)
{
  g_autoptr (GBytes) shorter = make_model ("little", FLOATS, 12);
  g_autoptr (GBytes) longer = make_model ("little", FLOATS, 17);

  check_refused (shorter, BAD, "A storage in the zip container has the wrong size");
  check_refused (longer, BAD, "A storage in the zip container has the wrong size");
}

#define DAMAGED_ZIP "The zip container is damaged, perhaps cut off"

/* The file is refused wherever it is cut off, and whichever byte of the numbers is changed. */
static void
test_cut_off (void)
{
  g_autoptr (GBytes) file = make_model ("little", FLOATS, 16);

  for (gsize size = 4; size < g_bytes_get_size (file); size++)
    {
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (file, NULL), size);
      g_autoptr (GBytes) cut = g_bytes_new_static (copy, size);

      check_refused (cut, BAD, DAMAGED_ZIP);
    }
}

static void
test_checksum (void)
{
  g_autoptr (GBytes) file = make_model ("little", FLOATS, 16);
  gsize              size;
  guint8            *data = g_bytes_unref_to_data (g_steal_pointer (&file), &size);
  guint8            *numbers = data;
  g_autoptr (GBytes) changed = NULL;

  while (memcmp (numbers, FLOATS, 16) != 0)
    numbers++;
  numbers[5] ^= 1;
  changed = g_bytes_new_take (data, size);
  check_refused (changed, BAD, DAMAGED_ZIP);
}

static void
test_other_zip (void)
{
  static const Member members[] = { { "readme.txt", "hello", 5 }, { "a/b/data.pkl", "", 0 },
                                    { NULL } };
  g_autoptr (GBytes)  file = make_zip (members, FALSE);

  check_refused (file, BAD, "This is a zip file, but not one of PyTorch: it has no data.pkl");
}

static void
test_two_models (void)
{
  static const Member members[] = { { "a/data.pkl", "", 0 }, { "b/data.pkl", "", 0 }, { NULL } };
  g_autoptr (GBytes)  file = make_zip (members, FALSE);

  check_refused (file, BAD, "The zip container holds more than one model");
}

static void
test_empty_pickle (void)
{
  static const Member members[] = { { "a/data.pkl", "", 0 }, { NULL } };
  g_autoptr (GBytes)  file = make_zip (members, FALSE);

  check_refused (file, BAD, "The list of weights is damaged (at byte 0)");
}

static void
test_same_member (void)
{
  static const Member members[] = { { "a/data.pkl", "x", 1 }, { "a/data.pkl", "y", 1 }, { NULL } };
  g_autoptr (GBytes)  file = make_zip (members, FALSE);

  check_refused (file, BAD, "The zip container has two members of the same name");
}

static void
test_missing_storage (void)
{
  g_autoptr (GByteArray) pickle = make_pickle (sound);
  Member                 members[] = { { "m/data.pkl", pickle->data, pickle->len }, { NULL } };
  g_autoptr (GBytes)     file = make_zip (members, FALSE);

  check_refused (file, BAD, "The numbers of a tensor are missing in the zip container");
}

#define TOO_MUCH "The file would take far more memory than its own size; no model does"

/* 64 MiB of zeros in 64 KiB. */
static void
test_bomb (void)
{
  const gsize            n = 16 * 1024 * 1024;
  const Tensor           large[] = { { "a", "Float", "0", n, 0, { 1, n }, { n, 1 } }, { NULL } };
  g_autoptr (GByteArray) pickle = make_pickle (large);
  g_autofree guint8     *zeros = g_malloc0 (4 * n);
  Member                 members[] = { { "m/data.pkl", pickle->data, pickle->len },
                                       { "m/data/0", zeros, 4 * n }, { NULL } };
  g_autoptr (GBytes)     file = make_zip (members, TRUE);

  check_refused (file, BAD, TOO_MUCH);
  members[0] = (Member) { "m/data.pkl", zeros, 4 * n };
  g_bytes_unref (file);
  file = make_zip (members, TRUE);
  check_refused (file, BAD, TOO_MUCH);
}

/* A hundred views of one storage.  Each has another order than the storage, so it must be
 * copied. */
static void
test_many_views (void)
{
  const guint32          n = 65536;
  g_autoptr (GByteArray) pickle = g_byte_array_new ();
  g_autofree guint8     *zeros = g_malloc0 (4 * n);
  g_autoptr (GBytes)     file = NULL;

  ADD (pickle, "\x80\x02}");
  for (int i = 0; i < 100; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d", i);
      Tensor           tensor = { name, "Float", "0", n, 0, { 256, 256 }, { 1, 256 } };

      add_tensor (pickle, &tensor);
    }
  ADD (pickle, ".");

  file = make_zip ((Member[]) { { "m/data.pkl", pickle->data, pickle->len },
                                { "m/data/0", zeros, 4 * n }, { NULL } }, FALSE);
  check_refused (file, BAD, TOO_MUCH);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/torch/state-dict", test_state);
  g_test_add_func ("/torch/packed-and-other-folder", test_packed);
  g_test_add_func ("/torch/strides-types-and-wrappers", test_views);
  g_test_add_func ("/torch/legacy/state-dict", test_legacy);
  g_test_add_func ("/torch/checkpoint", test_checkpoint);
  g_test_add_func ("/torch/refuses/whole-network", test_module);
  g_test_add_func ("/torch/zip/hand-made", test_hand_made);
  g_test_add_func ("/torch/zip/refuses/big-endian", test_big_endian);
  g_test_add_func ("/torch/zip/refuses/wrong-size", test_wrong_size);
  g_test_add_func ("/torch/zip/refuses/cut-off-anywhere", test_cut_off);
  g_test_add_func ("/torch/zip/refuses/wrong-checksum", test_checksum);
  g_test_add_func ("/torch/zip/refuses/other-zip", test_other_zip);
  g_test_add_func ("/torch/zip/refuses/two-models", test_two_models);
  g_test_add_func ("/torch/zip/refuses/empty-pickle", test_empty_pickle);
  g_test_add_func ("/torch/zip/refuses/same-member-twice", test_same_member);
  g_test_add_func ("/torch/zip/refuses/missing-storage", test_missing_storage);
  g_test_add_func ("/torch/zip/refuses/bomb", test_bomb);
  g_test_add_func ("/torch/zip/refuses/many-views", test_many_views);
  return g_test_run ();
}
