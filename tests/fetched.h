/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* All numbers of a file, for the tests of the readers. */

#pragma once

#include "files/tensors.h"

/* Takes the tensors that a reader lists and gives them with their numbers; NULL: an error. */
static inline P2pTensors *
fetched (P2pTensors *tensors,
         GError    **error)
{
  if (tensors && p2p_tensors_fetch (tensors, error))
    return tensors;

  p2p_tensors_free (tensors);
  return NULL;
}
