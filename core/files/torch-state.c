/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* From the values of a pickle to tensors and storages. */

#include <string.h>

#include "intl.h"
#include "p2p.h"
#include "pickle.h"
#include "torch-state.h"

#define REBUILD_TENSOR    "torch._utils._rebuild_tensor_v2"
#define REBUILD_PARAMETER "torch._utils._rebuild_parameter"

static const char *const allowed[] =
{
  REBUILD_TENSOR,
  REBUILD_PARAMETER,
  "torch.DoubleStorage",
  "torch.FloatStorage",
  "torch.HalfStorage",
  "torch.BFloat16Storage",
  "torch.LongStorage",
  "torch.IntStorage",
  "torch.ShortStorage",
  "torch.CharStorage",
  "torch.ByteStorage",
  "torch.BoolStorage",
  "torch.Size",
  NULL
};

/* The storages whose numbers are read. */
static const struct
{
  const char *name;
  P2pDtype    dtype;
  gsize       width;
}
types[] =
{
  { "torch.FloatStorage",    P2P_F32,  4 },
  { "torch.DoubleStorage",   P2P_F32,  8 },
  { "torch.HalfStorage",     P2P_F16,  2 },
  { "torch.BFloat16Storage", P2P_BF16, 2 },
  { "torch.LongStorage",     P2P_I64,  8 },
};

static const P2pPickleValue *
item (const P2pPickleValue *value,
      guint                 i,
      P2pPickleKind         kind)
{
  const P2pPickleValue *child = NULL;

  if (value && value->items && i < value->items->len)
    child = g_ptr_array_index (value->items, i);
  return child && child->kind == kind ? child : NULL;
}

static gboolean
is_tensor (const P2pPickleValue *value)
{
  return value->kind == P2P_PICKLE_CALL
         && (strcmp (value->text, REBUILD_TENSOR) == 0
             || strcmp (value->text, REBUILD_PARAMETER) == 0);
}

/* The storage of a persistent id: ("storage", type, key, place, numbers). */
static P2pStorage *
read_storage (P2pTorchState        *state,
              const char           *name,
              const P2pPickleValue *persistent,
              GError              **error)
{
  const P2pPickleValue *id = item (persistent, 0, P2P_PICKLE_TUPLE);
  const P2pPickleValue *global = item (id, 1, P2P_PICKLE_GLOBAL);
  const P2pPickleValue *key = item (id, 2, P2P_PICKLE_TEXT);
  const P2pPickleValue *n = item (id, 4, P2P_PICKLE_INTEGER);
  P2pStorage           *storage;
  guint                 type = 0;

  if (! global || ! key || ! n || n->integer < 0)
    {
      p2p_damaged (error, _("The storage of tensor “%s” makes no sense"), name);
      return NULL;
    }
  while (type < G_N_ELEMENTS (types) && strcmp (types[type].name, global->text) != 0)
    type++;
  if (type == G_N_ELEMENTS (types))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("Tensor “%s” is a %s, which is not read; save it as float32, float16 or "
                     "bfloat16"), name, global->text);
      return NULL;
    }

  storage = g_hash_table_lookup (state->storages, key->text);
  if (! storage)
    {
      storage = g_new0 (P2pStorage, 1);
      storage->dtype = types[type].dtype;
      storage->width = types[type].width;
      storage->n = n->integer;
      g_hash_table_insert (state->storages, g_strdup (key->text), storage);
    }
  else if (storage->dtype != types[type].dtype || storage->width != types[type].width
           || storage->n != (guint64) n->integer)
    {
      p2p_damaged (error, _("The storage of tensor “%s” makes no sense"), name);
      return NULL;
    }

  return storage;
}

/* The integers of a tuple, none negative; how many, or −1. */
static int
read_integers (const P2pPickleValue *tuple,
               gint64               *values)
{
  if (! tuple || tuple->items->len > P2P_MAX_DIMS)
    return -1;
  for (guint i = 0; i < tuple->items->len; i++)
    {
      const P2pPickleValue *value = item (tuple, i, P2P_PICKLE_INTEGER);

      if (! value || value->integer < 0)
        return -1;
      values[i] = value->integer;
    }

  return tuple->items->len;
}

/* Whether the piece lies inside its storage and has no more numbers than that; sets its n. */
static gboolean
piece_fits (P2pPiece *piece)
{
  guint64 last = piece->offset;   /* the place of the last number */

  piece->n = 1;
  for (int i = 0; i < piece->n_dims; i++)
    if (! g_size_checked_mul (&piece->n, piece->n, piece->dims[i]))
      return FALSE;
  if (piece->n == 0)
    return TRUE;

  for (int i = 0; i < piece->n_dims; i++)
    {
      guint64 step;

      if (! g_uint64_checked_mul (&step, piece->dims[i] - 1, piece->strides[i])
          || ! g_uint64_checked_add (&last, last, step))
        return FALSE;
    }

  return last < piece->storage->n && piece->n <= piece->storage->n;
}

