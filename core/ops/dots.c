/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Cuts the product into tiles for the kernel (dots-body.h).  B is large and comes from memory, and
 * A is small.  So the loops are, from the outside in: parts of the rows, a few rows of B, all rows
 * of A.  A part of B is read once, while a part of all rows of A stays in the cache. */

#include <glib.h>

#include "base/blas.h"
#include "dots.h"
#include "packed.h"

#define PART    1024    /* elements of a row that are multiplied at a time */
#define COLUMNS 4       /* rows of B, which are columns of C, in a tile */

/* A tile of C, with its rows of A and B. */
typedef struct
{
  const p2p_real *a, *b;
  int             k;      /* elements of each row */
  int             lda, ldb, ldc;
  p2p_real       *c;
} Dots;

#if defined (__x86_64__)

#define NAME(x)  x##_avx512
#define TARGET   __attribute__ ((target ("avx512f")))
#define BYTES    64
#define ROWS     6
#include "dots-body.h"

#define NAME(x)  x##_avx2
#define TARGET   __attribute__ ((target ("avx2,fma")))
#define BYTES    32
#define ROWS     3
#include "dots-body.h"

#endif

#define NAME(x) x##_baseline
#define TARGET
#define BYTES   16
#define ROWS    3
#include "dots-body.h"

static const struct
{
  int     rows;
  void (* tile) (int m, int n, const Dots *dots);
}
kernels[] =
{
  [P2P_ISA_BASELINE] = { 3, tile_baseline },
#if defined (__x86_64__)
  [P2P_ISA_AVX2]     = { 3, tile_avx2 },
  [P2P_ISA_AVX512]   = { 6, tile_avx512 },
#endif
};

void
p2p_dot_products (int             m,
                  int             n,
                  int             k,
                  const p2p_real *a,
                  int             lda,
                  const p2p_real *b,
                  int             ldb,
                  p2p_real       *c,
                  int             ldc)
{
  const P2pIsa isa = p2p_isa ();

  if (isa == P2P_ISA_BLAS)
    {
      p2p_gemm_tb (m, n, k, a, lda, b, ldb, TRUE, c, ldc);
      return;
    }

  for (int part = 0; part < k; part += PART)
    for (int j = 0, columns; j < n; j += columns)
      {
        columns = n - j >= COLUMNS ? COLUMNS : 1;
        for (int i = 0; i < m; i += kernels[isa].rows)
          {
            const Dots dots = { a + (gsize) i * lda + part, b + (gsize) j * ldb + part,
                                MIN (PART, k - part), lda, ldb, ldc, c + (gsize) i * ldc + j };

            kernels[isa].tile (MIN (kernels[isa].rows, m - i), columns, &dots);
          }
      }
}
