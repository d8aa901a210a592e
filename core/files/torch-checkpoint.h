/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Which tensors are in what was saved, and under which names.  A file may hold a state dict itself,
 * or a trainer's whole checkpoint: dicts and lists of state dicts, options and numbers. */

#pragma once

#include "pickle.h"

/* A tensor and how to rebuild it.  The functions differ in where they tell the sizes. */
typedef struct
{
  char                 *name;      /* the keys that lead to it, separated by points */
  const P2pPickleValue *call;      /* of the function that rebuilds it */
  const P2pPickleValue *sizes;     /* a tuple, or torch.Size of one; NULL: not told */
  const char           *kind;      /* NULL: plain numbers in a storage; else what it is instead,
                                    * such as "sparse", for people */
} P2pCheckpointTensor;

/* The globals that a checkpoint's tensors are made with.  No other one leads to a tensor. */
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

/* The item of a value at a place, or NULL when there is none or it is of another kind. */
const P2pPickleValue * p2p_pickle_item (const P2pPickleValue *value, guint i, P2pPickleKind kind);

/* All tensors under the keys of dicts and the places of lists (P2pCheckpointTensor), in order.
 * Tensors under keys that are no plain texts are left out. */
GArray * p2p_checkpoint_list (const P2pPickleValue *root);
