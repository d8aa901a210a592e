/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The transforms of winograd.c, which includes this file once for each kind of processor, after it
 * has defined
 *
 *   NAME (x)   x with a suffix for the kind of processor
 *   TARGET     the target attribute of the functions
 *   BYTES      the size of a vector in bytes
 *
 * The functions named …_axis multiply one column or one row of a tile by the matrix of a transform.
 * Those named …_tile call them for all columns of a tile and then for all rows.  All are inlined
 * where the parameter kind is a constant. */

typedef p2p_real NAME (Vec) __attribute__ ((vector_size (BYTES)));

/* A vector in memory that need not be aligned. */
typedef p2p_real NAME (VecAt) __attribute__ ((vector_size (BYTES), aligned (sizeof (p2p_real)),
                                              may_alias));

#define LANES  ((int) (BYTES / sizeof (p2p_real)))
#define INLINE static inline __attribute__ ((always_inline)) TARGET void

/* v = Bᵀ d for one column or row, whose elements lie step vectors apart in d and in v. */
INLINE
NAME (input_axis) (const P2pWinograd  kind,
                   const NAME (Vec)  *d,
                   NAME (Vec)        *v,
                   const int          step)
{
  if (kind == P2P_WINOGRAD_2_2)
    {
      v[0] = d[0] - d[step];
      v[step] = d[step];
      v[2 * step] = d[step] - d[2 * step];
      return;
    }
  if (kind == P2P_WINOGRAD_4_2)
    {
      v[0] = 2 * (d[0] - d[2 * step]) + (d[3 * step] - d[step]);
      v[step] = (d[3 * step] - d[2 * step]) - 2 * d[step];
      v[2 * step] = (d[3 * step] - d[2 * step]) + 2 * (d[step] - d[2 * step]);
      v[3 * step] = d[3 * step] - d[step];
      v[4 * step] = 2 * (d[step] - d[3 * step]) + (d[4 * step] - d[2 * step]);
      return;
    }

  /* 4_3 and 3_4 */
  v[0] = 4 * d[0] - 5 * d[2 * step] + d[4 * step];
  v[step] = d[4 * step] - 4 * d[2 * step] + (d[3 * step] - 4 * d[step]);
  v[2 * step] = d[4 * step] - 4 * d[2 * step] - (d[3 * step] - 4 * d[step]);
  v[3 * step] = d[4 * step] - d[2 * step] + 2 * (d[3 * step] - d[step]);
  v[4 * step] = d[4 * step] - d[2 * step] - 2 * (d[3 * step] - d[step]);
  v[5 * step] = 4 * d[step] - 5 * d[3 * step] + d[5 * step];
}

/* u = G g. */
INLINE
NAME (weight_axis) (const P2pWinograd  kind,
                    const NAME (Vec)  *g,
                    NAME (Vec)        *u,
                    const int          g_step,
                    const int          u_step)
{
  const p2p_real sixth = (p2p_real) 1 / 6, twelfth = (p2p_real) 1 / 12;

  if (kind == P2P_WINOGRAD_2_2)
    {
      u[0] = g[0];
      u[u_step] = g[0] + g[g_step];
      u[2 * u_step] = g[g_step];
      return;
    }
  if (kind == P2P_WINOGRAD_4_2)
    {
      u[0] = g[0] / 2;
      u[u_step] = (g[0] + g[g_step]) / -2;
      u[2 * u_step] = sixth * (g[g_step] - g[0]);
      u[3 * u_step] = sixth * (g[0] + 2 * g[g_step]);
      u[4 * u_step] = g[g_step];
      return;
    }

  if (kind == P2P_WINOGRAD_3_4)
    {
      u[0] = g[0] / 4;
      u[u_step] = -sixth * ((g[0] + g[2 * g_step]) + (g[g_step] + g[3 * g_step]));
      u[2 * u_step] = -sixth * ((g[0] + g[2 * g_step]) - (g[g_step] + g[3 * g_step]));
      u[3 * u_step] = twelfth * ((g[0] / 2 + 2 * g[2 * g_step]) + (g[g_step] + 4 * g[3 * g_step]));
      u[4 * u_step] = twelfth * ((g[0] / 2 + 2 * g[2 * g_step]) - (g[g_step] + 4 * g[3 * g_step]));
      u[5 * u_step] = g[3 * g_step];
      return;
    }

  u[0] = g[0] / 4;
  u[u_step] = -sixth * (g[0] + g[2 * g_step] + g[g_step]);
  u[2 * u_step] = -sixth * (g[0] + g[2 * g_step] - g[g_step]);
  u[3 * u_step] = twelfth * (g[0] / 2 + 2 * g[2 * g_step] + g[g_step]);
  u[4 * u_step] = twelfth * (g[0] / 2 + 2 * g[2 * g_step] - g[g_step]);
  u[5 * u_step] = g[2 * g_step];
}

