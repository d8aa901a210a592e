/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The narrow number types of model files: IEEE 754 half (binary16) and bfloat16, the upper half of
 * a float. */

#pragma once

#include "tensors.h"

/* The largest finite half. */
#define P2P_HALF_MAX 65504.0f

/* n little-endian numbers at source, at any address → values.  Exact but for I64; a signalling NaN
 * of a half becomes quiet, as processors' own conversion does it. */
void     p2p_widen (P2pDtype dtype, const void *source, gsize n, float *values);

/* Whether this processor widens eight halves at once (F16C). */
gboolean p2p_have_f16c (void);

/* The half nearest to value, ties to even; infinity from 65520 on. */
guint16  p2p_half  (float value);
