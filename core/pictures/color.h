/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Converts between sRGB and CIE Lab (CIE 15:2004) with the white D65 and the 2° observer; L is 0 to
 * 100.  sRGB values are encoded (IEC 61966-2-1).  Values below 0 or above 1 stand for colors
 * outside of sRGB's gamut; for them the curve goes on above 1, and is mirrored at 0.  All arrays
 * have 3 elements. */

#pragma once

#include <glib.h>

/* Converts between the encoded value of a channel and its linear light; white is 1 in both. */
float p2p_srgb_decode   (float value);
float p2p_srgb_encode   (float light);

/* Returns the luminance Y of linear light in sRGB's red, green and blue. */
float p2p_luminance     (const float *light);

void  p2p_lab_from_rgb  (const float *rgb, float *lab);

/* Returns only L. */
float p2p_lab_lightness (const float *rgb);

void  p2p_lab_to_rgb    (const float *lab, float *rgb);

/* Converts lab to a color in sRGB's gamut with the same lightness and hue.  The chroma is reduced
 * if it does not fit.  Where L is outside of 0 to 100, no color fits: the result is then a gray
 * with this L, outside of 0 to 1. */
void  p2p_lab_to_gamut  (const float *lab, float *rgb);

/* Returns the luma of ITU-R BT.601, as the public data sets turn colors into gray.  A gray pixel
 * keeps exactly its value. */
static inline float
p2p_luma (const float *rgb)
{
  return rgb[0] == rgb[1] && rgb[1] == rgb[2]
         ? rgb[0] : 0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2];
}

/* Clamps to [0, 1].  NaN becomes 0, because one such pixel would spoil the statistics of norms. */
static inline float
p2p_unit (float value)
{
  return value > 0.0f ? MIN (value, 1.0f) : 0.0f;
}
