/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Damaged and hostile files in the format before PyTorch 1.6, and the exact error for each.
 * test-torch-file.c reads files of this format that PyTorch wrote. */

#include <glib.h>
#include <string.h>

#include "fetched.h"
#include "files/torch-legacy.h"
#include "pickles.h"
#include "refused.h"

#define FLOATS "\0\0\0\0\0\0\x80\x3f\0\0\0\x40\0\0\x40\x40"    /* 0, 1, 2, 3 */
#define BAD P2P_ERROR_FILE

static const Tensor sound[] = { { "a", "Float", "0", 4, 0, { 2, 2 }, { 2, 1 } }, { NULL } };

static void
check_refused (GBytes     *file,
               P2pError    code,
               const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fetched (p2p_torch_legacy_peek (file, FALSE, &error), &error));
  assert_refused (error, code, message);
}

/* ---- The head --------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  const char *bytes;    /* after the magic number */
  gsize       size;
  P2pError    code;
  const char *message;
} Head;

#define P(bytes) bytes, sizeof (bytes) - 1

static const Head heads[] =
{
  { "without-format", P (""), BAD, "The list of weights is damaged (at byte 0)" },
  { "other-format", P ("\x80\x02M\xe8\x03." LEGACY_FACTS), P2P_ERROR_UNSUPPORTED,
    "The .pth is of a format that no PyTorch has written; save it again with a newer PyTorch: "
    "torch.save (torch.load (old), new)" },
  { "facts-of-nothing", P (LEGACY_FORMAT "\x80\x02}."), BAD,
    "The file does not say what its byte order is" },
  { "facts-no-dict", P (LEGACY_FORMAT "\x80\x02N."), BAD,
    "The file does not say what its byte order is" },
  { "big-endian", P (LEGACY_FORMAT "\x80\x02}X\x0d\0\0\0little_endian\x89s."),
    P2P_ERROR_UNSUPPORTED, "The numbers in the file are big-endian, which is not read; save it "
    "again on a little-endian machine" },
  { "facts-that-run", P (LEGACY_FORMAT "\x80\x02" "cos\nsystem\n."), BAD,
    "The file does not say what its byte order is" },
  { "without-weights", P (LEGACY_FORMAT LEGACY_FACTS), BAD,
    "The list of weights is damaged (at byte 0)" },
};

static void
test_head (gconstpointer data)
{
  const Head        *test = data;
  GByteArray        *array = g_byte_array_new ();
  g_autoptr (GBytes) file = NULL;

  ADD (array, LEGACY_MAGIC);
  add_bytes (array, test->bytes, test->size);
  file = g_byte_array_free_to_bytes (array);
  check_refused (file, test->code, test->message);
}

/* ---- The storages ----------------------------------------------------------------------- */

static GBytes *
make_model (const Numbers *storages)
{
  g_autoptr (GByteArray) pickle = make_pickle (sound);

  return make_legacy (pickle, storages);
}

static const Numbers sound_numbers[] = { { "0", 4, FLOATS, 16 }, { NULL } };

static void
test_hand_made (void)
{
  g_autoptr (GBytes)     file = make_model (sound_numbers);
  GError                *error = NULL;
  g_autoptr (P2pTensors) tensors = fetched (p2p_torch_legacy_peek (file, FALSE, &error), &error);

  g_assert_no_error (error);
  g_assert_cmpmem (p2p_tensors_get (tensors, "a")->data, 16, FLOATS, 16);
}

static void
check_numbers (const Numbers *storages,
               const char    *message)
{
  g_autoptr (GBytes) file = make_model (storages);

  check_refused (file, BAD, message);
}

#define NO_LIST "The list of storages makes no sense"

static void
test_storages (void)
{
  check_numbers ((Numbers[]) { { NULL } }, "The numbers of a tensor are missing in the file");
  check_numbers ((Numbers[]) { { "1", 4, FLOATS, 16 }, { NULL } }, NO_LIST);
  check_numbers ((Numbers[]) { sound_numbers[0], sound_numbers[0], { NULL } }, NO_LIST);
  check_numbers ((Numbers[]) { { "0", 3, FLOATS, 12 }, { NULL } },
                 "A storage in the file has the wrong size");
  check_numbers ((Numbers[]) { { "0", 4, FLOATS, 15 }, { NULL } }, "The file is cut off");
}

/* A number of elements whose bytes do not fit into 64 bits. */
static void
test_overflow (void)
{
  GByteArray        *pickle = g_byte_array_new ();
  g_autoptr (GBytes) file = NULL;

  ADD (pickle, "\x80\x02}");
  add_text (pickle, "a");
  ADD (pickle, "ctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\nFloatStorage\n");
  add_text (pickle, "0");
  ADD (pickle, "N\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7ftQK\0K\1K\1\x86K\1K\1\x86tRs.");
  file = make_legacy (pickle, (Numbers[]) { { "0", G_MAXINT64, FLOATS, 16 }, { NULL } });
  g_byte_array_unref (pickle);
  check_refused (file, BAD, "The file is cut off");
}

/* Wherever the file is cut off, in whichever part, it gives an error. */
static void
test_cut_off (void)
{
  g_autoptr (GBytes) file = make_model (sound_numbers);

  for (gsize size = sizeof LEGACY_MAGIC - 1; size < g_bytes_get_size (file); size++)
    {
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (file, NULL), size);
      g_autoptr (GBytes) cut = g_bytes_new_static (copy, size);
      g_autoptr (GError) error = NULL;

      g_assert_null (fetched (p2p_torch_legacy_peek (cut, FALSE, &error), &error));
      g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/torch/legacy/hand-made", test_hand_made);
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_autofree char *path = g_strconcat ("/torch/legacy/refuses/", heads[i].name, NULL);

      g_test_add_data_func (path, &heads[i], test_head);
    }
  g_test_add_func ("/torch/legacy/refuses/storages", test_storages);
  g_test_add_func ("/torch/legacy/refuses/overflow", test_overflow);
  g_test_add_func ("/torch/legacy/cut-off-anywhere", test_cut_off);

  return g_test_run ();
}
