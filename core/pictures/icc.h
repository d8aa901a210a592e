/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* ICC color profiles, which tell what colors the samples of a picture file mean.  They are read
 * with Little CMS.  Conversion uses the relative colorimetric intent: white stays white, and colors
 * inside the gamut are not moved to make room for others. */

#pragma once

#include <glib.h>

typedef struct _P2pIcc P2pIcc;

/* Reads a profile for gray or RGB samples.  The profile may come from a hostile file.  Free the
 * result with p2p_icc_free ().
 * Errors: P2P_ERROR_FILE the profile is damaged; P2P_ERROR_UNSUPPORTED it is for other samples,
 * such as CMYK, or newer than version 4. */
P2pIcc * p2p_icc_new        (GBytes *profile, GError **error);
void     p2p_icc_free       (P2pIcc *icc);

/* Converts n pixels from the file's samples, in [0, 1], to sRGB-encoded values, in place.  pixels
 * is [n, channels] with channels as in P2pImage; alpha does not change.  Colors outside of sRGB's
 * gamut get values below 0 or above 1.  With an RGB profile, a gray sample is decoded as three
 * equal ones, of which the luminance is taken.  With a gray profile, each of red, green and blue is
 * decoded as a gray.  Several threads may use the same profile at a time. */
void     p2p_icc_decode     (const P2pIcc *icc, float *pixels, gsize n, int channels);

/* Whether p2p_icc_encode () can make gray samples (gray TRUE) or RGB samples (gray FALSE).  A
 * profile is for one of the two, and some profiles can only decode. */
gboolean p2p_icc_can_encode (const P2pIcc *icc, gboolean gray);

/* Converts n pixels from sRGB-encoded values to the file's samples, in [0, 1], in place.  Colors
 * outside of the profile's gamut are clipped.  p2p_icc_can_encode () must be TRUE. */
void     p2p_icc_encode     (const P2pIcc *icc, float *pixels, gsize n, int channels);

/* Makes an RGB profile.  The same numbers always give the same bytes.  The caller unrefs the
 * result.
 * xy [8]: the CIE 1931 chromaticities x and y of white, red, green and blue.
 * curve [5]: γ, a, b, c, d.  A sample v is the light (a · v + b)^γ where v ≥ d, and c · v below.
 * Errors: P2P_ERROR_FILE the numbers make no sense. */
GBytes * p2p_icc_make       (const double *xy, const double *curve, GError **error);

/* sRGB's numbers for p2p_icc_make (). */
extern const double p2p_icc_srgb_xy[8], p2p_icc_srgb_curve[5];

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pIcc, p2p_icc_free)
