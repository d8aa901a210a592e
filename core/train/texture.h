/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Measures two things that an eye sees in a picture, but a mean difference does not show: the grid
 * that transposed convolutions leave in flat areas, and blur.
 *
 * Grid energy is measured in windows of 32 × 32 pixels, 16 apart, where another picture, usually
 * the network's input, is flat, so that the output should have no pattern there.
 *
 *   1  Subtract the mean from each window of the output's luma (or of Cb and of Cr), multiply it by
 *      a Hann window, and average the power spectra of all windows.
 *   2  A grid of period 8 lies in the bins whose numbers are multiples of 4 in both directions,
 *      except (0, 0).  Divide the power of each of these bins by the geometric mean of the four
 *      bins that are two bins away from it: left, right, above and below.
 *   3  The geometric mean of these quotients is the grid energy.
 *
 * It is about 1 where there is no grid.  A slight blur changes it little, because blur weakens
 * neighboring bins alike.
 *
 * Sharpness is the mean length of the gradients of the output's luma (or of Cb and Cr), divided by
 * the same for the target.
 *
 * Both are measured in pictures as they are saved, in levels of 8 bits. */

#pragma once

#include <glib.h>

/* Even bins of a window's spectrum along one axis: −2, 0, 2, … 18. */
#define P2P_TEXTURE_BINS 11

/* Sums over pictures.  All zeros is the start; p2p_texture_add () fills it. */
typedef struct
{
  double power[P2P_TEXTURE_BINS][P2P_TEXTURE_BINS];   /* summed over all windows, [down][across] */
  guint  n_windows;
  double sharpness;     /* summed over the pictures */
  guint  n_pictures;    /* those whose target has any gradient */
} P2pTexture;

/* One picture and its target; all three are RGB [h,w,3] in [0, 1]. */
typedef struct
{
  int          w, h;
  const float *flat;              /* a window is used where this picture is flat: where no 8-bit
                                   * level differs by more than 12 from the window's center */
  const float *output, *target;
  gboolean     chroma;            /* TRUE: Cb and Cr of JPEG's YCbCr are measured; FALSE: luma */
} P2pTextured;

/* Adds a picture to the sums. */
void   p2p_texture_add       (P2pTexture *texture, const P2pTextured *picture);

/* Adds the sums over other pictures. */
void   p2p_texture_join      (P2pTexture *texture, const P2pTexture *other);

/* The grid energy; NaN when no picture has a flat window. */
double p2p_texture_grid      (const P2pTexture *texture);

/* The mean of the pictures' sharpness; NaN when no target has any gradient. */
double p2p_texture_sharpness (const P2pTexture *texture);
