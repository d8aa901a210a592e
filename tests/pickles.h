/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Makes pickles opcode by opcode, and zip and legacy files around them: files as PyTorch writes
 * them, and damaged ones. */

#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

static inline void
add_bytes (GByteArray *pickle,
           const char *bytes,
           gsize       n)
{
  g_byte_array_append (pickle, (const guint8 *) bytes, n);
}

#define ADD(pickle, opcodes) add_bytes (pickle, opcodes, sizeof (opcodes) - 1)

static inline void
add_number (GByteArray *pickle,
            char        opcode,
            guint32     number)
{
  guint32 bytes = GUINT32_TO_LE (number);

  add_bytes (pickle, &opcode, 1);
  add_bytes (pickle, (const char *) &bytes, 4);
}

static inline void
add_text (GByteArray *pickle,
          const char *text)
{
  add_number (pickle, 'X', strlen (text));
  add_bytes (pickle, text, strlen (text));
}

/* A tensor with two dimensions or one, as the tests describe it. */
typedef struct
{
  const char *name;
  const char *type;        /* "Float" … */
  const char *key;         /* the key of the storage */
  guint32     n;           /* numbers in the storage */
  guint32     offset;
  guint32     dims[2];
  guint32     strides[2];
  gboolean    is_row;      /* has only the first dimension */
  const char *view;        /* opcodes of the sixth field of a legacy storage's ID, or NULL */
} Tensor;

static inline void
add_sides (GByteArray    *pickle,
           const guint32  sides[2],
           gboolean       is_row)
{
  add_number (pickle, 'J', sides[0]);
  if (! is_row)
    add_number (pickle, 'J', sides[1]);
  add_bytes (pickle, is_row ? "\x85" : "\x86", 1);
}

/* Adds the persistent ID of the tensor's storage. */
static inline void
add_storage (GByteArray   *pickle,
             const Tensor *tensor)
{
  ADD (pickle, "(");
  add_text (pickle, "storage");
  ADD (pickle, "ctorch\n");
  add_bytes (pickle, tensor->type, strlen (tensor->type));
  ADD (pickle, "Storage\n");
  add_text (pickle, tensor->key);
  add_text (pickle, "cpu");
  add_number (pickle, 'J', tensor->n);
  if (tensor->view)
    add_bytes (pickle, tensor->view, strlen (tensor->view));
  ADD (pickle, "tQ");
}

/* Adds a tensor to the dict below it on the stack, as torch.save () does. */
static inline void
add_tensor (GByteArray   *pickle,
            const Tensor *tensor)
{
  add_text (pickle, tensor->name);
  ADD (pickle, "ctorch._utils\n_rebuild_tensor_v2\n(");
  add_storage (pickle, tensor);
  add_number (pickle, 'J', tensor->offset);
  add_sides (pickle, tensor->dims, tensor->is_row);
  add_sides (pickle, tensor->strides, tensor->is_row);
  ADD (pickle, "\x89" "ccollections\nOrderedDict\n)RtRs");
}

/* The pickle of a dict of tensors.  The list of tensors ends with one that has no name. */
static inline GByteArray *
make_pickle (const Tensor *tensors)
{
  GByteArray *pickle = g_byte_array_new ();

  ADD (pickle, "\x80\x02}");
  for (; tensors->name; tensors++)
    add_tensor (pickle, tensors);
  ADD (pickle, ".");
  return pickle;
}

/* ---- Legacy files ----------------------------------------------------------------------- */

#define LEGACY_MAGIC  "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
#define LEGACY_FORMAT "\x80\x02M\xe9\x03."
#define LEGACY_FACTS  "\x80\x02}X\x0d\0\0\0little_endian\x88s."
#define LEGACY_HEAD   LEGACY_MAGIC LEGACY_FORMAT LEGACY_FACTS

/* The numbers of a storage in a legacy file. */
typedef struct
{
  const char *key;
  guint64     n;
  const void *data;
  gsize       size;
} Numbers;

/* A legacy file with the pickle and the storages.  The list of storages ends with one that has no
 * key. */
static inline GBytes *
make_legacy (const GByteArray *pickle,
             const Numbers    *storages)
{
  GByteArray *file = g_byte_array_new ();

  ADD (file, LEGACY_HEAD);
  g_byte_array_append (file, pickle->data, pickle->len);
  ADD (file, "\x80\x02](");
  for (const Numbers *storage = storages; storage->key; storage++)
    add_text (file, storage->key);
  ADD (file, "e.");
  for (const Numbers *storage = storages; storage->key; storage++)
    {
      guint64 n = GUINT64_TO_LE (storage->n);

      add_bytes (file, (const char *) &n, sizeof n);
      add_bytes (file, storage->data, storage->size);
    }

  return g_byte_array_free_to_bytes (file);
}

/* ---- Zip files -------------------------------------------------------------------------- */

/* A member of a zip file. */
typedef struct
{
  const char *name;
  const void *data;
  gsize       size;
} Member;

/* A zip file with the members.  The list of members ends with one that has no name. */
static inline GBytes *
make_zip (const Member *members,
          gboolean      packed)
{
  struct archive *zip = archive_write_new ();
  gsize           room = 65536, used;
  guint8         *data;

  for (const Member *member = members; member->name; member++)
    room += member->size + 1024;
  data = g_malloc (room);

  archive_write_set_format_zip (zip);
  if (packed)
    archive_write_zip_set_compression_deflate (zip);
  else
    archive_write_zip_set_compression_store (zip);
  archive_write_open_memory (zip, data, room, &used);
  for (const Member *member = members; member->name; member++)
    {
      struct archive_entry *entry = archive_entry_new ();

      archive_entry_set_pathname (entry, member->name);
      archive_entry_set_size (entry, member->size);
      archive_entry_set_filetype (entry, AE_IFREG);
      archive_entry_set_perm (entry, 0644);
      g_assert_cmpint (archive_write_header (zip, entry), ==, ARCHIVE_OK);
      g_assert_cmpint (archive_write_data (zip, member->data, member->size), ==, member->size);
      archive_entry_free (entry);
    }
  g_assert_cmpint (archive_write_close (zip), ==, ARCHIVE_OK);
  archive_write_free (zip);

  /* The block is exactly as large as the file, so that the sanitizer sees a read beyond it. */
  return g_bytes_new_take (g_realloc (data, used), used);
}
