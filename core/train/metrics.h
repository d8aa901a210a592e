/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Metrics of how near a picture x is to its target y. */

#pragma once

#include <glib.h>

/* The mean absolute difference of n values. */
double   p2p_metric_l1   (const float *x, const float *y, gsize n);

/* The peak signal-to-noise ratio in dB of n values in [0, 1]: −10 log₁₀ of the mean squared
 * difference.  At most 99, which is also the result for equal values. */
double   p2p_metric_psnr (const float *x, const float *y, gsize n);

/* The structural similarity, SSIM, of x and y [h,w,c] in [0, 1] (Wang, Bovik, Sheikh, Simoncelli:
 * Image quality assessment, 2004): the mean over all channels and all places where the window lies
 * inside the picture.  The window has 11 × 11 pixels, weighted by a Gaussian of σ 1.5; K₁ is 0.01,
 * K₂ 0.03.  *ssim is NaN when the picture is smaller than the window.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_metric_ssim (const float *x, const float *y, int h, int w, int c, double *ssim,
                          GError **error);

/* For a and b of CIE Lab, divided by 110, [n,2]: the mean distance of x from y, and the mean chroma
 * of x, both in the units of Lab. */
double p2p_metric_ab_error (const float *x, const float *y, gsize n);
double p2p_metric_chroma   (const float *x, gsize n);
