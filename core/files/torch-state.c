/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* From the values of a pickle to tensors and storages. */

#include <string.h>

#include "base/intl.h"
#include "p2p.h"
#include "torch-checkpoint.h"
#include "torch-state.h"

#define SIZE "torch.Size"

/* What a file of weights may name.  Nothing of it is called: tensors are made of what is told of
 * them, and the rest, which trainers save beside the weights, is passed over. */
static const char *const allowed[] =
{
  P2P_REBUILD_TENSOR_V1, P2P_REBUILD_TENSOR, P2P_REBUILD_PARAMETER, SIZE,
  "torch.DoubleStorage", "torch.FloatStorage", "torch.HalfStorage", "torch.BFloat16Storage",
  "torch.LongStorage", "torch.IntStorage", "torch.ShortStorage", "torch.CharStorage",
  "torch.ByteStorage", "torch.BoolStorage",

  "torch.device", "torch.float64", "torch.float32", "torch.float16", "torch.bfloat16",
  "torch.int64", "torch.optim.",
  "collections.defaultdict", "collections.Counter", "argparse.Namespace", "types.SimpleNamespace",
  "pathlib.", "easydict.EasyDict",
  "builtins.set", "builtins.frozenset", "builtins.dict", "builtins.list", "builtins.tuple",
  "builtins.int", "builtins.float", "builtins.bool", "builtins.str",
  "__builtin__.set", "__builtin__.frozenset", "__builtin__.dict", "__builtin__.list",
  "__builtin__.tuple", "__builtin__.int", "__builtin__.float", "__builtin__.bool",
  "__builtin__.str", "__builtin__.unicode",
  "_codecs.encode", "numpy.dtype", "numpy.ndarray",
  "numpy.core.multiarray.scalar", "numpy.core.multiarray._reconstruct",
  "numpy._core.multiarray.scalar", "numpy._core.multiarray._reconstruct",
  "pytorch_lightning.", "lightning.", "lightning_fabric.",
  NULL
};

