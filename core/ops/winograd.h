/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The transforms of Winograd's minimal filtering F (m × m, r × r) (Winograd 1980; Lavin and Gray
 * 2016, section 4).  A tile of m × m outputs is computed from a × a inputs d, with a = m + r − 1,
 * and r × r taps g:
 *
 *   outputs = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A
 *
 * For each pair of an input and an output channel this takes a² multiplications instead of m² r².
 * Example: F (4 × 4, 3 × 3) takes 36 instead of 144.  All functions work on many channels at once;
 * the vectors of the processor run over channels. */

#pragma once

#include <glib.h>

#include "base/real.h"

typedef enum
{
  P2P_WINOGRAD_2_2,    /* m 2, r 2 */
  P2P_WINOGRAD_4_2,    /* m 4, r 2 */
  P2P_WINOGRAD_4_3,    /* m 4, r 3 */
  P2P_WINOGRAD_3_4,    /* m 3, r 4 */
} P2pWinograd;

#define P2P_WINOGRAD_MOST    6     /* the greatest a */
#define P2P_WINOGRAD_LANES   16    /* numbers of channels are multiples of it */

/* Pointers to the pixels of a tile, row by row, for the transforms that read or write pictures.
 * at[i] points to the channels of pixel i, and step[i] is 1.  A pixel outside the picture has step
 * 0 and points to P2P_WINOGRAD_LANES elements that serve for all its channels: zeros to read, or
 * memory that is written and ignored. */
typedef struct
{
  p2p_real *at[P2P_WINOGRAD_MOST * P2P_WINOGRAD_MOST];
  int       step[P2P_WINOGRAD_MOST * P2P_WINOGRAD_MOST];
} P2pWinogradTile;

int  p2p_winograd_m (P2pWinograd kind);
int  p2p_winograd_r (P2pWinograd kind);

/* In the functions below, channels is a multiple of P2P_WINOGRAD_LANES, and stride is the number of
 * elements from one of the a² matrices in v, u, products or w to the next. */

/* The input's transform v = Bᵀ d B.  The tile "from" has a × a pixels; v is [a², channels]. */
void p2p_winograd_input  (P2pWinograd kind, const P2pWinogradTile *from, int channels,
                          p2p_real *v, gsize stride);

/* The weight's transform u = G g Gᵀ, for one input channel and P2P_WINOGRAD_LANES output channels.
 * g is r² rows of taps [any, P2P_WINOGRAD_LANES], and rows [r²] has their indices; u is
 * [a², P2P_WINOGRAD_LANES], in packed panels (packed.h).
 * width: how many output channels lie side by side in u, a multiple of the processor's vector.
 * panel: elements in u from the first of these channels to the first of the next. */
void p2p_winograd_weight (P2pWinograd kind, const p2p_real *taps, const int *rows, p2p_real *u,
                          gsize stride, int width, gsize panel);

/* The output's transform Aᵀ p A, where p are the products [a², channels].  Writes the m × m pixels
 * of the tile "to".  Adds bias [channels] when it is not NULL. */
void p2p_winograd_output (P2pWinograd kind, const p2p_real *products, gsize stride, int channels,
                          const p2p_real *bias, const P2pWinogradTile *to);

/* For the gradient of the weight: the transposed output transform w = A dy Aᵀ.  dy is the gradient
 * of a tile's outputs, which are the m × m pixels of the tile "from"; w is [a², channels]. */
void p2p_winograd_gradient (P2pWinograd kind, const P2pWinogradTile *from, int channels,
                            p2p_real *w, gsize stride);

/* For the gradient of the weight: the transposed weight transform Gᵀ u G.
 * u [a², P2P_WINOGRAD_LANES] → taps [r², P2P_WINOGRAD_LANES]. */
void p2p_winograd_taps     (P2pWinograd kind, const p2p_real *u, gsize stride, p2p_real *taps);
