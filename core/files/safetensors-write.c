/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Writing safetensors.  Tensors are converted piece by piece, so that no copy of a whole tensor is
 * needed. */

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "base/intl.h"
#include "half.h"
#include "p2p.h"
#include "replace.h"
#include "safetensors.h"

#define PIECE 16384   /* elements in a piece */

typedef struct
{
  const P2pTensor *tensor;
  P2pDtype         dtype;   /* the type in the written file: P2P_F32 or P2P_F16 */
} Entry;

typedef struct
{
  GArray     *entries;      /* Entry, in the order of the data */
  GHashTable *metadata;
} Writing;

static gsize
entry_size (const Entry *entry)
{
  return entry->tensor->n_elements * p2p_dtype_size (entry->dtype);
}

/* Puts wider types first, as the reference writer does, so that every tensor is aligned. */
static int
by_width_and_name (gconstpointer a,
                   gconstpointer b)
{
  const Entry *first = a;
  const Entry *second = b;

  if (first->dtype != second->dtype)
    return p2p_dtype_size (second->dtype) > p2p_dtype_size (first->dtype) ? 1 : -1;
  return strcmp (first->tensor->name, second->tensor->name);
}

static GArray *
list_entries (const P2pTensors *tensors,
              gboolean          f16)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));

  for (guint i = 0; i < tensors->list->len; i++)
    {
      const P2pTensor *tensor = g_ptr_array_index (tensors->list, i);
      Entry            entry = { tensor, P2P_F32 };

      if (! p2p_dtype_is_float (tensor->dtype))
        continue;
      if (tensor->n_dims >= 2 && (f16 || tensor->dtype == P2P_F16))
        entry.dtype = P2P_F16;
      g_array_append_val (entries, entry);
    }
  g_array_sort (entries, by_width_and_name);

  return entries;
}

/* ---- The header ------------------------------------------------------------------------- */

static void
add_integers (JsonBuilder  *builder,
              const char   *name,
              const gint64 *values,
              int           n)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (int i = 0; i < n; i++)
    json_builder_add_int_value (builder, values[i]);
  json_builder_end_array (builder);
}

static void
add_metadata (JsonBuilder *builder,
              GHashTable  *metadata)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (metadata), (GCompareFunc) strcmp);

  json_builder_set_member_name (builder, "__metadata__");
  json_builder_begin_object (builder);
  for (GList *list = names; list; list = list->next)
    {
      json_builder_set_member_name (builder, list->data);
      json_builder_add_string_value (builder, g_hash_table_lookup (metadata, list->data));
    }
  json_builder_end_object (builder);
}

static char *
make_header (const Writing *writing)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode)    root = NULL;
  gint64                  offsets[2] = { 0, 0 };

  json_builder_begin_object (builder);
  if (writing->metadata && g_hash_table_size (writing->metadata) > 0)
    add_metadata (builder, writing->metadata);
  for (guint i = 0; i < writing->entries->len; i++)
    {
      const Entry *entry = &g_array_index (writing->entries, Entry, i);

      offsets[1] = offsets[0] + entry_size (entry);
      json_builder_set_member_name (builder, entry->tensor->name);
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "dtype");
      json_builder_add_string_value (builder, p2p_dtype_name (entry->dtype));
      add_integers (builder, "shape", entry->tensor->dims, entry->tensor->n_dims);
      add_integers (builder, "data_offsets", offsets, 2);
      json_builder_end_object (builder);
      offsets[0] = offsets[1];
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

/* ---- The data --------------------------------------------------------------------------- */

/* Returns FALSE, without an error, when the write fails: p2p_replace_file () says why. */
static gboolean
put (FILE       *file,
     const void *data,
     gsize       size)
{
  return fwrite (data, 1, size, file) == size;
}

/* Converts n values to the entry's dtype, as little-endian bytes.
 * Errors: P2P_ERROR_OPTION when a value is too large for F16, or NaN. */
static gboolean
narrow (const Entry *entry,
        const float *values,
        gsize        n,
        guint8      *bytes,
        GError     **error)
{
  for (gsize i = 0; i < n; i++)
    {
      guint32 bits;
      guint16 half;

      if (entry->dtype == P2P_F32)
        {
          memcpy (&bits, &values[i], sizeof bits);
          bits = GUINT32_TO_LE (bits);
          memcpy (bytes + 4 * i, &bits, sizeof bits);
          continue;
        }
      if (! (fabsf (values[i]) <= P2P_HALF_MAX))
        {
          g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                       _("Weight “%s” holds %g, which is too large for F16: write the model "
                         "without F16"), entry->tensor->name, (double) values[i]);
          return FALSE;
        }
      half = GUINT16_TO_LE (p2p_half (values[i]));
      memcpy (bytes + 2 * i, &half, sizeof half);
    }

  return TRUE;
}

static gboolean
put_tensor (FILE        *file,
            const Entry *entry,
            GError     **error)
{
  const P2pTensor   *tensor = entry->tensor;
  g_autofree float  *values = NULL;
  g_autofree guint8 *bytes = NULL;

  if (entry->dtype == tensor->dtype)
    return put (file, tensor->data, entry_size (entry));

  values = g_new (float, PIECE);
  bytes = g_malloc (PIECE * p2p_dtype_size (entry->dtype));
  for (gsize i = 0; i < tensor->n_elements; i += PIECE)
    {
      gsize n = MIN (tensor->n_elements - i, PIECE);

      p2p_widen (tensor->dtype, tensor->data + i * p2p_dtype_size (tensor->dtype), n, values);
      if (! narrow (entry, values, n, bytes, error)
          || ! put (file, bytes, n * p2p_dtype_size (entry->dtype)))
        return FALSE;
    }

  return TRUE;
}

static gboolean
save (FILE     *file,
      gpointer  data,
      GError  **error)
{
  const Writing   *writing = data;
  g_autofree char *header = make_header (writing);
  gsize            length = strlen (header);
  gsize            padding = (8 - length % 8) % 8;   /* the data starts at a multiple of 8 bytes */
  guint64          size = GUINT64_TO_LE (length + padding);

  if (! put (file, &size, sizeof size) || ! put (file, header, length)
      || ! put (file, "        ", padding))
    return FALSE;
  for (guint i = 0; i < writing->entries->len; i++)
    if (! put_tensor (file, &g_array_index (writing->entries, Entry, i), error))
      return FALSE;

  return TRUE;
}

gboolean
p2p_safetensors_write (const char       *path,
                       const P2pTensors *tensors,
                       GHashTable       *metadata,
                       gboolean          f16,
                       GError          **error)
{
  g_autoptr (GArray) entries = list_entries (tensors, f16);
  Writing            writing = { entries, metadata };

  return p2p_replace_file (path, save, &writing, error);
}
