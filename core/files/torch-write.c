/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Writing PyTorch's zip files (torch-file.h).  All members are stored and not packed, so that
 * readers can map them. */

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

#include "base/intl.h"
#include "replace.h"
#include "torch-write.h"

#define FOLDER  "archive/"    /* torch.save () uses this name when it does not know the file's */
#define VERSION "3\n"         /* the version of PyTorch's container */

/* ---- The pickle --------------------------------------------------------------------------- */

/* Opcodes of pickle protocol 2 (Python's Lib/pickletools.py). */
#define PROTO       "\x80\x02"
#define MARK        "("
#define TUPLE       "t"
#define EMPTY_TUPLE ")"
#define GLOBAL      "c"
#define REDUCE      "R"
#define SETITEMS    "u"
#define BINUNICODE  "X"
#define LONG1       "\x8a"
#define NEWFALSE    "\x89"
#define BINPERSID   "Q"
#define STOP        "."

#define ORDERED_DICT GLOBAL "collections\nOrderedDict\n" EMPTY_TUPLE REDUCE

static const char *const storages[] =
{
  [P2P_F32]  = "FloatStorage",
  [P2P_F16]  = "HalfStorage",
  [P2P_BF16] = "BFloat16Storage",
  [P2P_I64]  = "LongStorage",
};

static void
add_text (GByteArray *pickle,
          const char *text)
{
  guint32 length = strlen (text);
  guint32 stored = GUINT32_TO_LE (length);

  g_byte_array_append (pickle, (const guint8 *) BINUNICODE, 1);
  g_byte_array_append (pickle, (const guint8 *) &stored, sizeof stored);
  g_byte_array_append (pickle, (const guint8 *) text, length);
}

static void
add_integer (GByteArray *pickle,
             gint64      value)
{
  guint8 length = sizeof value;
  gint64 stored = GINT64_TO_LE (value);

  g_byte_array_append (pickle, (const guint8 *) LONG1, 1);
  g_byte_array_append (pickle, &length, 1);
  g_byte_array_append (pickle, (const guint8 *) &stored, sizeof stored);
}

static void
add_codes (GByteArray *pickle,
           const char *codes)
{
  g_byte_array_append (pickle, (const guint8 *) codes, strlen (codes));
}

/* Adds a tensor's name, and its value: the call
 *   _rebuild_tensor_v2 (("storage", type, key, "cpu", count), offset, sizes, strides,
 *                       requires_grad, hooks)
 * in which the tuple is the persistent id of the storage. */
static void
add_tensor (GByteArray      *pickle,
            const P2pTensor *tensor,
            guint            key)
{
  g_autofree char *key_text = g_strdup_printf ("%u", key);
  gint64           strides[P2P_MAX_DIMS];
  gint64           step = 1;

  for (int i = tensor->n_dims - 1; i >= 0; i--)
    {
      strides[i] = step;
      step *= tensor->dims[i];
    }

  add_text (pickle, tensor->name);
  add_codes (pickle, GLOBAL "torch._utils\n_rebuild_tensor_v2\n" MARK MARK);
  add_text (pickle, "storage");
  add_codes (pickle, GLOBAL "torch\n");
  add_codes (pickle, storages[tensor->dtype]);
  add_codes (pickle, "\n");
  add_text (pickle, key_text);
  add_text (pickle, "cpu");
  add_integer (pickle, tensor->n_elements);
  add_codes (pickle, TUPLE BINPERSID);
  add_integer (pickle, 0);
  add_codes (pickle, MARK);
  for (int i = 0; i < tensor->n_dims; i++)
    add_integer (pickle, tensor->dims[i]);
  add_codes (pickle, TUPLE MARK);
  for (int i = 0; i < tensor->n_dims; i++)
    add_integer (pickle, strides[i]);
  add_codes (pickle, TUPLE NEWFALSE ORDERED_DICT TUPLE REDUCE);
}

static GByteArray *
make_pickle (const P2pTensors *tensors)
{
  GByteArray *pickle = g_byte_array_new ();

  add_codes (pickle, PROTO ORDERED_DICT MARK);
  for (guint i = 0; i < tensors->list->len; i++)
    add_tensor (pickle, g_ptr_array_index (tensors->list, i), i);
  add_codes (pickle, SETITEMS STOP);
  return pickle;
}

/* ---- The container ------------------------------------------------------------------------ */

static gboolean
fail (struct archive *zip,
      GError        **error)
{
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (archive_errno (zip)),
               _("The file cannot be written: %s"), g_strerror (archive_errno (zip)));
  return FALSE;
}

static gboolean
put (struct archive *zip,
     const char     *name,
     const void     *data,
     gsize           size,
     GError        **error)
{
  struct archive_entry *entry = archive_entry_new ();
  g_autofree char      *path = g_strconcat (FOLDER, name, NULL);
  gboolean              done;

  archive_entry_set_pathname (entry, path);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, size);
  done = archive_write_header (zip, entry) == ARCHIVE_OK
         && archive_write_data (zip, data, size) == (la_ssize_t) size;
  archive_entry_free (entry);

  return done ? TRUE : fail (zip, error);
}

static gboolean
put_all (struct archive   *zip,
         const P2pTensors *tensors,
         GError          **error)
{
  g_autoptr (GByteArray) pickle = make_pickle (tensors);

  if (! put (zip, "data.pkl", pickle->data, pickle->len, error)
      || ! put (zip, "byteorder", "little", strlen ("little"), error))
    return FALSE;

  for (guint i = 0; i < tensors->list->len; i++)
    {
      const P2pTensor *tensor = g_ptr_array_index (tensors->list, i);
      g_autofree char *name = g_strdup_printf ("data/%u", i);

      if (! put (zip, name, tensor->data, tensor->n_elements * p2p_dtype_size (tensor->dtype),
                 error))
        return FALSE;
    }

  return put (zip, "version", VERSION, strlen (VERSION), error);
}

static gboolean
save (FILE     *file,
      gpointer  data,
      GError  **error)
{
  struct archive *zip = archive_write_new ();
  gboolean        done;

  archive_write_set_format_zip (zip);
  archive_write_zip_set_compression_store (zip);
  done = archive_write_open_FILE (zip, file) == ARCHIVE_OK ? put_all (zip, data, error)
                                                           : fail (zip, error);
  if (done && archive_write_close (zip) != ARCHIVE_OK)
    done = fail (zip, error);
  archive_write_free (zip);
  return done;
}

gboolean
p2p_torch_write (const char       *path,
                 const P2pTensors *tensors,
                 GError          **error)
{
  return p2p_replace_file (path, save, (gpointer) tensors, error);
}
