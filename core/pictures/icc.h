/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* ICC color profiles, which tell what the samples of a picture file mean, by Little CMS.
 * Converting is relative colorimetric: white stays white, and no color is moved to make it fit. */

#pragma once

#include <glib.h>

typedef struct _P2pIcc P2pIcc;

/* Reads a profile for gray samples or for those of red, green and blue; nothing in it is trusted.
 * Errors: P2P_ERROR_FILE it is damaged; P2P_ERROR_UNSUPPORTED it is a sound one for samples of
 * another kind, such as CMYK. */
P2pIcc * p2p_icc_new        (GBytes *profile, GError **error);
void     p2p_icc_free       (P2pIcc *icc);

/* Converts the file's samples, 0 to 1, to sRGB-encoded ones, in place: pixels [n, channels],
 * channels as in P2pImage; alpha is left alone.  Colors outside of sRGB come out below 0 or above
 * 1.  Gray samples with an RGB profile, and the other way round, are taken as neutral.  Several
 * threads may use the same profile. */
void     p2p_icc_decode     (const P2pIcc *icc, float *pixels, gsize n, int channels);

/* Whether p2p_icc_encode () can make gray samples, or those of red, green and blue.  A profile is
 * for one of the two, and some only tell how to decode. */
gboolean p2p_icc_can_encode (const P2pIcc *icc, gboolean gray);

/* Converts back to the file's samples, 0 to 1.  Colors that the profile does not have are
 * clipped. */
void     p2p_icc_encode     (const P2pIcc *icc, float *pixels, gsize n, int channels);

/* Makes an RGB profile; the same numbers give the same bytes.
 * xy [8]: where white, red, green and blue lie, x and y of each (CIE 1931).
 * curve [5]: γ a b c d.  A sample v is the light (a v + b)^γ from v = d on, and c v below.
 * Errors: P2P_ERROR_FILE the numbers make no sense. */
GBytes * p2p_icc_make       (const double *xy, const double *curve, GError **error);

extern const double p2p_icc_srgb_xy[8], p2p_icc_srgb_curve[5];

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pIcc, p2p_icc_free)
