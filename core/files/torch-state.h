/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The tensors in a pickle of PyTorch, and where their numbers lie.  torch-file.c and torch-legacy.c
 * use this. */

#pragma once

#include "pickle.h"
#include "tensors.h"

/* A storage: an array of numbers in which one or more tensors lie. */
typedef struct
{
  const char *type;     /* such as "torch.FloatStorage" */
  const char *numbers;  /* the type of the numbers, for messages, such as "float32" */
  P2pDtype    dtype;    /* of the tensors that are made from it */
  gsize       width;    /* bytes of a number in it; 8 for doubles, although their tensors are F32 */
  guint64     n;        /* numbers in it */
  gboolean    wanted;   /* a tensor whose numbers are fetched lies in it */
  GBytes     *bytes;    /* the numbers; NULL until the reader has fetched them */
} P2pStorage;

/* Where a tensor lies in its storage.  It is known to lie inside it. */
typedef struct
{
  P2pStorage *storage;
  guint64     offset;                  /* of the first number, in numbers */
  int         n_dims;
  gint64      dims[P2P_MAX_DIMS];
  gint64      strides[P2P_MAX_DIMS];   /* in numbers */
  gsize       n;                       /* numbers in the tensor */
  gboolean    negated;                 /* the tensor has the negatives of the storage's numbers */
} P2pPiece;

/* What the pickle says.  It must outlive the lists made from it. */
typedef struct
{
  P2pPickle  *pickle;
  GHashTable *storages;      /* key → P2pStorage: all storages that the pickle refers to */
  GArray     *tensors;       /* P2pCheckpointTensor; P2pTensor.origin points to these */
} P2pTorchState;

/* Reads the pickle at the start of data, which may continue behind it.  The caller frees the
 * result.
 * length: bytes of data.
 * used: gets the length of the pickle in bytes.
 * Errors: P2P_ERROR_FILE when the pickle is damaged or holds no weights. */
P2pTorchState * p2p_torch_state_read (const guint8 *data, gsize length, gsize *used,
                                      GError **error);

/* Lists all tensors, without numbers.  The caller frees the list.
 * Errors: P2P_ERROR_FILE when two tensors have the same name. */
P2pTensors *    p2p_torch_state_list (P2pTorchState *state, GError **error);

/* Finds where a tensor of the list lies in its storage, and marks the storage as wanted.
 * Errors: P2P_ERROR_FILE when the file's entry for the tensor makes no sense; P2P_ERROR_UNSUPPORTED
 * when the tensor was saved with an operation on it still pending. */
gboolean        p2p_torch_state_find (P2pTorchState *state, const P2pTensor *tensor,
                                      P2pPiece *piece, GError **error);
void            p2p_torch_state_free (P2pTorchState *state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pTorchState, p2p_torch_state_free)
