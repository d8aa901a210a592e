/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What an eye sees in a picture and a mean difference does not: the grid that transposed
 * convolutions leave in flat areas, and blur.
 *
 * Grid energy is measured in windows of 32 × 32 pixels, 16 apart, in which another picture, mostly
 * the network's input, is flat, so that the output should be without a pattern.  The power spectra
 * of the output's luma, or of both planes of its chroma, are averaged over these windows; each has
 * its mean removed and is under a Hann window.  A grid of period 8 lies in the bins whose numbers
 * are multiples of 4 in both directions; (0, 0) is left out.  The power of each such bin is divided
 * by the geometric mean of the four bins that lie two beside it, and the geometric mean of these
 * quotients is the grid energy.  It is about 1 where there is no grid.  A slight blur changes it
 * little since it weakens neighboring bins alike.
 *
 * Sharpness is the mean length of the gradient of the luma, or of both planes of chroma, divided by
 * the target's.
 *
 * Both see pictures as they are saved, in levels of 8 bits. */

#pragma once

#include <glib.h>

/* Even bins of a window's spectrum along one axis: −2, 0, 2, … 18. */
#define P2P_TEXTURE_BINS 11

/* Sums over pictures; all zeros is the start. */
typedef struct
{
  double power[P2P_TEXTURE_BINS][P2P_TEXTURE_BINS];   /* of all windows */
  guint  n_windows;
  double sharpness;
  guint  n_pictures;    /* those whose target has any gradient */
} P2pTexture;

/* One picture and its target; rgb [h,w,3] in [0, 1]. */
typedef struct
{
  int          w, h;
  const float *flat;              /* tells where the windows lie: no level of 8 bits is more than
                                   * 12 from that of the window's center */
  const float *output, *target;
  gboolean     chroma;            /* Cb and Cr are measured (JPEG's YCbCr), else the luma */
} P2pTextured;

/* Adds a picture to the sums. */
void   p2p_texture_add       (P2pTexture *texture, const P2pTextured *picture);

/* NaN where no picture has a flat window. */
double p2p_texture_grid      (const P2pTexture *texture);

/* The mean of the pictures' sharpness; NaN where no target has any gradient. */
double p2p_texture_sharpness (const P2pTexture *texture);
