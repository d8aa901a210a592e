/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Adam (Kingma and Ba 2015, algorithm 1), and the average of the weights that it goes through. */

#pragma once

#include "base/parallel.h"
#include "graph/params.h"

typedef struct
{
  double     lr, beta1;   /* β₂ is 0.999, ε 1e-8 */
  guint64    step;        /* counts from 0 */

  /* A copy of the parameters that follows them: after step t it holds the mean of their values
   * after steps 1 … t, weighted by decayᵗ⁻ⁱ (Polyak and Juditsky 1992, with the bias correction of
   * Adam's moments), running statistics too.  NULL: none is wanted. */
  P2pParams *average;
  double     decay;       /* in [0, 1) */
} P2pAdam;

/* Changes the trainable values by their gradients. */
void p2p_adam (P2pParams *params, P2pParallel *parallel, const P2pAdam *adam);
