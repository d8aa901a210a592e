/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The safetensors format (https://github.com/huggingface/safetensors, README, "Format").  A file
 * has three parts:
 *
 *   8 bytes   the length of the header, little-endian
 *   header    a JSON object: the tensors by name (dtype, shape, data_offsets), and "__metadata__",
 *             an object of strings by name
 *   data      the numbers of the tensors
 */

#pragma once

#include "tensors.h"

/* Whether a file begins like safetensors: a plausible header length, then the beginning of a JSON
 * object. */
gboolean     p2p_is_safetensors    (GBytes *file);

/* Reads a file.  The tensors point into it and keep it alive; the caller frees the list.
 *
 * It accepts and refuses the same files as the reference reader (the Rust crate safetensors), with
 * two exceptions: names that occur twice are refused, and tensors of an unknown type are accepted
 * as P2P_OTHER.
 * Errors: P2P_ERROR_FILE when any offset, length, name or number is wrong. */
P2pTensors * p2p_safetensors_read  (GBytes *file, GError **error);

/* Writes a file.  Tensors with two or more dimensions are written as F16 if f16 is TRUE or if they
 * are F16 already.  All other tensors are written as F32.  Tensors that are not floats are left
 * out.
 * metadata: string → string; may be NULL.
 * Errors: P2P_ERROR_OPTION names a weight that is too large for F16; those of p2p_replace_file ().
 */
gboolean     p2p_safetensors_write (const char *path, const P2pTensors *tensors,
                                    GHashTable *metadata, gboolean f16, GError **error);
