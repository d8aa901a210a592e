/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The narrow number types of model files: half (IEEE 754 binary16), and bfloat16, which is the
 * upper 16 bits of a float. */

#pragma once

#include "tensors.h"

/* The largest finite half. */
#define P2P_HALF_MAX 65504.0f

/* Converts n little-endian numbers to float.  source need not be aligned; dtype must not be
 * P2P_OTHER.  The conversion is exact except for P2P_I64.  A signaling NaN in halves becomes a
 * quiet one, as in the processor's own conversion. */
void     p2p_widen (P2pDtype dtype, const void *source, gsize n, float *values);

/* Whether this processor can widen eight halves at once (F16C). */
gboolean p2p_have_f16c (void);

/* Returns the half nearest to value, ties to even.  Values from 65520 on become infinity. */
guint16  p2p_half  (float value);
