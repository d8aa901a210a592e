/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The list of tensors of a model file. */

#include <string.h>

#include "p2p.h"
#include "tensors.h"

static const struct
{
  const char *name;
  gsize       size;
}
dtypes[] =
{
  [P2P_F32]  = { "F32",  4 },
  [P2P_F16]  = { "F16",  2 },
  [P2P_BF16] = { "BF16", 2 },
  [P2P_I64]  = { "I64",  8 },
  [P2P_OTHER] = { "other", 0 },
};

static void
tensor_free (gpointer data)
{
  P2pTensor *tensor = data;

  g_free (tensor->name);
  g_free (tensor->type);
  g_free (tensor);
}

P2pTensors *
p2p_tensors_new (void)
{
  P2pTensors *tensors = g_new0 (P2pTensors, 1);

  tensors->list = g_ptr_array_new_with_free_func (tensor_free);
  tensors->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  tensors->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  tensors->owners = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  return tensors;
}

void
p2p_tensors_free (P2pTensors *tensors)
{
  if (! tensors)
    return;

  g_hash_table_unref (tensors->by_name);
  g_hash_table_unref (tensors->metadata);
  g_ptr_array_unref (tensors->list);
  g_ptr_array_unref (tensors->owners);
  if (tensors->free_reader)
    tensors->free_reader (tensors->reader);
  g_free (tensors->found_under);
  g_free (tensors);
}

gboolean
p2p_tensors_add (P2pTensors   *tensors,
                 const char   *name,
                 P2pDtype      dtype,
                 int           n_dims,
                 const gint64 *dims,
                 const void   *data,
                 GBytes       *owner)
{
  P2pTensor tensor = { .dtype = dtype, .n_dims = n_dims, .n_elements = 1, .data = data,
                       .type = (char *) p2p_dtype_name (dtype) };

  g_return_val_if_fail (n_dims >= 0 && n_dims <= P2P_MAX_DIMS, FALSE);

  for (int i = 0; i < n_dims; i++)
    {
      tensor.dims[i] = dims[i];
      tensor.n_elements *= dims[i];
    }
  if (! p2p_tensors_add_copy (tensors, name, &tensor))
    return FALSE;

  if (owner)
    g_ptr_array_add (tensors->owners, g_bytes_ref (owner));
  return TRUE;
}

P2pTensor *
p2p_tensors_add_copy (P2pTensors      *tensors,
                      const char      *name,
                      const P2pTensor *tensor)
{
  P2pTensor *copy;

  if (g_hash_table_contains (tensors->by_name, name))
    return NULL;

  copy = g_memdup2 (tensor, sizeof *tensor);
  copy->name = g_strdup (name);
  copy->type = g_strdup (tensor->type);
  g_ptr_array_add (tensors->list, copy);
  g_hash_table_insert (tensors->by_name, copy->name, copy);
  return copy;
}

void
p2p_tensors_rename (P2pTensors *tensors,
                    P2pTensor  *tensor,
                    const char *name)
{
  g_hash_table_remove (tensors->by_name, tensor->name);
  g_free (tensor->name);
  tensor->name = g_strdup (name);
  g_hash_table_insert (tensors->by_name, tensor->name, tensor);
}

P2pTensors *
p2p_tensors_derive (P2pTensors *from)
{
  P2pTensors *tensors = p2p_tensors_new ();
  GHashTable *metadata = tensors->metadata;
  GPtrArray  *owners = tensors->owners;

  tensors->metadata = from->metadata;
  tensors->owners = from->owners;
  tensors->container = from->container;
  tensors->found_under = g_steal_pointer (&from->found_under);
  tensors->fetch = from->fetch;
  tensors->reader = g_steal_pointer (&from->reader);
  tensors->free_reader = g_steal_pointer (&from->free_reader);
  from->metadata = metadata;
  from->owners = owners;
  from->fetch = NULL;
  return tensors;
}

P2pTensors *
p2p_tensors_fetch_later (P2pTensors     *tensors,
                         const char     *container,
                         gboolean     (* fetch) (P2pTensors *tensors, GError **error),
                         gpointer        reader,
                         GDestroyNotify  free_reader)
{
  if (! tensors)
    {
      free_reader (reader);
      return NULL;
    }

  tensors->container = container;
  tensors->fetch = fetch;
  tensors->reader = reader;
  tensors->free_reader = free_reader;
  return tensors;
}

gboolean
p2p_tensors_fetch (P2pTensors *tensors,
                   GError    **error)
{
  gboolean done = ! tensors->fetch || tensors->fetch (tensors, error);

  tensors->fetch = NULL;
  if (tensors->free_reader)
    tensors->free_reader (tensors->reader);
  tensors->free_reader = NULL;
  return done;
}

const P2pTensor *
p2p_tensors_get (const P2pTensors *tensors,
                 const char       *name)
{
  g_autofree char *full = NULL;

  if (tensors->absent)
    {
      if (! g_str_has_prefix (name, tensors->absent))
        return NULL;
      name = full = g_strconcat (tensors->prefix, name + strlen (tensors->absent), NULL);
    }
  return g_hash_table_lookup (tensors->by_name, name);
}

gsize
p2p_dtype_size (P2pDtype dtype)
{
  return dtypes[dtype].size;
}

const char *
p2p_dtype_name (P2pDtype dtype)
{
  return dtypes[dtype].name;
}

gboolean
p2p_dtype_is_float (P2pDtype dtype)
{
  return dtype == P2P_F32 || dtype == P2P_F16 || dtype == P2P_BF16;
}

char *
p2p_shape_to_text (int           n_dims,
                   const gint64 *dims)
{
  GString *shape = g_string_new (n_dims == 0 ? "1" : NULL);

  for (int i = 0; i < n_dims; i++)
    g_string_append_printf (shape, "%s%" G_GINT64_FORMAT, i ? "×" : "", dims[i]);
  return g_string_free (shape, FALSE);
}

gboolean
p2p_damaged (GError    **error,
             const char *format,
             ...)
{
  g_autofree char *text = NULL;
  va_list          args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, text);

  return FALSE;
}

gboolean
p2p_text_is_plain (const char *text,
                   gssize      length,
                   gsize       max)
{
  gsize size = length < 0 ? strlen (text) : (gsize) length;

  if (size > max || ! g_utf8_validate_len (text, size, NULL))
    return FALSE;
  for (const char *at = text; at < text + size; at = g_utf8_next_char (at))
    if (*at != '\n' && g_unichar_iscntrl (g_utf8_get_char (at)))
      return FALSE;

  return TRUE;
}
