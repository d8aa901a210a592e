/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reading PyTorch's zip files: the pickle says which tensors there are and which storages they lie
 * in, then the storages are fetched. */

#include <string.h>

#include "base/intl.h"
#include "p2p.h"
#include "torch-file.h"
#include "torch-gather.h"
#include "zip.h"

static gboolean
wants_head (const char *name,
            guint64     size,
            gpointer    data)
{
  const char *slash = strchr (name, '/');
  const char *base = slash ? slash + 1 : name;

  return strcmp (base, "data.pkl") == 0 || strcmp (base, "byteorder") == 0;
}

/* Finds the pickle and its folder, with its slash, or "" when it lies in none. */
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

/* The storages' members, by name. */
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

static P2pTorchState *
read_state (P2pTorchSource *source,
            char          **folder,
            GError        **error)
{
  g_autoptr (GBytes) pickle = read_head (source, folder, error);
  gsize              size, used;
  const guint8      *data;

  if (! pickle)
    return NULL;
  data = g_bytes_get_data (pickle, &size);
  return p2p_torch_state_read (data, size, &used, error);
}

static P2pTensors *
name_container (P2pTensors *tensors)
{
  if (tensors)
    tensors->container = "PyTorch (zip)";
  return tensors;
}

P2pTensors *
p2p_torch_file_read (GBytes  *file,
                     gboolean is_mapped,
                     GError **error)
{
  g_autoptr (P2pTorchState) state = NULL;
  g_autofree char          *folder = NULL;
  P2pTorchSource            source;

  p2p_torch_source_init (&source, file, is_mapped);
  state = read_state (&source, &folder, error);
  if (! state || ! fetch_storages (&source, folder, state, error))
    return NULL;

  return name_container (p2p_torch_gather (&source, state, error));
}

P2pTensors *
p2p_torch_file_peek (GBytes  *file,
                     GError **error)
{
  g_autoptr (P2pTorchState) state = NULL;
  g_autofree char          *folder = NULL;
  P2pTorchSource            source;

  p2p_torch_source_init (&source, file, FALSE);
  state = read_state (&source, &folder, error);
  return state ? name_container (p2p_torch_list (state, error)) : NULL;
}
