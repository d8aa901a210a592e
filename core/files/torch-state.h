/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The state dict in a pickle of PyTorch: which tensors there are, and where their numbers lie.  For
 * torch-file.c and torch-legacy.c. */

#pragma once

#include "tensors.h"

/* The numbers of one or more tensors. */
typedef struct
{
  const char *type;     /* "torch.FloatStorage" … */
  P2pDtype    dtype;    /* of the tensors made of it */
  gsize       width;    /* bytes of a number in it; eight for doubles, whose tensors become F32 */
  guint64     n;        /* numbers in it */
  gboolean    is_read;  /* FALSE: of a type that no tensor is made of */
  gboolean    wanted;   /* one of the pieces lies in it */
  GBytes     *bytes;    /* NULL until fetched */
} P2pStorage;

/* A tensor in its storage, which it is known to lie in. */
typedef struct
{
  char       *name;
  P2pStorage *storage;
  guint64     offset;                  /* numbers */
  int         n_dims;
  gint64      dims[P2P_MAX_DIMS];
  gint64      strides[P2P_MAX_DIMS];   /* numbers */
  gsize       n;                       /* numbers; not more than the storage has */
} P2pPiece;

typedef struct
{
  GHashTable *storages;      /* key → P2pStorage: all that the pickle names */
  GArray     *pieces;        /* P2pPiece, in the state dict's order */
  char       *found_under;   /* where in a checkpoint the state dict lay, or NULL */
} P2pTorchState;

/* Reads the pickle at the start of data; *used: its length.
 * Errors: as p2p_torch_file_read (). */
P2pTorchState * p2p_torch_state_read (const guint8 *data, gsize length, gsize *used,
                                      GError **error);
void            p2p_torch_state_free (P2pTorchState *state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pTorchState, p2p_torch_state_free)