/* All storages: of those that are not read the width is needed to step over them. */
static const struct
{
  const char *name;
  gsize       width;
  gboolean    is_read;
  P2pDtype    dtype;
}
types[] =
{
  { "torch.FloatStorage",    4, TRUE, P2P_F32 },
  { "torch.DoubleStorage",   8, TRUE, P2P_F32 },
  { "torch.HalfStorage",     2, TRUE, P2P_F16 },
  { "torch.BFloat16Storage", 2, TRUE, P2P_BF16 },
  { "torch.LongStorage",     8, TRUE, P2P_I64 },
  { "torch.IntStorage",      4 },
  { "torch.ShortStorage",    2 },
  { "torch.CharStorage",     1 },
  { "torch.ByteStorage",     1 },
  { "torch.BoolStorage",     1 },
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

/* ---- Storages --------------------------------------------------------------------------- */

/* The storage of a persistent id: ("storage", type, key, place, numbers), in legacy files with a
 * sixth, None or a view of it.  NULL: that makes no sense, or is another than the same key had. */
static P2pStorage *
read_storage (P2pTorchState        *state,
              const P2pPickleValue *persistent)
{
  const P2pPickleValue *id = item (persistent, 0, P2P_PICKLE_TUPLE);
  const P2pPickleValue *global = item (id, 1, P2P_PICKLE_GLOBAL);
  const P2pPickleValue *key = item (id, 2, P2P_PICKLE_TEXT);
  const P2pPickleValue *n = item (id, 4, P2P_PICKLE_INTEGER);
  P2pStorage           *storage;
  guint                 type = 0;

  if (! global || ! key || ! n || n->integer < 0)
    return NULL;
  while (type < G_N_ELEMENTS (types) && strcmp (types[type].name, global->text) != 0)
    type++;
  if (type == G_N_ELEMENTS (types))
    return NULL;

  storage = g_hash_table_lookup (state->storages, key->text);
  if (storage)
    return storage->type == types[type].name && storage->n == (guint64) n->integer ? storage
                                                                                  : NULL;

  storage = g_new0 (P2pStorage, 1);
  storage->type = types[type].name;
  storage->dtype = types[type].dtype;
  storage->width = types[type].width;
  storage->is_read = types[type].is_read;
  storage->n = n->integer;
  g_hash_table_insert (state->storages, g_strdup (key->text), storage);
  return storage;
}

/* The part of its storage that a tensor may lie in: all, or the view (key, offset, numbers). */
static gboolean
read_view (const P2pStorage     *storage,
           const P2pPickleValue *persistent,
           guint64              *begin,
           guint64              *n)
{
  const P2pPickleValue *id = item (persistent, 0, P2P_PICKLE_TUPLE);
  const P2pPickleValue *view, *offset, *length;

  *begin = 0;
  *n = storage->n;
  if (id->items->len <= 5 || item (id, 5, P2P_PICKLE_NONE))
    return TRUE;

  view = item (id, 5, P2P_PICKLE_TUPLE);
  offset = item (view, 1, P2P_PICKLE_INTEGER);
  length = item (view, 2, P2P_PICKLE_INTEGER);
  if (! offset || ! length || offset->integer < 0 || length->integer < 0
      || (guint64) offset->integer > storage->n
      || (guint64) length->integer > storage->n - offset->integer)
    return FALSE;

  *begin = offset->integer;
  *n = length->integer;
  return TRUE;
}

/* ---- Tensors ---------------------------------------------------------------------------- */

/* The integers of a tuple, which torch.Size () may be around, none negative; how many, or −1. */
static int
read_integers (const P2pPickleValue *call,
               guint                 place,
               gint64               *values)
{
  const P2pPickleValue *size = item (call, place, P2P_PICKLE_CALL);
  const P2pPickleValue *tuple = size && strcmp (size->text, SIZE) == 0
                                ? item (size, 0, P2P_PICKLE_TUPLE)
                                : item (call, place, P2P_PICKLE_TUPLE);

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

/* Whether the piece lies inside the n numbers from begin of its storage, and has no more numbers
 * than these; sets its n, and makes its offset the storage's. */
static gboolean
piece_fits (P2pPiece *piece,
            guint64   begin,
            guint64   n)
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

  piece->offset += begin;
  return last < n && piece->n <= n;
}

/* _rebuild_tensor (storage, offset, sizes, strides), and _v2 with more after these */
static gboolean
read_piece (P2pTorchState             *state,
            const P2pCheckpointTensor *tensor,
            GError                   **error)
{
  const char           *name = tensor->name;
  const P2pPickleValue *call = p2p_checkpoint_tensor (tensor->value);
  const P2pPickleValue *persistent = item (call, 0, P2P_PICKLE_PERSISTENT);
  const P2pPickleValue *offset = item (call, 1, P2P_PICKLE_INTEGER);
  P2pPiece              piece = { 0 };
  guint64               begin, n;

  if (! name || ! p2p_text_is_plain (name, -1, P2P_MAX_NAME))
    return p2p_damaged (error, _("The name of a tensor is too long, or no text"));

  piece.n_dims = read_integers (call, 2, piece.dims);
  if (! persistent || ! offset || offset->integer < 0 || piece.n_dims < 0
      || read_integers (call, 3, piece.strides) != piece.n_dims)
    return p2p_damaged (error, _("What the file says of tensor “%s” makes no sense"), name);

  piece.offset = offset->integer;
  piece.storage = read_storage (state, persistent);
  if (! piece.storage || ! read_view (piece.storage, persistent, &begin, &n))
    return p2p_damaged (error, _("The storage of tensor “%s” makes no sense"), name);
  if (! piece.storage->is_read)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("Tensor “%s” is a %s, which is not read; save it as float32, float16 or "
                     "bfloat16"), name, piece.storage->type);
      return FALSE;
    }
  if (! piece_fits (&piece, begin, n))
    return p2p_damaged (error, _("Tensor “%s” is larger than its storage"), name);

  piece.storage->wanted = TRUE;
  piece.name = g_strdup (name);
  g_array_append_val (state->pieces, piece);
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
p2p_torch_state_read (const guint8 *data,
                      gsize         length,
                      gsize        *used,
                      GError      **error)
{
  g_autoptr (P2pTorchState) state = g_new0 (P2pTorchState, 1);
  g_autoptr (P2pPickle)     pickle = NULL;
  g_autoptr (GArray)        tensors = NULL;

  state->storages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, storage_free);
  state->pieces = g_array_new (FALSE, FALSE, sizeof (P2pPiece));
  g_array_set_clear_func (state->pieces, piece_clear);

  pickle = p2p_pickle_read (data, length, allowed, used, error);
  if (pickle)
    tensors = p2p_checkpoint_find (pickle->root, &state->found_under, error);
  if (! tensors)
    return NULL;

  for (guint i = 0; i < tensors->len; i++)
    if (! read_piece (state, &g_array_index (tensors, P2pCheckpointTensor, i), error))
      return NULL;

  /* And the storages of what lies beside the weights. */
  for (guint i = 0; i < pickle->values->len; i++)
    {
      const P2pPickleValue *value = g_ptr_array_index (pickle->values, i);

      if (value->kind == P2P_PICKLE_PERSISTENT)
        read_storage (state, value);
    }

  return g_steal_pointer (&state);
}

void
p2p_torch_state_free (P2pTorchState *state)
{
  if (! state)
    return;

  g_array_unref (state->pieces);
  g_hash_table_unref (state->storages);
  g_free (state->found_under);
  g_free (state);
}
