/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* sRGB and CIE Lab (CIE 15:2004) with D65's white, 2° observer: L from 0 to 100.  sRGB values are
 * encoded (IEC 61966-2-1); those of colours that sRGB does not have, outside of 0 to 1, keep
 * their meaning, the curve being mirrored at 0. */

#pragma once

#include <glib.h>

/* A channel's light, where white has 1, and its encoded value. */
float p2p_srgb_decode   (float value);
float p2p_srgb_encode   (float light);

/* The luminance Y of light [3] in sRGB's red, green and blue. */
float p2p_luminance     (const float *light);

void  p2p_lab_from_rgb  (const float *rgb, float *lab);

/* The lightness alone. */
float p2p_lab_lightness (const float *rgb);

void  p2p_lab_to_rgb    (const float *lab, float *rgb);

/* The colour of the same lightness and hue, with as much of the chroma as sRGB has room for.  Where
 * the lightness itself is outside of 0 to 100 it is kept, without chroma. */
void  p2p_lab_to_gamut  (const float *lab, float *rgb);

/* One channel from colours as the public data sets make it: ITU-R BT.601 luma.  Gray stays exactly
 * what it is. */
static inline float
p2p_luma (const float *rgb)
{
  return rgb[0] == rgb[1] && rgb[1] == rgb[2]
         ? rgb[0] : 0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2];
}

/* In [0, 1]; what is not a number gives 0, since one such pixel would spoil all statistics. */
static inline float
p2p_unit (float value)
{
  return value > 0.0f ? MIN (value, 1.0f) : 0.0f;
}
