/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The kernel of dots.c, which includes this file once for each kind of processor, after it has
 * defined
 *
 *   NAME (x)   x with a suffix for the kind of processor
 *   TARGET     the target attribute of the functions
 *   BYTES      the size of a vector in bytes
 *   ROWS       rows of A in a tile: 4 · ROWS sums and 4 vectors of B fit into the registers */

typedef p2p_real NAME (Vec) __attribute__ ((vector_size (BYTES)));

/* A vector in memory that need not be aligned. */
typedef p2p_real NAME (VecAt) __attribute__ ((vector_size (BYTES), aligned (sizeof (p2p_real)),
                                              may_alias));

#define LANES ((int) (BYTES / sizeof (p2p_real)))

/* Adds to a tile [m,n] of C the products of m rows of A and n rows of B.  m and n are constants
 * where this is inlined.  Each lane of a sum adds up every LANES-th product; the products behind
 * the last full vector are added one by one. */
static inline __attribute__ ((always_inline)) TARGET void
NAME (dots) (const int     m,
             const int     n,
             const Dots   *d)
{
  NAME (Vec) sum[ROWS][COLUMNS];
  int        k = 0;

  for (int i = 0; i < m; i++)
    for (int j = 0; j < n; j++)
      sum[i][j] = (NAME (Vec)) { 0 };

  for (; k + LANES <= d->k; k += LANES)
    {
      NAME (Vec) b[COLUMNS];

      for (int j = 0; j < n; j++)
        b[j] = *(const NAME (VecAt) *) (d->b + (gsize) j * d->ldb + k);
      for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
          sum[i][j] += *(const NAME (VecAt) *) (d->a + (gsize) i * d->lda + k) * b[j];
    }

  for (int i = 0; i < m; i++)
    for (int j = 0; j < n; j++)
      {
        p2p_real total = 0;

        for (int l = 0; l < LANES; l++)
          total += sum[i][j][l];
        for (int l = k; l < d->k; l++)
          total += d->a[(gsize) i * d->lda + l] * d->b[(gsize) j * d->ldb + l];
        d->c[(gsize) i * d->ldc + j] += total;
      }
}

#define CASE(m)                                                                                 \
  case m:                                                                                       \
    if (n == COLUMNS)                                                                           \
      NAME (dots) (m, COLUMNS, d);                                                              \
    else                                                                                        \
      NAME (dots) (m, 1, d);                                                                    \
    break;

/* Computes a tile of C; n is COLUMNS or 1. */
static TARGET void
NAME (tile) (int         m,
             int         n,
             const Dots *d)
{
  switch (m)
    {
    CASE (1) CASE (2) CASE (3)
#if ROWS > 3
    CASE (4) CASE (5) CASE (6)
#endif
    }
}

#undef CASE
#undef LANES
#undef NAME
#undef TARGET
#undef BYTES
#undef ROWS
