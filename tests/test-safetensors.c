/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Damaged and hostile safetensors files, and the exact error that each must give. */

#include <glib/gstdio.h>
#include <string.h>

#include "fetched.h"
#include "files/open.h"
#include "files/safetensors.h"
#include "refused.h"

typedef struct
{
  const char *name;
  const char *header;
  gsize       data_size;    /* bytes after the header */
  P2pError    code;
  const char *message;      /* NULL: the file opens */
} Case;

#define ENTRY(dtype, shape, offsets) \
  "{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":" offsets "}"
#define NONSENSE "The header's entry for tensor “a” makes no sense"
#define OUTSIDE  "Tensor “a” lies outside the file, which may be cut off"
#define SIZE     "The size of tensor “a” does not match its shape"
#define TEXTS    "The metadata is not a list of texts"
#define BEHIND   "There are bytes after the last tensor that belong to no tensor"
#define NO_JSON  "The header is not JSON"
#define BAD      P2P_ERROR_FILE

static const Case cases[] =
{
  { "nothing-in-it", "{}", 0 },
  { "padded", "{}      ", 0 },
  { "scalar", "{\"a\":" ENTRY ("I64", "[]", "[0,8]") "}", 8 },
  { "no-elements", "{\"a\":" ENTRY ("F32", "[0,3]", "[0,0]") "}", 0 },
  { "no-elements-listed-after", "{\"b\":" ENTRY ("F32", "[1]", "[0,4]") ",\"a\":"
    ENTRY ("F32", "[0]", "[0,0]") "}", 4 },
  { "padded-with-line-breaks", "{}\r\n\t\n", 0 },
  { "blanks-first", " \n{}", 0 },
  { "unaligned", "{\"a\":" ENTRY ("U8", "[1]", "[0,1]") ",\"b\":" ENTRY ("F32", "[1]", "[1,5]") "}",
    5 },
  { "nine-dimensions", "{\"a\":" ENTRY ("F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]") "}", 4 },
  { "metadata-null", "{\"__metadata__\":null}", 0 },
  { "other-types", "{\"a\":" ENTRY ("F64", "[1]", "[0,8]") ",\"b\":" ENTRY ("BOOL", "[3]", "[8,11]")
    ",\"c\":" ENTRY ("F4", "[2]", "[11,12]") "}", 12 },
  { "type-of-the-future", "{\"a\":" ENTRY ("F1000", "[7]", "[0,5]") "}", 5 },
  { "unknown-fields", "{\"a\":{\"x\":1,\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}",
    4 },

  { "not-utf8", "{\"\xff\":1}", 0, BAD, "The header is not UTF-8" },
  { "no-json", "{\"a\" 1}", 0, BAD, NO_JSON },
  { "open-string", "{\"a", 0, BAD, NO_JSON },
  { "open-object", "{\"a\":{", 0, BAD, NO_JSON },
  { "two-objects", "{}{}", 0, BAD, NO_JSON },
  { "comment", "{/* \" */}", 0, BAD, NO_JSON },
  { "single-quotes", "{'a':1}", 0, BAD, NO_JSON },
  { "deep", "{\"a\":[[[[[[[[]]]]]]]]}", 0, BAD, "The header is nested too deeply" },
  { "deep-behind-quotes", "{\"\\\"\":[[[[[[[[\"", 0, BAD, "The header is nested too deeply" },
  { "same-name", "{\"a\":" ENTRY ("F32", "[1]", "[0,4]") ",\"a\":" ENTRY ("F32", "[1]", "[4,8]")
    "}", 8, BAD, "The header has two entries named “a”" },
  { "same-name-escaped", "{\"a\":" ENTRY ("F32", "[1]", "[0,4]") ",\"\\u0061\":"
    ENTRY ("F32", "[1]", "[4,8]") "}", 8, BAD, "The header has two entries named “a”" },
  { "same-control-name", "{\"\\u001b\":1,\"\\u001b\":2}", 0, BAD,
    "The header has two entries of the same name" },
  { "same-field", "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F16\"}}", 0, BAD,
    "The header has two entries named “dtype”" },
  { "same-metadata", "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0, BAD,
    "The header has two entries named “k”" },

  { "metadata-number", "{\"__metadata__\":{\"k\":1}}", 0, BAD, TEXTS },
  { "metadata-list", "{\"__metadata__\":[]}", 0, BAD, TEXTS },
  { "control-name", "{\"\\u001b[2J\":" ENTRY ("F32", "[1]", "[0,4]") "}", 4, BAD,
    "The name of a tensor is too long, or is not plain text" },

  { "not-an-object", "{\"a\":1}", 0, BAD, NONSENSE },
  { "no-dtype", "{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, BAD, NONSENSE },
  { "no-shape", "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, BAD, NONSENSE },
  { "no-offsets", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, BAD, NONSENSE },
  { "dtype-number", "{\"a\":{\"dtype\":32,\"shape\":[1],\"data_offsets\":[0,4]}}", 4, BAD,
    NONSENSE },
  { "negative-shape", "{\"a\":" ENTRY ("F32", "[-1]", "[0,4]") "}", 4, BAD, NONSENSE },
  { "real-shape", "{\"a\":" ENTRY ("F32", "[1.0]", "[0,4]") "}", 4, BAD, NONSENSE },
  { "text-shape", "{\"a\":" ENTRY ("F32", "[\"1\"]", "[0,4]") "}", 4, BAD, NONSENSE },
  { "one-offset", "{\"a\":" ENTRY ("F32", "[1]", "[0]") "}", 4, BAD, NONSENSE },
  { "three-offsets", "{\"a\":" ENTRY ("F32", "[1]", "[0,4,8]") "}", 8, BAD, NONSENSE },
  { "offset-over-64-bits", "{\"a\":" ENTRY ("F32", "[1]", "[0,18446744073709551620]") "}", 4, BAD,
    NONSENSE },

  { "doubles-too-short", "{\"a\":" ENTRY ("F64", "[1]", "[0,4]") "}", 4, BAD, SIZE },
  { "half-a-byte", "{\"a\":" ENTRY ("F4", "[3]", "[0,2]") "}", 2, BAD, SIZE },
  { "outside", "{\"a\":" ENTRY ("F32", "[1]", "[4,8]") "}", 7, BAD, OUTSIDE },
  { "far-outside", "{\"a\":" ENTRY ("F32", "[1]", "[9223372036854775802,9223372036854775806]") "}",
    4, BAD, OUTSIDE },
  { "backwards", "{\"a\":" ENTRY ("F32", "[1]", "[4,0]") "}", 8, BAD, OUTSIDE },
  { "too-short", "{\"a\":" ENTRY ("F32", "[2]", "[0,4]") "}", 8, BAD, SIZE },
  { "too-long", "{\"a\":" ENTRY ("F32", "[1]", "[0,8]") "}", 8, BAD, SIZE },
  { "shape-overflow", "{\"a\":" ENTRY ("F32", "[4294967296,4294967296,4294967297]", "[0,4]") "}", 4,
    BAD, SIZE },
  { "overlap", "{\"a\":" ENTRY ("F32", "[2]", "[0,8]") ",\"b\":" ENTRY ("F32", "[1]", "[4,8]") "}",
    8, BAD, "Tensors “a” and “b” overlap" },
  { "hole-first", "{\"a\":" ENTRY ("F32", "[1]", "[1,5]") "}", 5, BAD,
    "There are bytes before tensor “a” that belong to no tensor" },
  { "hole", "{\"a\":" ENTRY ("F32", "[1]", "[0,4]") ",\"b\":" ENTRY ("F32", "[1]", "[5,9]") "}", 9,
    BAD, "There are bytes before tensor “b” that belong to no tensor" },
  { "bytes-behind", "{\"a\":" ENTRY ("F32", "[1]", "[0,4]") "}", 5, BAD, BEHIND },
  { "bytes-of-nothing", "{}", 1, BAD, BEHIND },
};

/* The reader gets exactly these bytes, so that the sanitizer sees a read beyond them. */
static P2pTensors *
read_bytes (guint64       header_size,
            const char   *header,
            gsize         rest,
            GError      **error)
{
  gsize              size = 8 + strlen (header) + rest;
  guint8            *data = g_malloc0 (size);
  g_autoptr (GBytes) bytes = NULL;

  header_size = GUINT64_TO_LE (header_size);
  memcpy (data, &header_size, 8);
  memcpy (data + 8, header, strlen (header));
  bytes = g_bytes_new_take (data, size);
  return p2p_safetensors_read (bytes, error);
}

static void
test_case (gconstpointer data)
{
  const Case            *test = data;
  g_autoptr (GError)     error = NULL;
  g_autoptr (P2pTensors) tensors = NULL;

  tensors = read_bytes (strlen (test->header), test->header, test->data_size, &error);
  if (! test->message)
    {
      g_assert_no_error (error);
      g_assert_nonnull (tensors);
      return;
    }
  g_assert_null (tensors);
  assert_refused (error, test->code, test->message);
}

static void
check_size (guint64     header_size,
            const char *header,
            const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (read_bytes (header_size, header, 0, &error));
  assert_refused (error, P2P_ERROR_FILE, message);
}

#define TOO_LONG "The header is longer than the file, which may be cut off"

static void
test_header_too_long (void)
{
  check_size (3, "{}", TOO_LONG);
  check_size (G_MAXUINT64, "{}", TOO_LONG);
  check_size (G_MAXUINT64 - 7, "{}", TOO_LONG);
}

/* The reference reader accepts up to 100 000 000 bytes.  The header here is mostly blanks.  To save
 * time, the header that is really read has a fifth of that size. */
static void
test_header_large (void)
{
  const gsize            most = 100 * 1000 * 1000;
  g_autofree char       *header = g_malloc (most + 2);
  g_autoptr (P2pTensors) tensors = NULL;

  memset (header, ' ', most + 1);
  header[most + 1] = '\0';
  memcpy (header, "{}", 2);
  check_size (most + 1, header, "The header is larger than 100 MB, which no reader accepts");
  header[most / 5] = '\0';
  tensors = read_bytes (most / 5, header, 0, NULL);
  g_assert_nonnull (tensors);
}

static void
test_header_empty (void)
{
  check_size (0, "{}", NO_JSON);
}

static void
test_too_many_values (void)
{
  g_autoptr (GString) header = g_string_new ("{\"a\":[0");

  for (int i = 0; i < 100 * 1000; i++)
    g_string_append (header, ",0");
  g_string_append (header, "]}");
  check_size (header->len, header->str, "The header has more entries than any model");
}

static void
test_cut_off (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\2\0\0\0\0\0\0", 7);
  g_autoptr (GError) error = NULL;

  g_assert_null (p2p_safetensors_read (bytes, &error));
  assert_refused (error, P2P_ERROR_FILE, "The file is cut off");
}

/* ---- Told by their first bytes ---------------------------------------------------------- */

static void
check_open (const char *contents,
            gsize       size,
            P2pError    code,
            const char *message)
{
  g_autofree char   *path = NULL;
  g_autoptr (GError) error = NULL;
  int                fd = g_file_open_tmp ("p2p-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, contents, size, NULL));
  g_assert_null (fetched (p2p_tensors_peek (path, &error), &error));
  g_unlink (path);
  assert_refused (error, code, message);
}

static void
test_open_other (void)
{
  check_open ("seventeen letters", 17,
              BAD, "This is not a model file. Models are .safetensors files, or .pth files of "
              "PyTorch");
}

typedef struct
{
  const char *name;
  const char *bytes;
  gsize       n;
  P2pError    code;
  const char *message;
} Stranger;

#define PACKED(format) "This is a packed file (" format "), whatever its name says. Unpack it " \
                       "and take the model file that is in it"
#define PAGE "This is a web page, not a model file: the address led to a page about the file, or " \
             "to an error. Download the file itself"
#define BYTES(bytes) bytes, sizeof (bytes) - 1
#define OTHER P2P_ERROR_UNSUPPORTED

static const Stranger strangers[] =
{
  { "git-lfs", BYTES ("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n"), OTHER,
    "This is a pointer of Git LFS, not the model itself: only the address was downloaded. Get the "
    "file with “git lfs pull”, or with the button “Download” on its page" },
  { "web-page", BYTES ("<!DOCTYPE html>\n<html lang=\"en\">"), BAD, PAGE },
  { "web-page-after-blanks", BYTES ("\xef\xbb\xbf\n  <HTML><head>"), BAD, PAGE },
  { "xml", BYTES ("<?xml version=\"1.0\"?><Error><Code>AccessDenied"), BAD, PAGE },
  { "gzip", BYTES ("\x1f\x8b\x08\0\0\0\0\0\0\3"), OTHER, PACKED ("gzip") },
  { "7z", BYTES ("7z\xbc\xaf\x27\x1c\0\4"), OTHER, PACKED ("7z") },
  { "rar", BYTES ("Rar!\x1a\7\1\0"), OTHER, PACKED ("RAR") },
  { "xz", BYTES ("\xfd" "7zXZ\0\0\4"), OTHER, PACKED ("xz") },
  { "keras", BYTES ("\x89HDF\r\n\x1a\n"), OTHER, "This is a file in the format HDF5 (Keras), "
    "which cannot be read here. If its weights are also offered as a .safetensors file, or as a "
    ".pth file of PyTorch, use that file" },
  { "picture", BYTES ("\x89PNG\r\n\x1a\n"), OTHER, "This is a picture, not a model "
    "file. Models are .safetensors files, or .pth files of PyTorch" },
};

static void
test_open_stranger (gconstpointer data)
{
  const Stranger *test = data;

  check_open (test->bytes, test->n, test->code, test->message);
}

/* Blanks before the header's JSON do not make it another kind of file. */
static void
test_open_blanks (void)
{
  check_open ("\3\0\0\0\0\0\0\0 {1", 11, BAD, NO_JSON);
}

static void
test_open_empty (void)
{
  check_open ("", 0, BAD, "The file is empty");
}

/* The format that PyTorch 0.1 wrote. */
static void
test_open_tar (void)
{
  char block[512] = "sys_info";

  memcpy (block + 257, "ustar", 5);
  check_open (block, sizeof block, P2P_ERROR_UNSUPPORTED,
              "This .pth is a tar file of one of the first versions of PyTorch, which is not read. "
              "A newer PyTorch can save it again: torch.save (torch.load (old), new)");
}

static void
check_open_path (const char *path,
                 P2pError    code,
                 const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fetched (p2p_tensors_peek (path, &error), &error));
  assert_refused (error, code, message);
}

static void
test_open_missing (void)
{
  check_open_path ("/there/is/no/such.pth", P2P_ERROR_NOT_FOUND, "No such file or directory");
}

static void
test_open_folder (void)
{
  check_open_path ("/", P2P_ERROR_FILE, "This is a folder or a device, not a model file");
}

static void
test_open_device (void)
{
  check_open_path ("/dev/zero", P2P_ERROR_FILE, "This is a folder or a device, not a model file");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/safetensors/",
                                           cases[i].message ? "refuses/" : "takes/",
                                           cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/safetensors/refuses/header-too-long", test_header_too_long);
  g_test_add_func ("/safetensors/refuses/header-over-100-mb", test_header_large);
  g_test_add_func ("/safetensors/refuses/header-empty", test_header_empty);
  g_test_add_func ("/safetensors/refuses/too-many-values", test_too_many_values);
  g_test_add_func ("/safetensors/refuses/cut-off", test_cut_off);
  g_test_add_func ("/open/other-format", test_open_other);
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_autofree char *path = g_strconcat ("/open/", strangers[i].name, NULL);

      g_test_add_data_func (path, &strangers[i], test_open_stranger);
    }
  g_test_add_func ("/open/blanks-before-json", test_open_blanks);
  g_test_add_func ("/open/tar", test_open_tar);
  g_test_add_func ("/open/empty", test_open_empty);
  g_test_add_func ("/open/missing", test_open_missing);
  g_test_add_func ("/open/folder", test_open_folder);
  g_test_add_func ("/open/device", test_open_device);

  return g_test_run ();
}
