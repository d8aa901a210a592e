/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reading PyTorch's zip files: the pickle says which tensors there are and which storages they lie
 * in, then the storages are fetched and the tensors made contiguous. */

#include <string.h>

#include "intl.h"
#include "p2p.h"
#include "torch-file.h"
#include "torch-state.h"
#include "zip.h"

/* What may be allocated altogether: a tensor may be strided, a storage packed or shared. */
#define MAX_GROWTH 16   /* times the file's size */
#define MAX_START  (1024 * 1024)

static gboolean
damaged (GError    **error,
         const char *text)
{
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, text);
  return FALSE;
}

/* ---- Tensors from storages -------------------------------------------------------------- */

static gboolean
is_contiguous (const P2pPiece *piece)
{
  gint64 step = 1;

  for (int i = piece->n_dims - 1; i >= 0; i--)
    {
      if (piece->dims[i] != 1 && piece->strides[i] != step)
        return FALSE;
      step *= piece->dims[i];
    }

  return TRUE;
}

static void
copy_number (const guint8 *from,
             gsize         width,
             guint8       *to,
             gsize         new_width)
{
  guint64 bits;
  guint32 narrow_bits;
  double  wide;
  float   narrow;

  if (width == new_width)
    {
      memcpy (to, from, width);
      return;
    }
  memcpy (&bits, from, sizeof bits);
  bits = GUINT64_FROM_LE (bits);
  memcpy (&wide, &bits, sizeof wide);
  narrow = (float) wide;
  memcpy (&narrow_bits, &narrow, sizeof narrow_bits);
  narrow_bits = GUINT32_TO_LE (narrow_bits);
  memcpy (to, &narrow_bits, sizeof narrow_bits);
}

/* The piece's numbers in row-major order. */
static GBytes *
gather (const P2pPiece *piece)
{
  gsize         width = piece->storage->width;
  gsize         new_width = p2p_dtype_size (piece->storage->dtype);
  const guint8 *data = g_bytes_get_data (piece->storage->bytes, NULL);
  guint8       *copy = g_malloc (piece->n * new_width);
  gint64        index[P2P_MAX_DIMS] = { 0 };
  guint64       place = piece->offset;

  for (gsize i = 0; i < piece->n; i++)
    {
      copy_number (data + place * width, width, copy + i * new_width, new_width);
      for (int j = piece->n_dims - 1; j >= 0; j--)
        {
          place += piece->strides[j];
          if (++index[j] < piece->dims[j])
            break;
          place -= piece->dims[j] * piece->strides[j];
          index[j] = 0;
        }
    }

  return g_bytes_new_take (copy, piece->n * new_width);
}

static gboolean
add_tensor (const P2pPiece *piece,
            P2pTensors     *tensors,
            gsize          *budget,
            GError        **error)
{
  P2pDtype           dtype = piece->storage->dtype;
  gsize              width = piece->storage->width;
  g_autoptr (GBytes) bytes = NULL;

  if (piece->n == 0)
    bytes = g_bytes_new (NULL, 0);
  else if (width == p2p_dtype_size (dtype) && is_contiguous (piece))
    bytes = g_bytes_new_from_bytes (piece->storage->bytes, piece->offset * width,
                                    piece->n * width);
  else if (p2p_zip_spend (budget, piece->n * p2p_dtype_size (dtype), error))
    bytes = gather (piece);
  else
    return FALSE;

  if (! p2p_tensors_add (tensors, piece->name, dtype, piece->n_dims, piece->dims,
                         g_bytes_get_data (bytes, NULL), bytes))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_FILE, _("The file has two tensors named “%s”"),
                   piece->name);
      return FALSE;
    }

  return TRUE;
}

/* ---- The container ---------------------------------------------------------------------- */

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
read_head (GBytes  *file,
           gsize   *budget,
           char   **folder,
           GError **error)
{
  g_autoptr (GHashTable) head = p2p_zip_read (file, wants_head, NULL, budget, error);
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
      damaged (error, n_models ? _("The zip container holds more than one model")
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
fetch_storages (GBytes        *file,
                const char    *folder,
                P2pTorchState *state,
                gsize         *budget,
                GError       **error)
{
  g_autoptr (GHashTable) wanted = NULL;
  g_autoptr (GHashTable) members = NULL;
  GHashTableIter         iter;
  gpointer               name, value;

  wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_iter_init (&iter, state->storages);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (wanted, g_strconcat (folder, "data/", name, NULL), value);

  members = p2p_zip_read (file, wants_storage, wanted, budget, error);
  if (! members)
    return FALSE;

  g_hash_table_iter_init (&iter, wanted);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      P2pStorage *storage = value;
      GBytes     *bytes = g_hash_table_lookup (members, name);
      guint64     size;

      if (! bytes)
        return damaged (error, _("The numbers of a tensor are missing in the zip container"));
      if (! g_uint64_checked_mul (&size, storage->n, storage->width)
          || size != g_bytes_get_size (bytes))
        return damaged (error, _("A storage in the zip container has the wrong size"));
      storage->bytes = g_bytes_ref (bytes);
    }

  return TRUE;
}

P2pTensors *
p2p_torch_file_read (GBytes  *file,
                     GError **error)
{
  g_autoptr (P2pTensors)    tensors = p2p_tensors_new ();
  g_autoptr (P2pTorchState) state = NULL;
  g_autoptr (GBytes)        pickle = NULL;
  g_autofree char          *folder = NULL;
  gsize                     budget;

  budget = MIN (g_bytes_get_size (file), G_MAXSIZE / MAX_GROWTH - MAX_START) * MAX_GROWTH
           + MAX_START;
  pickle = read_head (file, &budget, &folder, error);
  if (pickle)
    state = p2p_torch_state_read (pickle, error);
  if (! state || ! fetch_storages (file, folder, state, &budget, error))
    return NULL;

  for (guint i = 0; i < state->pieces->len; i++)
    if (! add_tensor (&g_array_index (state->pieces, P2pPiece, i), tensors, &budget, error))
      return NULL;

  return g_steal_pointer (&tensors);
}
