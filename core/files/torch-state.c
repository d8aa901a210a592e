/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Makes tensors and storages from the values of a pickle. */

#include <string.h>

#include "base/intl.h"
#include "p2p.h"
#include "torch-checkpoint.h"
#include "torch-state.h"

#define SIZE "torch.Size"

/* The globals of Python that occur in tensors.  None of them is called; tensors are made from the
 * arguments of the calls.  Everything else that trainers save is unknown, and ignored. */
static const char *const known[] =
{
  P2P_REBUILD_TENSOR_V1, P2P_REBUILD_TENSOR, P2P_REBUILD_TENSOR_V3, P2P_REBUILD_QUANTIZED,
  P2P_REBUILD_SPARSE, P2P_REBUILD_PARAMETER, P2P_REBUILD_PARAMETER_STATE, P2P_REBUILD_FROM_TYPE,
  P2P_TYPE_TENSOR, P2P_TYPE_PARAMETER, P2P_TYPE_BUFFER, SIZE,
  "torch.DoubleStorage", "torch.FloatStorage", "torch.HalfStorage", "torch.BFloat16Storage",
  "torch.LongStorage", "torch.IntStorage", "torch.ShortStorage", "torch.CharStorage",
  "torch.ByteStorage", "torch.BoolStorage", "torch.ComplexFloatStorage",
  "torch.ComplexDoubleStorage", "torch.QInt8Storage", "torch.QUInt8Storage", "torch.QInt32Storage",
  "torch.storage.UntypedStorage",
  NULL
};

/* All types of storages.  The width is needed even for the types that are not read, to skip them in
 * legacy files. */
static const struct
{
  const char *name;
  gsize       width;   /* bytes of a number */
  P2pDtype    dtype;
  const char *type;    /* the type of its numbers, for messages */
}
types[] =
{
  { "torch.FloatStorage",           4, P2P_F32,   "float32" },
  { "torch.DoubleStorage",          8, P2P_F32,   "float64" },
  { "torch.HalfStorage",            2, P2P_F16,   "float16" },
  { "torch.BFloat16Storage",        2, P2P_BF16,  "bfloat16" },
  { "torch.LongStorage",            8, P2P_I64,   "int64" },
  { "torch.IntStorage",             4, P2P_OTHER, "int32" },
  { "torch.ShortStorage",           2, P2P_OTHER, "int16" },
  { "torch.CharStorage",            1, P2P_OTHER, "int8" },
  { "torch.ByteStorage",            1, P2P_OTHER, "uint8" },
  { "torch.BoolStorage",            1, P2P_OTHER, "bool" },
  { "torch.ComplexFloatStorage",    8, P2P_OTHER, "complex64" },
  { "torch.ComplexDoubleStorage",  16, P2P_OTHER, "complex128" },
  { "torch.QInt8Storage",           1, P2P_OTHER, "qint8" },
  { "torch.QUInt8Storage",          1, P2P_OTHER, "quint8" },
  { "torch.QInt32Storage",          4, P2P_OTHER, "qint32" },
  { "torch.storage.UntypedStorage", 1, P2P_OTHER, "bytes" },
};

/* ---- Storages --------------------------------------------------------------------------- */

/* Returns the storage that a persistent id refers to, and adds it to state->storages when it is
 * new.  The id is the tuple ("storage", type, key, device, count of numbers).  In legacy files it
 * has a sixth item: None, or a view (read_view ()).  Returns NULL when the id makes no sense, or
 * when it contradicts an earlier id with the same key. */
static P2pStorage *
read_storage (P2pTorchState        *state,
              const P2pPickleValue *persistent)
{
  const P2pPickleValue *id = p2p_pickle_item (persistent, 0, P2P_PICKLE_TUPLE);
  const P2pPickleValue *global = p2p_pickle_item (id, 1, P2P_PICKLE_GLOBAL);
  const P2pPickleValue *key = p2p_pickle_item (id, 2, P2P_PICKLE_TEXT);
  const P2pPickleValue *n = p2p_pickle_item (id, 4, P2P_PICKLE_INTEGER);
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
  storage->numbers = types[type].type;
  storage->width = types[type].width;
  storage->n = n->integer;
  g_hash_table_insert (state->storages, g_strdup (key->text), storage);
  return storage;
}

/* Finds the part of its storage that a tensor may lie in, n numbers from begin on.  This is the
 * whole storage, or in legacy files perhaps a view, the tuple (key, offset, count of numbers).
 * Returns FALSE when the view makes no sense. */
static gboolean
read_view (const P2pStorage     *storage,
           const P2pPickleValue *persistent,
           guint64              *begin,
           guint64              *n)
{
  const P2pPickleValue *id = p2p_pickle_item (persistent, 0, P2P_PICKLE_TUPLE);
  const P2pPickleValue *view, *offset, *length;

  *begin = 0;
  *n = storage->n;
  if (id->items->len <= 5 || p2p_pickle_item (id, 5, P2P_PICKLE_NONE))
    return TRUE;

  view = p2p_pickle_item (id, 5, P2P_PICKLE_TUPLE);
  offset = p2p_pickle_item (view, 1, P2P_PICKLE_INTEGER);
  length = p2p_pickle_item (view, 2, P2P_PICKLE_INTEGER);
  if (! offset || ! length || offset->integer < 0 || length->integer < 0
      || (guint64) offset->integer > storage->n
      || (guint64) length->integer > storage->n - offset->integer)
    return FALSE;

  *begin = offset->integer;
  *n = length->integer;
  return TRUE;
}

