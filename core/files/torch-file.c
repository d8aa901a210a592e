/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reading PyTorch's zip files.  First the pickle is read, which tells what tensors there are and in
 * which storages they lie.  Later the storages that are needed are read. */

#include <string.h>

#include "base/intl.h"
#include "p2p.h"
#include "torch-file.h"
#include "torch-gather.h"
#include "zip.h"

/* What fetch () needs to know of the file. */
typedef struct
{
  P2pTorchSource  source;
  char           *folder;    /* the folder of data.pkl in the zip file, with its slash; may be "" */
  P2pTorchState  *state;
} Reader;

static void
reader_free (gpointer data)
{
  Reader *reader = data;

  g_bytes_unref (reader->source.bytes);
  g_free (reader->folder);
  p2p_torch_state_free (reader->state);
  g_free (reader);
}

static gboolean
wants_head (const char *name,
            guint64     size,
            gpointer    data)
{
  const char *slash = strchr (name, '/');
  const char *base = slash ? slash + 1 : name;

  return strcmp (base, "data.pkl") == 0 || strcmp (base, "byteorder") == 0;
}

/* Returns data.pkl, and in *folder its folder with the slash, or "" when it is in no folder.
 * Checks the byte order. */
static GBytes *
read_head (P2pTorchSource *source,
           char          **folder,
           GError        **error)
{
  g_autoptr (GHashTable) head = p2p_zip_read (source->bytes, wants_head, NULL, &source->budget,
                                              error);
  g_autoptr (GBytes)     pickle = NULL;
  g_autofree char       *order_name = NULL;
  GHashTableIter         iter;
  gpointer               name, bytes;
  GBytes                *order;
  int                    n_models = 0;

  if (! head)
    return NULL;

  g_hash_table_iter_init (&iter, head);
  while (g_hash_table_iter_next (&iter, &name, &bytes))
    if (g_str_has_suffix (name, "data.pkl") && n_models++ == 0)
      {
        pickle = g_bytes_ref (bytes);
        *folder = g_strndup (name, strlen (name) - strlen ("data.pkl"));
      }
  if (n_models != 1)
    {
      p2p_damaged (error, "%s",
                   n_models ? _("The zip container holds more than one model")
                            : _("This is a zip file, but not one of PyTorch: it has no data.pkl"));
      return NULL;
    }

  order_name = g_strconcat (*folder, "byteorder", NULL);
  order = g_hash_table_lookup (head, order_name);
  if (order && (g_bytes_get_size (order) != 6
                || memcmp (g_bytes_get_data (order, NULL), "little", 6) != 0))
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                           _("The numbers in the file are big-endian, which is not read; save it "
                             "again on a little-endian machine"));
      return NULL;
    }

  return g_steal_pointer (&pickle);
}

/* data: the names of the members with the wanted storages. */
static gboolean
wants_storage (const char *name,
               guint64     size,
               gpointer    data)
{
  return g_hash_table_contains (data, name);
}

static gboolean
fetch_storages (P2pTorchSource *source,
                const char     *folder,
                P2pTorchState  *state,
                GError        **error)
{
  g_autoptr (GHashTable) wanted = NULL;
  g_autoptr (GHashTable) members = NULL;
  GHashTableIter         iter;
  gpointer               name, value;

  wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_iter_init (&iter, state->storages);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (((P2pStorage *) value)->wanted)
      g_hash_table_insert (wanted, g_strconcat (folder, "data/", name, NULL), value);

  members = p2p_zip_read (source->bytes, wants_storage, wanted, &source->budget, error);
  if (! members)
    return FALSE;

  g_hash_table_iter_init (&iter, wanted);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      P2pStorage *storage = value;
      GBytes     *bytes = g_hash_table_lookup (members, name);
      guint64     size;

      if (! bytes)
        return p2p_damaged (error, _("The numbers of a tensor are missing in the zip container"));
      if (! g_uint64_checked_mul (&size, storage->n, storage->width)
          || size != g_bytes_get_size (bytes))
        return p2p_damaged (error, _("A storage in the zip container has the wrong size"));
      storage->bytes = g_bytes_ref (bytes);
    }

  return TRUE;
}

static gboolean
fetch (P2pTensors *tensors,
       GError    **error)
{
  Reader            *reader = tensors->reader;
  g_autoptr (GArray) pieces = p2p_torch_find (reader->state, tensors, error);

  return pieces && fetch_storages (&reader->source, reader->folder, reader->state, error)
         && p2p_torch_gather (&reader->source, pieces, tensors, error);
}

P2pTensors *
p2p_torch_file_peek (GBytes  *file,
                     gboolean is_mapped,
                     GError **error)
{
  Reader            *reader = g_new0 (Reader, 1);
  g_autoptr (GBytes) pickle = NULL;
  P2pTensors        *tensors = NULL;
  gsize              size = 0, used;
  const guint8      *data = NULL;

  p2p_torch_source_init (&reader->source, g_bytes_ref (file), is_mapped);
  pickle = read_head (&reader->source, &reader->folder, error);
  if (pickle)
    {
      data = g_bytes_get_data (pickle, &size);
      reader->state = p2p_torch_state_read (data, size, &used, error);
    }
  if (reader->state)
    tensors = p2p_torch_state_list (reader->state, error);
  return p2p_tensors_fetch_later (tensors, "PyTorch (zip)", fetch, reader, reader_free);
}
