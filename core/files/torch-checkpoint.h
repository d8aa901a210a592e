/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The tensors in a PyTorch checkpoint, and their names.  A file may hold just a state dict, or the
 * whole checkpoint of a trainer: dicts and lists that contain state dicts, options and numbers. */

#pragma once

#include "pickle.h"

/* A tensor of a checkpoint.  p2p_checkpoint_list () fills it in, torch-state.c reads it. */
typedef struct
{
  char                 *name;      /* the keys that lead to it, separated by dots */
  const P2pPickleValue *call;      /* the call that rebuilds it in Python */
  const P2pPickleValue *sizes;     /* its shape: a tuple, or a call of torch.Size with a tuple; NULL
                                    * when the call does not contain it */
  const char           *kind;      /* NULL for a tensor of plain numbers in a storage; otherwise
                                    * what it is instead, such as "sparse", for messages */
} P2pCheckpointTensor;

/* The globals with which tensors of a checkpoint are made.  Calls of others never make a tensor. */
#define P2P_REBUILD_TENSOR_V1       "torch._utils._rebuild_tensor"
#define P2P_REBUILD_TENSOR          "torch._utils._rebuild_tensor_v2"
#define P2P_REBUILD_TENSOR_V3       "torch._utils._rebuild_tensor_v3"
#define P2P_REBUILD_QUANTIZED       "torch._utils._rebuild_qtensor"
#define P2P_REBUILD_SPARSE          "torch._utils._rebuild_sparse_tensor"
#define P2P_REBUILD_PARAMETER       "torch._utils._rebuild_parameter"
#define P2P_REBUILD_PARAMETER_STATE "torch._utils._rebuild_parameter_with_state"
#define P2P_REBUILD_FROM_TYPE       "torch._tensor._rebuild_from_type_v2"
#define P2P_TYPE_TENSOR             "torch.Tensor"
#define P2P_TYPE_PARAMETER          "torch.nn.parameter.Parameter"
#define P2P_TYPE_BUFFER             "torch.nn.parameter.Buffer"

/* Returns item i of a value, or NULL when there is none or it is of another kind.  value may be
 * NULL. */
const P2pPickleValue * p2p_pickle_item (const P2pPickleValue *value, guint i, P2pPickleKind kind);

/* Returns all tensors in the dicts, lists and tuples of a checkpoint (P2pCheckpointTensor), in
 * their order; the caller unrefs the array.  Tensors under keys that are not plain text are left
 * out. */
GArray * p2p_checkpoint_list (const P2pPickleValue *root);
