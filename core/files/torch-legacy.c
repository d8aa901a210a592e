/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reading files of PyTorch before 1.6. */

#include <string.h>

#include "base/intl.h"
#include "p2p.h"
#include "pickle.h"
#include "torch-gather.h"
#include "torch-legacy.h"

#define FORMAT 1001    /* the only version of the format */

/* The first pickle after its protocol: LONG1 with the number 0x1950a86a20f9469cfc6c. */
static const char magic[] = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";

/* What fetch () needs to know of the file. */
typedef struct
{
  P2pTorchSource source;
  gsize          at;       /* how many bytes of the file have been read */
  P2pTorchState *state;
} Reader;

static void
reader_free (gpointer data)
{
  Reader *reader = data;

  g_bytes_unref (reader->source.bytes);
  p2p_torch_state_free (reader->state);
  g_free (reader);
}

/* The part of the file that has not been read yet. */
static const guint8 *
rest (const Reader *reader,
      gsize        *size)
{
  const guint8 *data = g_bytes_get_data (reader->source.bytes, size);

  *size -= reader->at;
  return data + reader->at;
}

static P2pPickle *
read_pickle (Reader  *reader,
             GError **error)
{
  static const char *const none[] = { NULL };
  gsize                    size, used = 0;
  const guint8            *data = rest (reader, &size);
  P2pPickle               *pickle = p2p_pickle_read (data, size, none, &used, error);

  reader->at += used;
  return pickle;
}

gboolean
p2p_torch_is_legacy (GBytes *file)
{
  /* The magic number follows the protocol (2 bytes), and in newer protocols also a frame (9). */
  static const gsize places[] = { 2, 11 };
  gsize              size;
  const guint8      *data = g_bytes_get_data (file, &size);

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (size >= places[i] + sizeof magic - 1 && data[0] == 0x80
        && memcmp (data + places[i], magic, sizeof magic - 1) == 0)
      return TRUE;
  return FALSE;
}

/* Reads and checks the first three pickles: the magic number, the version of the format, and facts
 * about the machine. */
static gboolean
read_head (Reader  *reader,
           GError **error)
{
  g_autoptr (P2pPickle) number = read_pickle (reader, error);
  g_autoptr (P2pPickle) format = number ? read_pickle (reader, error) : NULL;
  g_autoptr (P2pPickle) facts = format ? read_pickle (reader, error) : NULL;
  const P2pPickleValue *little;

  if (! facts)
    return FALSE;
  if (format->root->kind != P2P_PICKLE_INTEGER || format->root->integer != FORMAT)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                           _("The .pth is of a format that no PyTorch has written; save it again "
                             "with a newer PyTorch: torch.save (torch.load (old), new)"));
      return FALSE;
    }

  little = facts->root->kind == P2P_PICKLE_DICT
           ? p2p_pickle_lookup (facts->root, "little_endian") : NULL;
  if (! little || little->kind != P2P_PICKLE_INTEGER)
    return p2p_damaged (error, _("The file does not say what its byte order is"));
  if (! little->integer)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                           _("The numbers in the file are big-endian, which is not read; save it "
                             "again on a little-endian machine"));
      return FALSE;
    }

  return TRUE;
}

/* Reads one storage: the count of its numbers (8 bytes), then the numbers. */
static gboolean
fetch_storage (Reader     *reader,
               P2pStorage *storage,
               GError    **error)
{
  gsize         left, size;
  const guint8 *data = rest (reader, &left);
  guint64       n;

  if (left < sizeof n)
    return p2p_damaged (error, _("The file is cut off"));
  memcpy (&n, data, sizeof n);
  if (GUINT64_FROM_LE (n) != storage->n)
    return p2p_damaged (error, _("A storage in the file has the wrong size"));
  if (! g_size_checked_mul (&size, storage->n, storage->width) || size > left - sizeof n)
    return p2p_damaged (error, _("The file is cut off"));

  storage->bytes = g_bytes_new_from_bytes (reader->source.bytes, reader->at + sizeof n, size);
  reader->at += sizeof n + size;
  return TRUE;
}

static gboolean
fetch_storages (Reader       *reader,
                const GArray *pieces,
                GError      **error)
{
  g_autoptr (P2pPickle) keys = read_pickle (reader, error);

  if (! keys)
    return FALSE;
  if (keys->root->kind != P2P_PICKLE_LIST)
    return p2p_damaged (error, _("The list of storages makes no sense"));

  for (guint i = 0; i < keys->root->items->len; i++)
    {
      const P2pPickleValue *key = g_ptr_array_index (keys->root->items, i);
      P2pStorage           *storage = NULL;

      if (key->kind == P2P_PICKLE_TEXT)
        storage = g_hash_table_lookup (reader->state->storages, key->text);
      if (! storage || storage->bytes)
        return p2p_damaged (error, _("The list of storages makes no sense"));
      if (! fetch_storage (reader, storage, error))
        return FALSE;
    }

  for (guint i = 0; i < pieces->len; i++)
    {
      const P2pStorage *storage = g_array_index (pieces, P2pPiece, i).storage;

      if (storage && ! storage->bytes)
        return p2p_damaged (error, _("The numbers of a tensor are missing in the file"));
    }
  return TRUE;
}

static gboolean
fetch (P2pTensors *tensors,
       GError    **error)
{
  Reader            *reader = tensors->reader;
  g_autoptr (GArray) pieces = p2p_torch_find (reader->state, tensors, error);

  return pieces && fetch_storages (reader, pieces, error)
         && p2p_torch_gather (&reader->source, pieces, tensors, error);
}

static P2pTensors *
list (Reader  *reader,
      GError **error)
{
  gsize         size, used = 0;
  const guint8 *data;

  if (! read_head (reader, error))
    return NULL;

  data = rest (reader, &size);
  reader->state = p2p_torch_state_read (data, size, &used, error);
  reader->at += used;
  return reader->state ? p2p_torch_state_list (reader->state, error) : NULL;
}

P2pTensors *
p2p_torch_legacy_peek (GBytes  *file,
                       gboolean is_mapped,
                       GError **error)
{
  Reader *reader = g_new0 (Reader, 1);

  p2p_torch_source_init (&reader->source, g_bytes_ref (file), is_mapped);
  return p2p_tensors_fetch_later (list (reader, error), "PyTorch (before 1.6)", fetch, reader,
                                  reader_free);
}
