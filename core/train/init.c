/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Initial weights.  Fan-in and fan-out are computed as in PyTorch, which takes a weight's second
 * dimension for the input channels.  It does so for transposed convolutions too, where that
 * dimension is the output channels. */

#include <math.h>

#include "base/blas.h"
#include "base/random.h"
#include "init.h"

/* The standard deviation of a convolution's weight. */
static double
deviation (const P2pParam *param,
           P2pInitType     type,
           double          gain)
{
  double kk = param->dims[2] * param->dims[3];
  double fan_in = param->dims[1] * kk, fan_out = param->dims[0] * kk;

  switch (type)
    {
    case P2P_INIT_NORMAL:
      return gain;
    case P2P_INIT_XAVIER:
      return gain * sqrt (2.0 / (fan_in + fan_out));
    case P2P_INIT_KAIMING:
      return sqrt (2.0 / fan_in);
    case P2P_INIT_ORTHOGONAL:
      return 1.0;
    }
  g_assert_not_reached ();
}

static double
dot (const p2p_real *a,
     const p2p_real *b,
     gsize           n)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += (double) a[i] * b[i];
  return sum;
}

#define BLOCK 32    /* rows */

/* Makes the rows of a [m,n], m ≤ n, orthonormal by the Gram-Schmidt process, in blocks of rows.
 * Each block goes through it twice, which is enough against rounding errors (Giraud, Langou,
 * Rozložník 2005). */
static void
orthonormalise (p2p_real *a,
                gsize     m,
                gsize     n)
{
  g_autofree p2p_real *products = g_new (p2p_real, BLOCK * m);
  g_autofree p2p_real *along = g_new (p2p_real, BLOCK * n);

  for (gsize start = 0; start < m; start += BLOCK)
    {
      gsize     rows = MIN (BLOCK, m - start);
      p2p_real *block = a + start * n;

      for (int pass = 0; pass < 2; pass++)
        {
          if (start)
            {
              p2p_gemm_tb (rows, start, n, block, n, a, n, 0, products, start);
              p2p_gemm (rows, n, start, products, start, a, n, 0, along, n);
              for (gsize i = 0; i < rows * n; i++)
                block[i] -= along[i];
            }
          for (gsize i = 0; i < rows; i++)
            {
              p2p_real *row = block + i * n;
              double    length;

              for (gsize j = 0; j < i; j++)
                {
                  double product = dot (row, block + j * n, n);

                  for (gsize k = 0; k < n; k++)
                    row[k] -= product * block[j * n + k];
                }
              length = sqrt (dot (row, row, n));
              for (gsize k = 0; k < n; k++)
                row[k] /= length;
            }
        }
    }
}

/* Makes a weight orthogonal, seen as a matrix [first dimension, product of the others].  Its rows
 * become orthonormal, times gain, or its columns when it has more rows than columns. */
static void
make_orthogonal (P2pParam *param,
                 double    gain)
{
  gsize                m = param->dims[0], n = param->n / m, least = MIN (m, n), most = MAX (m, n);
  g_autofree p2p_real *a = g_new (p2p_real, param->n);

  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < n; j++)
      a[m <= n ? i * n + j : j * m + i] = param->value[i * n + j];
  orthonormalise (a, least, most);
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < n; j++)
      param->value[i * n + j] = gain * a[m <= n ? i * n + j : j * m + i];
}

gboolean
p2p_init_weights (P2pParams    *params,
                  P2pInitType   type,
                  double        gain,
                  guint64       seed,
                  GError      **error)
{
  for (guint i = 0; i < p2p_params_length (params); i++)
    {
      P2pParam *param = p2p_params_nth (params, i);

      if (param->n_dims == 4)
        param->init.std = deviation (param, type, gain);
      else if (param->init.std > 0.0)
        param->init.std = gain;
    }
  if (! p2p_params_init (params, seed, error))
    return FALSE;

  for (guint i = 0; i < p2p_params_length (params) && type == P2P_INIT_ORTHOGONAL; i++)
    if (p2p_params_nth (params, i)->n_dims == 4)
      make_orthogonal (p2p_params_nth (params, i), gain);
  return TRUE;
}
