/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Whether numbers are numbers: a training that fails leaves NaN and infinity in its weights. */

#pragma once

#include "tensors.h"

/* Whether none of a file's n numbers, little endian, at any address, is NaN or infinite. */
gboolean p2p_all_finite (P2pDtype dtype, const void *values, gsize n);