/* ---- Tensors ---------------------------------------------------------------------------- */

/* Reads the integers, none of them negative, of a tuple or of torch.Size (tuple), at most
 * P2P_MAX_DIMS.  Returns their number, or −1 when value is anything else. */
static int
read_integers (const P2pPickleValue *value,
               gint64               *values)
{
  const P2pPickleValue *tuple = value;

  if (value && value->kind == P2P_PICKLE_CALL && strcmp (value->text, SIZE) == 0)
    tuple = p2p_pickle_item (value, 0, P2P_PICKLE_TUPLE);
  if (! tuple || tuple->kind != P2P_PICKLE_TUPLE || tuple->items->len > P2P_MAX_DIMS)
    return -1;
  for (guint i = 0; i < tuple->items->len; i++)
    {
      const P2pPickleValue *number = p2p_pickle_item (tuple, i, P2P_PICKLE_INTEGER);

      if (! number || number->integer < 0)
        return -1;
      values[i] = number->integer;
    }

  return tuple->items->len;
}

/* Reads the last argument of _rebuild_tensor_v2 (), a dict that may be missing.  It names
 * operations that PyTorch has postponed and that still must be applied to the numbers.  Sets
 * *negated for a negation of floats.  Ignores conjugation, which does not change real numbers.
 * Returns FALSE when anything else is pending. */
static gboolean
read_pending (const P2pPickleValue *call,
              const P2pStorage     *storage,
              gboolean             *negated)
{
  const P2pPickleValue *metadata = p2p_pickle_item (call, 6, P2P_PICKLE_DICT);

  *negated = FALSE;
  if (call->items->len <= 6 || p2p_pickle_item (call, 6, P2P_PICKLE_NONE))
    return TRUE;
  for (guint i = 0; metadata && i + 1 < metadata->items->len; i += 2)
    {
      const P2pPickleValue *key = p2p_pickle_item (metadata, i, P2P_PICKLE_TEXT);
      const P2pPickleValue *value = p2p_pickle_item (metadata, i + 1, P2P_PICKLE_INTEGER);

      if (! key || ! value)
        return FALSE;
      if (strcmp (key->text, "neg") == 0)
        *negated = value->integer != 0;
      else if (value->integer && strcmp (key->text, "conj") != 0)
        return FALSE;
    }
  return metadata && ! (*negated && storage->dtype == P2P_I64);
}

/* Whether the piece lies inside the n numbers from begin on in its storage.  Sets piece->n, and
 * makes piece->offset, which was relative to begin, relative to the storage.  A piece may have more
 * numbers than the storage, because strides of 0 repeat numbers. */
static gboolean
piece_fits (P2pPiece *piece,
            guint64   begin,
            guint64   n)
{
  guint64 last = piece->offset;   /* the offset of the last number */
  gsize   size;

  piece->n = 1;
  for (int i = 0; i < piece->n_dims; i++)
    if (! g_size_checked_mul (&piece->n, piece->n, piece->dims[i]))
      return FALSE;
  if (! g_size_checked_mul (&size, piece->n, piece->storage->width))
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
  return last < n;
}

gboolean
p2p_torch_state_find (P2pTorchState   *state,
                      const P2pTensor *tensor,
                      P2pPiece        *piece,
                      GError         **error)
{
  const P2pCheckpointTensor *listed = tensor->origin;
  const P2pPickleValue      *call = listed->call;
  const P2pPickleValue      *persistent = p2p_pickle_item (call, 0, P2P_PICKLE_PERSISTENT);
  const P2pPickleValue      *offset = p2p_pickle_item (call, 1, P2P_PICKLE_INTEGER);
  const char                *name = listed->name;
  guint64                    begin, n;

  *piece = (P2pPiece) { 0 };
  piece->n_dims = read_integers (listed->sizes, piece->dims);
  if (! persistent || ! offset || offset->integer < 0 || piece->n_dims < 0 || call->items->len < 4
      || read_integers (call->items->pdata[3], piece->strides) != piece->n_dims)
    return p2p_damaged (error, _("The file's entry for tensor “%s” makes no sense"), name);

  piece->offset = offset->integer;
  piece->storage = read_storage (state, persistent);
  if (! piece->storage || ! read_view (piece->storage, persistent, &begin, &n))
    return p2p_damaged (error, _("The storage of tensor “%s” makes no sense"), name);
  if (! read_pending (call, piece->storage, &piece->negated))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("Tensor “%s” was saved with an operation on it still pending, which is not "
                     "supported; save tensor.resolve_neg ().resolve_conj ().clone () instead"),
                   name);
      return FALSE;
    }
  if (! piece_fits (piece, begin, n))
    return p2p_damaged (error, _("Tensor “%s” is larger than its storage"), name);

  piece->storage->wanted = TRUE;
  return TRUE;
}

