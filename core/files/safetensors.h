/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The safetensors format: eight bytes, little endian: the header's length; the header: a JSON
 * object of tensors by name (dtype, shape, data_offsets) and "__metadata__", strings by name; then
 * the tensors' bytes.  (https://github.com/huggingface/safetensors, README, "Format") */

#pragma once

#include "tensors.h"

/* Whether a file begins as one: a header's length that may be, and the beginning of JSON. */
gboolean     p2p_is_safetensors    (GBytes *file);

/* Reads a file; its tensors point into it.  What the reference reader (the crate safetensors) takes
 * and refuses is taken and refused here, but for names that are there twice, which are refused, and
 * types that it does not know, which are passed over.
 * Errors: P2P_ERROR_FILE when any offset, length, name or number is not sound. */
P2pTensors * p2p_safetensors_read  (GBytes *file, GError **error);

/* Writes the tensors with metadata (string → string, may be NULL): weights of two and more
 * dimensions as they are or, with f16, as F16 (bfloat16 becomes F32); the others as F32; integers
 * are left out.
 * Errors: P2P_ERROR_OPTION names a weight that is too large for F16; p2p_replace_file ()'s. */
gboolean     p2p_safetensors_write (const char *path, const P2pTensors *tensors,
                                    GHashTable *metadata, gboolean f16, GError **error);
