/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Adam over the flat blocks of all trainable parameters.  The bias correction stands where PyTorch
 * has it: in the step size, and in the denominator before ε is added. */

#include <math.h>

#include "adam.h"

#define BETA2   0.999
#define EPSILON 1e-8
#define CHUNK   16384    /* elements */

typedef struct
{
  P2pTrained trained;
  p2p_real   beta1, beta2;
  p2p_real   share1, share2; /* 1 − β₁ and 1 − β₂, computed in double: float would lose digits */
  p2p_real   step_size;      /* rate / (1 − β₁ᵗ) */
  p2p_real   correction;     /* 1 / √(1 − β₂ᵗ) */
  p2p_real  *average;        /* moving average of the weights; NULL: not wanted */
  p2p_real   share;          /* weight of this step in the average: (1 − d) / (1 − dᵗ) */
} Adam;

/* Moves the average towards x by a share of the difference.  With the shares above it is the mean
 * of the values after all steps, weighted by 1, d, d² … back in time, and no earlier values need to
 * be kept. */
P2P_WIDE static void
follow (const p2p_real *x,
        gsize           n,
        p2p_real        share,
        p2p_real       *average)
{
#pragma GCC ivdep
  for (gsize i = 0; i < n; i++)
    average[i] += share * (x[i] - average[i]);
}

P2P_WIDE static void
adam_chunk (int      chunk,
            int      worker,
            gpointer data)
{
  const Adam          *run = data;
  const p2p_real      *g = run->trained.gradient;
  p2p_real            *x = run->trained.value;
  p2p_real            *m = run->trained.moments[0], *v = run->trained.moments[1];
  const p2p_real       beta1 = run->beta1, beta2 = run->beta2;
  const p2p_real       share1 = run->share1, share2 = run->share2;
  const p2p_real       step_size = run->step_size, correction = run->correction;
  gsize                end = MIN ((chunk + (gsize) 1) * CHUNK, run->trained.n);

#pragma GCC ivdep
  for (gsize i = chunk * (gsize) CHUNK; i < end; i++)
    {
      m[i] = beta1 * m[i] + share1 * g[i];
      v[i] = beta2 * v[i] + share2 * g[i] * g[i];
#ifdef P2P_DOUBLE
      x[i] -= step_size * m[i] / (sqrt (v[i]) * correction + EPSILON);
#else
      x[i] -= step_size * m[i] / (sqrtf (v[i]) * correction + (float) EPSILON);
#endif
    }

  /* Here the chunk's values are still in the cache. */
  if (run->average)
    follow (x + chunk * (gsize) CHUNK, end - chunk * (gsize) CHUNK, run->share,
            run->average + chunk * (gsize) CHUNK);
}

void
p2p_adam (P2pParams     *params,
          P2pParallel   *parallel,
          const P2pAdam *adam)
{
  const double t = adam->step + 1.0, beta1 = adam->beta1;
  Adam         run = { p2p_params_train (params), beta1, BETA2, 1.0 - beta1, 1.0 - BETA2,
                       adam->lr / (1.0 - pow (beta1, t)), 1.0 / sqrt (1.0 - pow (BETA2, t)) };

  if (adam->average)
    {
      run.average = p2p_params_values (adam->average, P2P_TRAINABLE);
      run.share = (1.0 - adam->decay) / (1.0 - pow (adam->decay, t));
    }
  p2p_parallel_for (parallel, (run.trained.n + CHUNK - 1) / CHUNK, adam_chunk, &run);
  p2p_params_changed (params);
  if (! adam->average)
    return;
  follow (p2p_params_values (params, P2P_STATE), p2p_params_count (params, P2P_STATE), run.share,
          p2p_params_values (adam->average, P2P_STATE));
  p2p_params_changed (adam->average);
}
