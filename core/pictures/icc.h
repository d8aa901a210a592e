/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* ICC colour profiles: what the samples of a picture file mean (ICC.1:2022; version 2 is much the
 * same).  Read are the profiles that a curve for each channel and a matrix describe, which are
 * those of cameras, screens and working spaces, and gray ones with a curve.  Converting is relative
 * colorimetric: white is white, and no colour is moved to make it fit. */

#pragma once

#include <glib.h>

typedef struct _P2pIcc P2pIcc;

/* Reads a profile; nothing in it is trusted.
 * Errors: P2P_ERROR_FILE damaged; P2P_ERROR_UNSUPPORTED a sound one of another kind. */
P2pIcc * p2p_icc_new     (GBytes *profile, GError **error);
void     p2p_icc_free    (P2pIcc *icc);

/* Whether it is for files with gray samples; else it is for those with red, green and blue. */
gboolean p2p_icc_is_gray (const P2pIcc *icc);

/* The file's samples, 0 to 1 → sRGB-encoded, in place: pixels [n, channels], channels as in
 * P2pImage, alpha is left alone.  Colours outside of sRGB come out below 0 or above 1.
 * Gray samples with an RGB profile, and the other way round, are taken as neutral. */
void     p2p_icc_decode  (const P2pIcc *icc, float *pixels, gsize n, int channels);

/* The way back, for the kind of samples that the profile is for: 0 to 1, with colours outside of
 * the profile's clipped. */
void     p2p_icc_encode  (const P2pIcc *icc, float *pixels, gsize n, int channels);

/* Where a colour space has white, red, green and blue: x and y of each (CIE 1931). */
typedef struct
{
  double x[4], y[4];
} P2pPrimaries;

extern const P2pPrimaries p2p_primaries_srgb;

/* The decoding of a sample v: (a v + b)^gamma from v = d on, c v below. */
typedef struct
{
  double gamma, a, b, c, d;
} P2pTransfer;

extern const P2pTransfer p2p_transfer_srgb;

/* Red, green and blue as columns of XYZ relative to D50, the white of ICC's; m [3, 3].  FALSE:
 * there is no colour space like that. */
gboolean p2p_icc_colorants (const P2pPrimaries *primaries, double *m);

/* The inverse of m [3, 3]; FALSE: it has none, or next to none. */
gboolean p2p_icc_invert    (const double *m, double *inverse);

/* Makes a profile (icc-make.c).
 * Errors: P2P_ERROR_FILE the numbers make no sense. */
GBytes * p2p_icc_make      (const P2pPrimaries *primaries, const P2pTransfer *transfer,
                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pIcc, p2p_icc_free)