/* _rebuild_tensor_v2 (storage, offset, sizes, strides, …), or _rebuild_parameter (tensor, …) */
static gboolean
read_piece (P2pTorchState        *state,
            const char           *name,
            const P2pPickleValue *value,
            GError              **error)
{
  const P2pPickleValue *call = value;
  const P2pPickleValue *storage, *offset;
  P2pPiece              piece = { 0 };

  while (g_str_has_prefix (name, "module."))
    name += strlen ("module.");

  if (strcmp (call->text, REBUILD_PARAMETER) == 0)
    call = item (call, 0, P2P_PICKLE_CALL);
  storage = item (call, 0, P2P_PICKLE_PERSISTENT);
  offset = item (call, 1, P2P_PICKLE_INTEGER);
  piece.n_dims = call ? read_integers (item (call, 2, P2P_PICKLE_TUPLE), piece.dims) : -1;
  if (! call || strcmp (call->text, REBUILD_TENSOR) != 0 || ! storage || ! offset
      || offset->integer < 0 || piece.n_dims < 0
      || read_integers (item (call, 3, P2P_PICKLE_TUPLE), piece.strides) != piece.n_dims)
    return p2p_damaged (error, _("What the file says of tensor “%s” makes no sense"), name);

  piece.offset = offset->integer;
  piece.storage = read_storage (state, name, storage, error);
  if (! piece.storage)
    return FALSE;
  if (! piece_fits (&piece))
    return p2p_damaged (error, _("Tensor “%s” is larger than its storage"), name);

  piece.name = g_strdup (name);
  g_array_append_val (state->pieces, piece);
  return TRUE;
}

static gboolean
holds_tensors (const P2pPickleValue *dict)
{
  for (guint i = 1; i < dict->items->len; i += 2)
    if (is_tensor (g_ptr_array_index (dict->items, i)))
      return TRUE;
  return FALSE;
}

/* The dict of tensors in what was saved, or NULL. */
static const P2pPickleValue *
find_state_dict (const P2pPickleValue *root)
{
  static const char *const wraps[] = { "state_dict", "netG", "params_ema" };

  if (root->kind != P2P_PICKLE_DICT)
    return NULL;
  if (holds_tensors (root))
    return root;

  for (guint i = 0; i < G_N_ELEMENTS (wraps); i++)
    {
      const P2pPickleValue *dict = p2p_pickle_lookup (root, wraps[i]);

      if (dict && dict->kind == P2P_PICKLE_DICT && holds_tensors (dict))
        return dict;
    }

  return NULL;
}

static gboolean
read_dict (P2pTorchState        *state,
           const P2pPickleValue *dict,
           GError              **error)
{
  for (guint i = 0; i + 1 < dict->items->len; i += 2)
    {
      const P2pPickleValue *name = item (dict, i, P2P_PICKLE_TEXT);
      const P2pPickleValue *value = g_ptr_array_index (dict->items, i + 1);

      if (! name || ! p2p_text_is_plain (name->text, -1, P2P_MAX_NAME))
        return p2p_damaged (error, _("The name of a tensor is too long, or no text"));
      if (! is_tensor (value))
        return p2p_damaged (error, _("“%s” is no tensor: save the network's state_dict () alone"),
                        name->text);
      if (! read_piece (state, name->text, value, error))
        return FALSE;
    }

  return TRUE;
}

static void
storage_free (gpointer data)
{
  P2pStorage *storage = data;

  g_clear_pointer (&storage->bytes, g_bytes_unref);
  g_free (storage);
}

static void
piece_clear (gpointer data)
{
  P2pPiece *piece = data;

  g_free (piece->name);
}

P2pTorchState *
p2p_torch_state_read (GBytes  *bytes,
                      GError **error)
{
  g_autoptr (P2pTorchState) state = NULL;
  g_autoptr (P2pPickle)     pickle = NULL;
  const P2pPickleValue     *dict;
  gsize                     size;
  const guint8             *data = g_bytes_get_data (bytes, &size);

  pickle = p2p_pickle_read (data, size, allowed, error);
  if (! pickle)
    return NULL;

  dict = find_state_dict (pickle->root);
  if (! dict)
    {
      p2p_damaged (error, _("The file holds no weights by name: save the network's state_dict ()"));
      return NULL;
    }

  state = g_new0 (P2pTorchState, 1);
  state->storages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, storage_free);
  state->pieces = g_array_new (FALSE, FALSE, sizeof (P2pPiece));
  g_array_set_clear_func (state->pieces, piece_clear);
  if (! read_dict (state, dict, error))
    return NULL;

  return g_steal_pointer (&state);
}

void
p2p_torch_state_free (P2pTorchState *state)
{
  if (! state)
    return;

  g_array_unref (state->pieces);
  g_hash_table_unref (state->storages);
  g_free (state);
}
