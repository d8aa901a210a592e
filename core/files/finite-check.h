/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Finding weights that are NaN or infinite, which a training that diverged leaves behind. */

#pragma once

#include "tensors.h"

/* Returns whether all n numbers are finite.  values are little-endian numbers of a file and need
 * not be aligned.  Integers are always finite. */
gboolean p2p_all_finite (P2pDtype dtype, const void *values, gsize n);
