/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Where a generator's weights are in what was saved.  A file may hold the state dict itself, or a
 * trainer's whole checkpoint: dicts of networks, optimizers, options and numbers, and state dicts
 * whose names begin with the network's own ("netG.model.1.weight"). */

#pragma once

#include "pickle.h"

typedef struct
{
  const char           *name;    /* less such a beginning; NULL: it is not a text */
  const P2pPickleValue *value;   /* a tensor: a call of one of the functions below */
} P2pCheckpointTensor;

#define P2P_REBUILD_TENSOR_V1 "torch._utils._rebuild_tensor"
#define P2P_REBUILD_TENSOR    "torch._utils._rebuild_tensor_v2"
#define P2P_REBUILD_PARAMETER "torch._utils._rebuild_parameter"

/* The call that rebuilds a tensor from its storage, out of one that rebuilds a parameter too; NULL:
 * the value is no tensor. */
const P2pPickleValue * p2p_checkpoint_tensor (const P2pPickleValue *value);

/* Gives the generator's tensors (P2pCheckpointTensor), in order.  *found_under: the keys that lead
 * to them, such as "state_dict.netG", or NULL when they are at the root.
 * Errors: P2P_ERROR_FILE when there are no weights, or several networks' and nothing tells which is
 * the generator. */
GArray * p2p_checkpoint_find (const P2pPickleValue *root, char **found_under, GError **error);
