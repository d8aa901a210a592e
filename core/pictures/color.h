/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* sRGB and CIE Lab (CIE 15:2004) with D65's white, 2° observer: L from 0 to 100.  sRGB values are
 * encoded (IEC 61966-2-1); those of colours that sRGB does not have, outside of 0 to 1, keep
 * their meaning, the curve being mirrored at 0. */

#pragma once

#include <glib.h>

void  p2p_lab_from_rgb  (const float *rgb, float *lab);

/* The lightness alone. */
float p2p_lab_lightness (const float *rgb);

void  p2p_lab_to_rgb    (const float *lab, float *rgb);

/* The colour of the same lightness and hue, with as much of the chroma as sRGB has room for.  Where
 * the lightness itself is outside of 0 to 100 it is kept, without chroma. */
void  p2p_lab_to_gamut  (const float *lab, float *rgb);
