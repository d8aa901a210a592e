/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Computes convolutions by their definition, in double precision, at some places only.  This is for
 * layers whose naive loops would take minutes.
 *
 * P is the larger picture, Q the smaller one, and the weight is [q,p,k,k].  A convolution computes
 * Q from P, and a transposed convolution computes P from Q.  Each one is the gradient of the
 * other. */

#pragma once

#include <math.h>

#include "base/random.h"
#include "base/real.h"

#define SAMPLES 256

typedef struct
{
  const p2p_real *values;    /* [n,h,w,c] */
  int             n, h, w, c;
} SampledPicture;

typedef struct
{
  SampledPicture  p, q;
  const p2p_real *weight, *bias;    /* bias may be NULL */
  int             k, s, pad;
} Sampled;

static inline double
sampled_at (const SampledPicture *from,
            int                   n,
            int                   y,
            int                   x,
            int                   c)
{
  if (y < 0 || y >= from->h || x < 0 || x >= from->w)
    return 0.0;
  return from->values[(((gsize) n * from->h + y) * from->w + x) * from->c + c];
}

static inline double
sampled_weight (const Sampled *t,
                int            q,
                int            p,
                int            ky,
                int            kx)
{
  return t->weight[(((gsize) q * t->p.c + p) * t->k + ky) * t->k + kx];
}

static inline double
sampled_q (const Sampled *t,
           gsize          place)
{
  int    c = place % t->q.c, x = place / t->q.c % t->q.w;
  int    y = place / t->q.c / t->q.w % t->q.h, n = place / t->q.c / t->q.w / t->q.h;
  double sum = t->bias ? t->bias[c] : 0.0;

  for (int ky = 0; ky < t->k; ky++)
    for (int kx = 0; kx < t->k; kx++)
      for (int p = 0; p < t->p.c; p++)
        sum += sampled_at (&t->p, n, y * t->s - t->pad + ky, x * t->s - t->pad + kx, p)
               * sampled_weight (t, c, p, ky, kx);
  return sum;
}

static inline double
sampled_p (const Sampled *t,
           gsize          place)
{
  int    c = place % t->p.c, x = place / t->p.c % t->p.w;
  int    y = place / t->p.c / t->p.w % t->p.h, n = place / t->p.c / t->p.w / t->p.h;
  double sum = t->bias ? t->bias[c] : 0.0;

  for (int ky = 0; ky < t->k; ky++)
    for (int kx = 0; kx < t->k; kx++)
      if ((y + t->pad - ky) % t->s == 0 && (x + t->pad - kx) % t->s == 0)
        for (int q = 0; q < t->q.c; q++)
          sum += sampled_at (&t->q, n, (y + t->pad - ky) / t->s, (x + t->pad - kx) / t->s, q)
                 * sampled_weight (t, q, c, ky, kx);
  return sum;
}

/* The gradient of the weight. */
static inline double
sampled_d_weight (const Sampled *t,
                  gsize          place)
{
  int    kx = place % t->k, ky = place / t->k % t->k, kk = t->k * t->k;
  int    p = place / kk % t->p.c, q = place / kk / t->p.c;
  double sum = 0.0;

  for (int n = 0; n < t->q.n; n++)
    for (int y = 0; y < t->q.h; y++)
      for (int x = 0; x < t->q.w; x++)
        sum += sampled_at (&t->q, n, y, x, q)
               * sampled_at (&t->p, n, y * t->s - t->pad + ky, x * t->s - t->pad + kx, p);
  return sum;
}

/* The normalized squared error of n values, taken at SAMPLES places. */
static inline double
sampled_error (const Sampled   *t,
               double        (* definition) (const Sampled *t, gsize place),
               const p2p_real  *values,
               gsize            n)
{
  double error = 0.0, power = 0.0;

  for (int i = 0; i < SAMPLES; i++)
    {
      gsize  place = p2p_random (1, 2, i) % n;
      double expected = definition (t, place);

      error += pow (values[place] - expected, 2);
      power += expected * expected;
    }
  return power > 0.0 ? error / power : error;
}
