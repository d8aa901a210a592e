/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Shows people what networks see and give: as pictures, side by side on a sheet. */

#pragma once

#include "dataset.h"
#include "p2p.h"

/* Turns n pixels of an input a [n,channels of the inputs], in [−1, 1], into rgb [n,3], in [0, 1],
 * with the hints laid over. */
void       p2p_rgb_of_input  (const P2pDataKind *kind, const p2p_real *a, gsize n, float *rgb);

/* The same for an output or target b [n,channels of the output].  a is the input, whose lightness
 * is used if the output is a and b of Lab. */
void       p2p_rgb_of_output (const P2pDataKind *kind, const p2p_real *a, const p2p_real *b,
                              gsize n, float *rgb);

/* A sheet (newly allocated) of n pictures rgb [h,w,3] side by side.
 * Errors: those of p2p_image_try_new (). */
P2pImage * p2p_sheet_row   (int w, int h, const float *const *rgb, int n, GError **error);

/* A sheet (newly allocated) of rows (P2pImage *), one below the other.  Shorter rows are filled up
 * with white.  Errors: the same. */
P2pImage * p2p_sheet_stack (const GPtrArray *rows, GError **error);
