/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How near pictures are to their targets. */

#pragma once

#include <glib.h>

/* Of x against y; values [h,w,c], [n,c] or [n]. */

/* Mean absolute difference. */
double   p2p_metric_l1   (const float *x, const float *y, gsize n);

/* Peak signal-to-noise ratio for values in [0, 1]: −10 log₁₀ of the mean squared difference, in dB;
 * 99 at most, where they are equal. */
double   p2p_metric_psnr (const float *x, const float *y, gsize n);

/* Structural similarity (Wang, Bovik, Sheikh, Simoncelli: Image quality assessment, 2004) of
 * values in [0, 1]: the mean over all places and channels where the window of 11 × 11 pixels, a
 * Gaussian of σ 1.5, lies inside; K₁ 0.01, K₂ 0.03.  *ssim is NaN when the picture is smaller than
 * that.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_metric_ssim (const float *x, const float *y, int h, int w, int c, double *ssim,
                          GError **error);

/* Of ab [n,2], a and b divided by 110: the mean distance, and the mean chroma. */
double p2p_metric_ab_error (const float *x, const float *y, gsize n);
double p2p_metric_chroma   (const float *x, gsize n);
