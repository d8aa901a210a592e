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

/* A white sheet for rows × columns pictures of w × h pixels.
 * Errors: those of p2p_image_try_new (). */
P2pImage * p2p_sheet_new (int rows, int columns, int w, int h, GError **error);

/* Puts rgb [h,w,3] there. */
void       p2p_sheet_put (P2pImage *sheet, int w, int h, int row, int column, const float *rgb);