/* y = Aᵀ m. */
INLINE
NAME (output_axis) (const P2pWinograd  kind,
                    const NAME (Vec)  *m,
                    NAME (Vec)        *y,
                    const int          m_step,
                    const int          y_step)
{
  if (kind == P2P_WINOGRAD_2_2)
    {
      y[0] = m[0] + m[m_step];
      y[y_step] = m[m_step] - m[2 * m_step];
      return;
    }
  if (kind == P2P_WINOGRAD_4_2)
    {
      y[0] = m[0] + (m[m_step] + m[2 * m_step]) + m[3 * m_step];
      y[y_step] = (m[m_step] - m[2 * m_step]) + 2 * m[3 * m_step];
      y[2 * y_step] = (m[m_step] + m[2 * m_step]) + 4 * m[3 * m_step];
      y[3 * y_step] = (m[m_step] - m[2 * m_step]) + 8 * m[3 * m_step] + m[4 * m_step];
      return;
    }

  y[0] = m[0] + (m[m_step] + m[2 * m_step]) + (m[3 * m_step] + m[4 * m_step]);
  y[y_step] = (m[m_step] - m[2 * m_step]) + 2 * (m[3 * m_step] - m[4 * m_step]);
  y[2 * y_step] = (m[m_step] + m[2 * m_step]) + 4 * (m[3 * m_step] + m[4 * m_step]);
  if (kind == P2P_WINOGRAD_3_4)
    {
      y[2 * y_step] += m[5 * m_step];
      return;
    }
  y[3 * y_step] = (m[m_step] - m[2 * m_step]) + 8 * (m[3 * m_step] - m[4 * m_step])
                  + m[5 * m_step];
}

INLINE
NAME (input_tile) (const P2pWinograd      kind,
                   const P2pWinogradTile *from,
                   int                    channels,
                   p2p_real              *v,
                   gsize                  stride)
{
  const int a = M (kind) + R (kind) - 1;

  for (int c = 0; c < channels; c += LANES)
    {
      NAME (Vec) d[P2P_WINOGRAD_MOST * P2P_WINOGRAD_MOST], t[P2P_WINOGRAD_MOST * P2P_WINOGRAD_MOST];

      for (int j = 0; j < a; j++)
        {
#pragma GCC unroll 6
          for (int i = 0; i < a; i++)
            d[i * a + j] = *(const NAME (VecAt) *) (from->at[i * a + j]
                                                  + (gsize) c * from->step[i * a + j]);
          NAME (input_axis) (kind, d + j, t + j, a);
        }
      for (int i = 0; i < a; i++)
        {
          NAME (input_axis) (kind, t + i * a, d + i * a, 1);
#pragma GCC unroll 6
          for (int j = 0; j < a; j++)
            *(NAME (VecAt) *) (v + (i * a + j) * stride + c) = d[i * a + j];
        }
    }
}

INLINE
NAME (weight_tile) (const P2pWinograd  kind,
                    const p2p_real    *taps,
                    const int         *rows,
                    p2p_real          *u,
                    gsize              stride,
                    int                width,
                    gsize              panel)
{
  const int a = M (kind) + R (kind) - 1, r = R (kind);

  for (int c = 0; c < P2P_WINOGRAD_LANES; c += LANES)
    {
      NAME (Vec) g[16], t[4 * P2P_WINOGRAD_MOST], line[P2P_WINOGRAD_MOST];
      p2p_real  *at = u + c / width * panel + c % width;

      for (int i = 0; i < r * r; i++)
        g[i] = *(const NAME (VecAt) *) (taps + rows[i] * P2P_WINOGRAD_LANES + c);
      for (int j = 0; j < r; j++)
        NAME (weight_axis) (kind, g + j, t + j, r, r);
      for (int i = 0; i < a; i++)
        {
          NAME (weight_axis) (kind, t + i * r, line, 1, 1);
          for (int j = 0; j < a; j++)
            *(NAME (VecAt) *) (at + (i * a + j) * stride) = line[j];
        }
    }
}

INLINE
NAME (output_tile) (const P2pWinograd      kind,
                    const p2p_real        *products,
                    gsize                  stride,
                    int                    channels,
                    const p2p_real        *bias,
                    const P2pWinogradTile *to)
{
  const int a = M (kind) + R (kind) - 1, m = M (kind);

  for (int c = 0; c < channels; c += LANES)
    {
      NAME (Vec) column[P2P_WINOGRAD_MOST], t[4 * P2P_WINOGRAD_MOST], line[4];
      NAME (Vec) more = { 0 };

      if (bias)
        more = *(const NAME (VecAt) *) (bias + c);

      for (int j = 0; j < a; j++)
        {
#pragma GCC unroll 6
          for (int i = 0; i < a; i++)
            column[i] = *(const NAME (VecAt) *) (products + (i * a + j) * stride + c);
          NAME (output_axis) (kind, column, t + j, 1, a);
        }
      for (int i = 0; i < m; i++)
        {
          NAME (output_axis) (kind, t + i * a, line, 1, 1);
#pragma GCC unroll 4
          for (int j = 0; j < m; j++)
            *(NAME (VecAt) *) (to->at[i * m + j] + (gsize) c * to->step[i * m + j])
              = line[j] + more;
        }
    }
}

