/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The transforms of Winograd's minimal filtering F(m × m, r × r) (Winograd 1980; Lavin and Gray
 * 2016, section 4): with a = m + r − 1, a tile of m × m outputs takes a² multiplications for each
 * pair of channels where r × r taps take m² r².  Vectors run over channels. */

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

#define P2P_WINOGRAD_MOST    6     /* a */
#define P2P_WINOGRAD_LANES   16    /* channels come in multiples of it */

/* One pixel for each element of a tile, with channels elements; step 0: the same values, zeros or
 * waste, for all multiples of P2P_WINOGRAD_LANES. */
typedef struct
{
  p2p_real *at[P2P_WINOGRAD_MOST * P2P_WINOGRAD_MOST];
  int       step[P2P_WINOGRAD_MOST * P2P_WINOGRAD_MOST];
} P2pWinogradTile;

int  p2p_winograd_m (P2pWinograd kind);
int  p2p_winograd_r (P2pWinograd kind);

/* a × a pixels → v [a², channels], stride from one of the a² to the next: Bᵀ d B. */
void p2p_winograd_input  (P2pWinograd kind, const P2pWinogradTile *from, int channels,
                          p2p_real *v, gsize stride);

/* r × r taps [r², channels] → u [a², channels], channels P2P_WINOGRAD_LANES, in panels of width, a
 * multiple of a vector, that lie panel elements apart: G g Gᵀ. */
void p2p_winograd_weight (P2pWinograd kind, const p2p_real *taps, p2p_real *u, gsize stride,
                          int width, gsize panel);

/* products [a², channels] → m × m pixels: Aᵀ m A, plus bias where there is one. */
void p2p_winograd_output (P2pWinograd kind, const p2p_real *products, gsize stride, int channels,
                          const p2p_real *bias, const P2pWinogradTile *to);

/* For the gradient of the weight.  m × m pixels → w [a², channels]: A d Aᵀ. */
void p2p_winograd_gradient (P2pWinograd kind, const P2pWinogradTile *from, int channels,
                            p2p_real *w, gsize stride);

/* u [a², channels] → r × r taps [r², channels], channels P2P_WINOGRAD_LANES: Gᵀ u G. */
void p2p_winograd_taps     (P2pWinograd kind, const p2p_real *u, gsize stride, p2p_real *taps);
