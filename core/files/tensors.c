/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The tensors of a model file. */

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
};

static void
tensor_free (gpointer data)
{
  P2pTensor *tensor = data;

  g_free (tensor->name);
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
  P2pTensor *tensor;

  g_return_val_if_fail (n_dims >= 0 && n_dims <= P2P_MAX_DIMS, FALSE);

  if (g_hash_table_contains (tensors->by_name, name))
    return FALSE;

  tensor = g_new0 (P2pTensor, 1);
  tensor->name = g_strdup (name);
  tensor->dtype = dtype;
  tensor->n_dims = n_dims;
  tensor->n_elements = 1;
  for (int i = 0; i < n_dims; i++)
    {
      tensor->dims[i] = dims[i];
      tensor->n_elements *= dims[i];
    }
  tensor->data = data;

  g_ptr_array_add (tensors->list, tensor);
  g_hash_table_insert (tensors->by_name, tensor->name, tensor);
  if (owner)
    g_ptr_array_add (tensors->owners, g_bytes_ref (owner));

  return TRUE;
}

const P2pTensor *
p2p_tensors_get (const P2pTensors *tensors,
                 const char       *name)
{
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
