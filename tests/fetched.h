/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reads all numbers of a file, for the tests of the readers. */

#pragma once

#include "files/tensors.h"

/* Takes ownership of the tensors that a reader listed and returns them with their numbers.  On an
 * error it frees them and returns NULL. */
static inline P2pTensors *
fetched (P2pTensors *tensors,
         GError    **error)
{
  if (tensors && p2p_tensors_fetch (tensors, error))
    return tensors;

  p2p_tensors_free (tensors);
  return NULL;
}
