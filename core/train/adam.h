/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The optimizer Adam (Kingma and Ba 2015, algorithm 1), which can also keep a moving average of the
 * weights. */

#pragma once

#include "base/parallel.h"
#include "graph/params.h"

typedef struct
{
  double     lr, beta1;   /* β₂ is 0.999, ε 1e-8 */
  guint64    step;        /* number of this step, from 0 */

  /* A copy of the parameters that becomes their moving average (not owned); NULL: no average.
   * After t steps it holds the mean of the values after steps i = 1 … t, weighted by decayᵗ⁻ⁱ
   * (Polyak and Juditsky 1992, with the bias correction that Adam has for its moments).  Running
   * statistics are averaged too. */
  P2pParams *average;
  double     decay;       /* of the average, in [0, 1) */
} P2pAdam;

/* Makes one step: changes the trainable values of params by their gradients, and brings the average
 * up to date.  p2p_params_reserve () has made room for gradients and moments. */
void p2p_adam (P2pParams *params, P2pParallel *parallel, const P2pAdam *adam);