/* ---- The list --------------------------------------------------------------------------- */

/* Adds a tensor to the list.  A shape or storage that makes no sense is no error here, but only
 * when the tensor is needed (p2p_torch_state_find ()).  Returns FALSE when there is a tensor of the
 * same name already. */
static gboolean
list_tensor (P2pTorchState             *state,
             const P2pCheckpointTensor *listed,
             P2pTensors                *tensors)
{
  const P2pPickleValue *persistent = p2p_pickle_item (listed->call, 0, P2P_PICKLE_PERSISTENT);
  const P2pStorage     *storage = persistent ? read_storage (state, persistent) : NULL;
  P2pTensor             tensor = { .dtype = P2P_F32, .n_elements = 1, .origin = listed };

  if (storage)
    {
      tensor.dtype = storage->dtype;
      tensor.type = (char *) storage->numbers;
    }
  if (listed->kind)
    {
      tensor.dtype = P2P_OTHER;
      tensor.type = (char *) listed->kind;
    }
  tensor.n_dims = read_integers (listed->sizes, tensor.dims);
  for (int i = 0; i < tensor.n_dims; i++)
    if (! g_size_checked_mul (&tensor.n_elements, tensor.n_elements, tensor.dims[i]))
      tensor.n_dims = -1;
  if (tensor.n_dims < 0)
    {
      tensor.n_dims = 0;
      tensor.n_elements = 1;
    }
  return p2p_tensors_add_copy (tensors, listed->name, &tensor) != NULL;
}

P2pTensors *
p2p_torch_state_list (P2pTorchState *state,
                      GError       **error)
{
  g_autoptr (P2pTensors) tensors = p2p_tensors_new ();

  for (guint i = 0; i < state->tensors->len; i++)
    {
      const P2pCheckpointTensor *listed = &g_array_index (state->tensors, P2pCheckpointTensor, i);

      if (! list_tensor (state, listed, tensors))
        {
          p2p_damaged (error, _("The file has two tensors named “%s”"), listed->name);
          return NULL;
        }
    }
  return g_steal_pointer (&tensors);
}

/* ---- The state -------------------------------------------------------------------------- */

/* Sets the error for a pickle without weights: it says what the pickle holds instead.  When there
 * is one of PyTorch's own network classes, the message says that it is a network, which tells
 * people more than the name of an unknown class. */
static void
refuse (const P2pPickle *pickle,
        GError         **error)
{
  if (pickle->has_module)
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE,
                         _("The file holds a whole network as a Python object. Opening it would "
                           "mean running code from the file, so only weights are read. If you "
                           "trust the file, load it in PyTorch and save the network's "
                           "state_dict ()"));
  else if (pickle->unknown)
    g_set_error (error, P2P_ERROR, P2P_ERROR_FILE,
                 _("The file holds no named weights but a Python object (%s). Opening it would "
                   "mean running code from the file, so only weights are read. If you trust the "
                   "file, load it in PyTorch and save the network's state_dict ()"),
                 pickle->unknown);
  else
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE,
                         _("The file holds no named weights: save the network's state_dict ()"));
}

static void
storage_free (gpointer data)
{
  P2pStorage *storage = data;

  g_clear_pointer (&storage->bytes, g_bytes_unref);
  g_free (storage);
}

/* Whether any tensor has two or more dimensions, or a shape that makes no sense.  Tensors with
 * fewer dimensions may be counters, losses or the state of the random numbers. */
static gboolean
holds_weights (const GArray *tensors)
{
  for (guint i = 0; i < tensors->len; i++)
    {
      gint64                dims[P2P_MAX_DIMS];
      const P2pPickleValue *sizes = g_array_index (tensors, P2pCheckpointTensor, i).sizes;
      int                   n = read_integers (sizes, dims);

      if (n < 0 || n >= 2)
        return TRUE;
    }
  return FALSE;
}

P2pTorchState *
p2p_torch_state_read (const guint8 *data,
                      gsize         length,
                      gsize        *used,
                      GError      **error)
{
  g_autoptr (P2pTorchState) state = g_new0 (P2pTorchState, 1);

  state->storages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, storage_free);
  state->pickle = p2p_pickle_read (data, length, known, used, error);
  if (! state->pickle)
    return NULL;

  state->tensors = p2p_checkpoint_list (state->pickle->root);
  if (! holds_weights (state->tensors))
    {
      refuse (state->pickle, error);
      return NULL;
    }

  /* All storages must be known, even those that no tensor in the list needs, because a legacy file
   * has them one after the other without their types. */
  for (guint i = 0; i < state->pickle->values->len; i++)
    {
      const P2pPickleValue *value = g_ptr_array_index (state->pickle->values, i);

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

  g_clear_pointer (&state->tensors, g_array_unref);
  g_hash_table_unref (state->storages);
  p2p_pickle_free (state->pickle);
  g_free (state);
}
