/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Finding the tensors in a PyTorch checkpoint. */

#include <string.h>

#include "tensors.h"
#include "torch-checkpoint.h"

#define MAX_DEPTH 6      /* nested containers that are searched */

/* ---- One tensor ------------------------------------------------------------------------- */

const P2pPickleValue *
p2p_pickle_item (const P2pPickleValue *value,
                 guint                 i,
                 P2pPickleKind         kind)
{
  const P2pPickleValue *child = NULL;

  if (value && value->items && i < value->items->len)
    child = g_ptr_array_index (value->items, i);
  return child && child->kind == kind ? child : NULL;
}

static gboolean
is_global (const P2pPickleValue *value,
           const char           *name)
{
  return value && strcmp (value->text, name) == 0;
}

/* PyTorch saves a tensor that has Python attributes as a call of
 * _rebuild_from_type_v2 (function, type, arguments, attributes).  The attributes do not matter.
 * Tensors of other types than PyTorch's own are ignored, because such a type may change what the
 * numbers mean. */
static gboolean
unwrap_typed (const P2pPickleValue *call,
              P2pCheckpointTensor  *tensor)
{
  const P2pPickleValue *type = p2p_pickle_item (call, 1, P2P_PICKLE_GLOBAL);

  if (! is_global (p2p_pickle_item (call, 0, P2P_PICKLE_GLOBAL), P2P_REBUILD_TENSOR)
      || ! (is_global (type, P2P_TYPE_TENSOR) || is_global (type, P2P_TYPE_PARAMETER)
            || is_global (type, P2P_TYPE_BUFFER)))
    return FALSE;

  tensor->call = p2p_pickle_item (call, 2, P2P_PICKLE_TUPLE);
  return tensor->call != NULL;
}

static const P2pPickleValue *
nth (const P2pPickleValue *value,
     guint                 i)
{
  return value && value->items && i < value->items->len ? g_ptr_array_index (value->items, i)
                                                        : NULL;
}

/* Fills in all fields except the name.  Returns FALSE when the value, a call, makes no tensor. */
static gboolean
read_tensor (const P2pPickleValue *value,
             P2pCheckpointTensor  *tensor)
{
  const P2pPickleValue *type;

  while (is_global (value, P2P_REBUILD_PARAMETER) || is_global (value, P2P_REBUILD_PARAMETER_STATE))
    {
      value = p2p_pickle_item (value, 0, P2P_PICKLE_CALL);
      if (! value)
        return FALSE;
    }

  *tensor = (P2pCheckpointTensor) { NULL, value, nth (value, 2), NULL };
  if (is_global (value, P2P_REBUILD_TENSOR) || is_global (value, P2P_REBUILD_TENSOR_V1))
    return TRUE;
  if (is_global (value, P2P_REBUILD_FROM_TYPE) && unwrap_typed (value, tensor))
    {
      tensor->sizes = nth (tensor->call, 2);
      return TRUE;
    }
  if (is_global (value, P2P_REBUILD_TENSOR_V3))
    {
      type = p2p_pickle_item (value, 6, P2P_PICKLE_OTHER);
      tensor->kind = type && type->text ? type->text : "bytes";
      return TRUE;
    }
  if (is_global (value, P2P_REBUILD_QUANTIZED))
    {
      tensor->kind = "quantized";
      return TRUE;
    }
  if (is_global (value, P2P_REBUILD_SPARSE))
    {
      tensor->kind = "sparse";
      tensor->sizes = nth (p2p_pickle_item (value, 1, P2P_PICKLE_TUPLE), 2);
      return TRUE;
    }
  return FALSE;
}

/* ---- All tensors ------------------------------------------------------------------------ */

/* Returns the name of item i of a container (newly allocated): path, a dot, and the key or number
 * of the item.  path is the container's own name, or NULL for the root.  Returns NULL when the key
 * cannot be part of a name. */
static char *
join (const char           *path,
      const P2pPickleValue *container,
      guint                 i)
{
  g_autofree char      *number = NULL;
  const P2pPickleValue *key;
  const char           *last;
  char                 *name;

  if (container->kind == P2P_PICKLE_DICT)
    {
      key = g_ptr_array_index (container->items, i);
      last = key->kind == P2P_PICKLE_TEXT ? key->text : NULL;
    }
  else
    last = number = g_strdup_printf ("%u", i);

  if (! last || strchr (last, '\n') || ! p2p_text_is_plain (last, -1, P2P_MAX_NAME))
    return NULL;
  name = path ? g_strconcat (path, ".", last, NULL) : g_strdup (last);
  if (strlen (name) > P2P_MAX_NAME)
    g_clear_pointer (&name, g_free);
  return name;
}

/* Adds the tensors in a container, and in the containers inside it, to tensors.  Each container is
 * searched only once, because containers may be shared and may contain themselves. */
static void
collect (const P2pPickleValue *container,
         const char           *path,
         int                   depth,
         GHashTable           *seen,
         GArray               *tensors)
{
  guint step = container->kind == P2P_PICKLE_DICT ? 2 : 1;

  if (! g_hash_table_add (seen, (gpointer) container))
    return;

  for (guint i = 0; i + step <= container->items->len; i += step)
    {
      const P2pPickleValue *value = g_ptr_array_index (container->items, i + step - 1);
      gboolean              is_container = value->kind == P2P_PICKLE_DICT
                                           || value->kind == P2P_PICKLE_LIST
                                           || value->kind == P2P_PICKLE_TUPLE;
      P2pCheckpointTensor   tensor;
      g_autofree char      *name = NULL;

      if (is_container && depth < MAX_DEPTH && (name = join (path, container, i)))
        collect (value, name, depth + 1, seen, tensors);
      else if (value->kind == P2P_PICKLE_CALL && read_tensor (value, &tensor)
               && (tensor.name = join (path, container, i)))
        g_array_append_val (tensors, tensor);
    }
}

static void
tensor_clear (gpointer data)
{
  P2pCheckpointTensor *tensor = data;

  g_free (tensor->name);
}

GArray *
p2p_checkpoint_list (const P2pPickleValue *root)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  GArray                *tensors = g_array_new (FALSE, FALSE, sizeof (P2pCheckpointTensor));

  g_array_set_clear_func (tensors, tensor_clear);
  if (root->kind == P2P_PICKLE_DICT || root->kind == P2P_PICKLE_LIST
      || root->kind == P2P_PICKLE_TUPLE)
    collect (root, NULL, 0, seen, tensors);
  return tensors;
}
