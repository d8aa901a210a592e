/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The tensors in a pickle of PyTorch, and where their numbers lie.  For torch-file.c and
 * torch-legacy.c. */

#pragma once

#include "pickle.h"
#include "tensors.h"

/* The numbers of one or more tensors. */
typedef struct
{
  const char *type;     /* "torch.FloatStorage" … */
  const char *numbers;  /* "float32" … */
  P2pDtype    dtype;    /* of the tensors made of it */
  gsize       width;    /* bytes of a number in it; eight for doubles, whose tensors become F32 */
  guint64     n;        /* numbers in it */
  gboolean    wanted;   /* one of the pieces lies in it */
  GBytes     *bytes;    /* NULL until fetched */
} P2pStorage;

/* A tensor in its storage, which it is known to lie in. */
typedef struct
{
  P2pStorage *storage;
  guint64     offset;                  /* numbers */
  int         n_dims;
  gint64      dims[P2P_MAX_DIMS];
  gint64      strides[P2P_MAX_DIMS];   /* numbers */
  gsize       n;                       /* numbers */
  gboolean    negated;                 /* the tensor has the negatives of the storage's numbers */
} P2pPiece;

typedef struct
{
  P2pPickle  *pickle;
  GHashTable *storages;      /* key → P2pStorage: all that the pickle names */
  GArray     *tensors;       /* P2pCheckpointTensor: the origins of the list's tensors */
} P2pTorchState;

/* Reads the pickle at the start of data; *used: its length.
 * Errors: P2P_ERROR_FILE the pickle is damaged, or there are no tensors in it. */
P2pTorchState * p2p_torch_state_read (const guint8 *data, gsize length, gsize *used,
                                      GError **error);

/* All tensors of the file, without numbers.
 * Errors: P2P_ERROR_FILE two have the same name. */
P2pTensors *    p2p_torch_state_list (P2pTorchState *state, GError **error);

/* Finds the place of a tensor of the list, and marks its storage as wanted.
 * Errors: P2P_ERROR_FILE what the file says of it makes no sense; P2P_ERROR_UNSUPPORTED it was
 * saved before an operation on it was done. */
gboolean        p2p_torch_state_find (P2pTorchState *state, const P2pTensor *tensor,
                                      P2pPiece *piece, GError **error);
void            p2p_torch_state_free (P2pTorchState *state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pTorchState, p2p_torch_state_free)