/* w = A y: the transpose of output_axis. */
INLINE
NAME (gradient_axis) (const P2pWinograd  kind,
                      const NAME (Vec)  *y,
                      NAME (Vec)        *w,
                      const int          y_step,
                      const int          w_step)
{
  NAME (Vec) even, odd;

  w[0] = y[0];
  if (kind == P2P_WINOGRAD_2_2)
    {
      w[w_step] = y[0] + y[y_step];
      w[2 * w_step] = -y[y_step];
      return;
    }

  even = y[0] + y[2 * y_step];
  odd = y[y_step];
  if (kind != P2P_WINOGRAD_3_4)
    odd += y[3 * y_step];
  w[w_step] = even + odd;
  w[2 * w_step] = even - odd;

  even = y[0] + 4 * y[2 * y_step];
  odd = 2 * y[y_step];
  if (kind != P2P_WINOGRAD_3_4)
    odd += 8 * y[3 * y_step];
  w[3 * w_step] = even + odd;
  if (kind != P2P_WINOGRAD_4_2)
    w[4 * w_step] = even - odd;
  w[(M (kind) + R (kind) - 2) * w_step] = y[(M (kind) - 1) * y_step];
}

/* g = Gᵀ u: the transpose of weight_axis. */
INLINE
NAME (taps_axis) (const P2pWinograd  kind,
                  const NAME (Vec)  *u,
                  NAME (Vec)        *g,
                  const int          u_step,
                  const int          g_step)
{
  const p2p_real sixth = (p2p_real) 1 / 6, twelfth = (p2p_real) 1 / 12;
  NAME (Vec)     one, two;

  if (kind == P2P_WINOGRAD_2_2)
    {
      g[0] = u[0] + u[u_step];
      g[g_step] = u[u_step] + u[2 * u_step];
      return;
    }
  if (kind == P2P_WINOGRAD_4_2)
    {
      g[0] = (u[0] - u[u_step]) / 2 + sixth * (u[3 * u_step] - u[2 * u_step]);
      g[g_step] = sixth * (u[2 * u_step] + 2 * u[3 * u_step]) - u[u_step] / 2 + u[4 * u_step];
      return;
    }

  one = sixth * (u[u_step] + u[2 * u_step]);
  two = twelfth * (u[3 * u_step] + u[4 * u_step]);
  g[0] = u[0] / 4 - one + two / 2;
  g[2 * g_step] = 2 * two - one;
  if (kind == P2P_WINOGRAD_4_3)
    g[2 * g_step] += u[5 * u_step];
  one = sixth * (u[2 * u_step] - u[u_step]);
  two = twelfth * (u[3 * u_step] - u[4 * u_step]);
  g[g_step] = one + two;
  if (kind == P2P_WINOGRAD_3_4)
    g[3 * g_step] = one + 4 * two + u[5 * u_step];
}

INLINE
NAME (gradient_tile) (const P2pWinograd      kind,
                      const P2pWinogradTile *from,
                      int                    channels,
                      p2p_real              *w,
                      gsize                  stride)
{
  const int a = M (kind) + R (kind) - 1, m = M (kind);

  for (int c = 0; c < channels; c += LANES)
    {
      NAME (Vec) column[4], t[4 * P2P_WINOGRAD_MOST], line[P2P_WINOGRAD_MOST];

      for (int j = 0; j < m; j++)
        {
          for (int i = 0; i < m; i++)
            column[i] = *(const NAME (VecAt) *) (from->at[i * m + j]
                                               + (gsize) c * from->step[i * m + j]);
          NAME (gradient_axis) (kind, column, t + j, 1, m);
        }
      for (int i = 0; i < a; i++)
        {
          NAME (gradient_axis) (kind, t + i * m, line, 1, 1);
          for (int j = 0; j < a; j++)
            *(NAME (VecAt) *) (w + (i * a + j) * stride + c) = line[j];
        }
    }
}

