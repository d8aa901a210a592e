/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A libFuzzer entry point for the readers of model files, built twice: READ is p2p_safetensors_read or
 * p2p_torch_file_read.  Whatever the bytes are, they give tensors or an error.
 *
 *   CC=clang meson setup build/fuzz -Dfuzz=true -Dplugin=disabled -Db_sanitize=address
 *     -Db_lundef=false
 *   build/fuzz/tests/fuzz-safetensors -max_total_time=60 */

#include <stddef.h>

#include "card.h"
#include "files/safetensors.h"
#include "files/torch-file.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size)
{
  g_autoptr (GBytes)     bytes = g_bytes_new (data, size);
  g_autoptr (GError)     error = NULL;
  g_autoptr (P2pTensors) tensors = READ (bytes, &error);
  g_autoptr (P2pCard)    card = NULL;

  g_assert ((tensors != NULL) == (error == NULL));
  if (tensors)
    card = p2p_card_new (tensors, NULL);
  return 0;
}
