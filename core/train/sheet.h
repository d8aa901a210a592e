/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What networks see and give, as pictures for people, beside each other. */

#pragma once

#include "dataset.h"
#include "p2p.h"

/* n values of A [n, channels of input], in [−1, 1] → rgb [n,3], in [0, 1]. */
void       p2p_rgb_of_input  (const P2pDataKind *kind, const p2p_real *a, gsize n, float *rgb);

/* The same of B, [n, channels of output]; a has what B lacks, the lightness. */
void       p2p_rgb_of_output (const P2pDataKind *kind, const p2p_real *a, const p2p_real *b,
                              gsize n, float *rgb);

/* n pictures rgb [h,w,3] beside each other.
 * Errors: those of p2p_image_try_new (). */
P2pImage * p2p_sheet_row   (int w, int h, const float *const *rgb, int n, GError **error);

/* Rows (P2pImage *) below each other, on white where they are of different widths. */
P2pImage * p2p_sheet_stack (const GPtrArray *rows, GError **error);
