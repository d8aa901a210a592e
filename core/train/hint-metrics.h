/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Metrics for networks that take hints: how well a result obeys the hints, and how good a picture
 * the hints alone would give. */

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

/* The mean distance of output from target in the plane of a and b of CIE Lab.  Both are RGB [n,3]
 * in [0, 1]. */
double   p2p_metric_ab_of_rgb (const float *output, const float *target, gsize n);

/* The same distance for a picture made without the network, in which each pixel takes the color of
 * the nearest hint.  *distance is NAN when the network sees no hints.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_metric_nearest   (const P2pSeen *seen, const float *target, double *distance,
                               GError **error);

/* The same distance for a picture in which each pixel takes the color that was spread to it from
 * the hints.  *distance is NAN when the network sees no spread colors.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_metric_spreading (const P2pSeen *seen, const float *target, double *distance,
                               GError **error);

/* Counts in *n_obeyed how many of n dots the network obeys.  A dot at a place (y · w + x) has a
 * region: the connected pixels around it that have one color in the target.  The dot is obeyed when
 * the region's mean color in the output is within ΔE 12 (CIE 1976) of the target's color at the
 * place.  output and target are RGB [h,w,3] in [0, 1].
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_metric_obeyed    (const float *output, const float *target, int w, int h,
                               const gsize *places, guint n, guint *n_obeyed, GError **error);