INLINE
NAME (taps_tile) (const P2pWinograd  kind,
                  const p2p_real    *u,
                  gsize              stride,
                  p2p_real          *taps)
{
  const int a = M (kind) + R (kind) - 1, r = R (kind);

  for (int c = 0; c < P2P_WINOGRAD_LANES; c += LANES)
    {
      NAME (Vec) column[P2P_WINOGRAD_MOST], t[4 * P2P_WINOGRAD_MOST], line[4];

      for (int j = 0; j < a; j++)
        {
          for (int i = 0; i < a; i++)
            column[i] = *(const NAME (VecAt) *) (u + (i * a + j) * stride + c);
          NAME (taps_axis) (kind, column, t + j, 1, a);
        }
      for (int i = 0; i < r; i++)
        {
          NAME (taps_axis) (kind, t + i * a, line, 1, 1);
          for (int j = 0; j < r; j++)
            *(NAME (VecAt) *) (taps + (i * r + j) * P2P_WINOGRAD_LANES + c) = line[j];
        }
    }
}

/* The functions that winograd.c calls.  Each has a branch for each kind, in which kind is a
 * constant. */

static TARGET void
NAME (input) (P2pWinograd            kind,
              const P2pWinogradTile *from,
              int                    channels,
              p2p_real              *v,
              gsize                  stride)
{
  if (kind == P2P_WINOGRAD_2_2)
    NAME (input_tile) (P2P_WINOGRAD_2_2, from, channels, v, stride);
  else if (kind == P2P_WINOGRAD_4_2)
    NAME (input_tile) (P2P_WINOGRAD_4_2, from, channels, v, stride);
  else if (kind == P2P_WINOGRAD_3_4)
    NAME (input_tile) (P2P_WINOGRAD_3_4, from, channels, v, stride);
  else
    NAME (input_tile) (P2P_WINOGRAD_4_3, from, channels, v, stride);
}

static TARGET void
NAME (weight) (P2pWinograd     kind,
               const p2p_real *taps,
               const int      *rows,
               p2p_real       *u,
               gsize           stride,
               int             width,
               gsize           panel)
{
  if (kind == P2P_WINOGRAD_2_2)
    NAME (weight_tile) (P2P_WINOGRAD_2_2, taps, rows, u, stride, width, panel);
  else if (kind == P2P_WINOGRAD_4_2)
    NAME (weight_tile) (P2P_WINOGRAD_4_2, taps, rows, u, stride, width, panel);
  else if (kind == P2P_WINOGRAD_3_4)
    NAME (weight_tile) (P2P_WINOGRAD_3_4, taps, rows, u, stride, width, panel);
  else
    NAME (weight_tile) (P2P_WINOGRAD_4_3, taps, rows, u, stride, width, panel);
}

static TARGET void
NAME (output) (P2pWinograd            kind,
               const p2p_real        *products,
               gsize                  stride,
               int                    channels,
               const p2p_real        *bias,
               const P2pWinogradTile *to)
{
  if (kind == P2P_WINOGRAD_2_2)
    NAME (output_tile) (P2P_WINOGRAD_2_2, products, stride, channels, bias, to);
  else if (kind == P2P_WINOGRAD_4_2)
    NAME (output_tile) (P2P_WINOGRAD_4_2, products, stride, channels, bias, to);
  else if (kind == P2P_WINOGRAD_3_4)
    NAME (output_tile) (P2P_WINOGRAD_3_4, products, stride, channels, bias, to);
  else
    NAME (output_tile) (P2P_WINOGRAD_4_3, products, stride, channels, bias, to);
}

static TARGET void
NAME (gradient) (P2pWinograd            kind,
                 const P2pWinogradTile *from,
                 int                    channels,
                 p2p_real              *w,
                 gsize                  stride)
{
  if (kind == P2P_WINOGRAD_2_2)
    NAME (gradient_tile) (P2P_WINOGRAD_2_2, from, channels, w, stride);
  else if (kind == P2P_WINOGRAD_4_2)
    NAME (gradient_tile) (P2P_WINOGRAD_4_2, from, channels, w, stride);
  else if (kind == P2P_WINOGRAD_3_4)
    NAME (gradient_tile) (P2P_WINOGRAD_3_4, from, channels, w, stride);
  else
    NAME (gradient_tile) (P2P_WINOGRAD_4_3, from, channels, w, stride);
}

static TARGET void
NAME (taps) (P2pWinograd     kind,
             const p2p_real *u,
             gsize           stride,
             p2p_real       *taps)
{
  if (kind == P2P_WINOGRAD_2_2)
    NAME (taps_tile) (P2P_WINOGRAD_2_2, u, stride, taps);
  else if (kind == P2P_WINOGRAD_4_2)
    NAME (taps_tile) (P2P_WINOGRAD_4_2, u, stride, taps);
  else if (kind == P2P_WINOGRAD_3_4)
    NAME (taps_tile) (P2P_WINOGRAD_3_4, u, stride, taps);
  else
    NAME (taps_tile) (P2P_WINOGRAD_4_3, u, stride, taps);
}

#undef INLINE
#undef LANES
#undef NAME
#undef TARGET
#undef BYTES
