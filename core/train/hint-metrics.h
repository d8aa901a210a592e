/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How a picture that was made with hints obeys them, and what the hints alone would give. */

#pragma once

#include "base/real.h"
#include "models/inputs.h"

/* What a network saw: a [h, w, channels of inputs] in [−1, 1]. */
typedef struct
{
  const P2pInputs *inputs;
  const p2p_real  *a;
  int              w, h;
} P2pSeen;

/* The mean distance of the target's a and b of CIE Lab from those of the output; both are
 * rgb [n,3]. */
double   p2p_metric_ab_of_rgb (const float *output, const float *target, gsize n);

/* The same distance where each pixel takes the color of the nearest hint, without a network; NAN:
 * the network sees no hints.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_metric_nearest   (const P2pSeen *seen, const float *target, double *distance,
                               GError **error);

/* The same where it takes the color that was spread to it; NAN: the network sees none.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_metric_spreading (const P2pSeen *seen, const float *target, double *distance,
                               GError **error);

/* *n_obeyed tells how many of n dots are obeyed: around each place the region of one color in the
 * target has a mean in the output within ΔE 12 (CIE 1976) of the target's color there.  output and
 * target are rgb [h,w,3].
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_metric_obeyed    (const float *output, const float *target, int w, int h,
                               const gsize *places, guint n, guint *n_obeyed, GError **error);
