/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Cuts matrix products into tiles for the kernel (packed-body.h), or hands them to BLAS.
 *
 * Layout.  A packed matrix B [k,n] is cut into panels of width columns.  The panels lie one behind
 * the other; each is stored row by row, and zeros fill up the last.  With k 3, n 5 and width 2:
 *
 *   B              a b | g h | m          panel 0         panel 1         panel 2
 *                  c d | i j | n     →    a b  c d  e f   g h  i j  k l   m 0  n 0  o 0
 *                  e f | k l | o
 *
 * Tiles.  One call of the kernel multiplies a few rows of A by one block of a panel, and adds the
 * products to a tile of C:
 *
 *                                  B             width
 *                                   +- - - - -+---------+- - - - -+
 *                                   |         |  block  |         |  at most PANEL_ROWS rows
 *                                   |         +---------+         |
 *                                   |         |  panel  |         |
 *     A                             +- - - - -+---------+- - - - -+
 *      +- - - - - - -+- - - -+     C
 *      |             |       |      +- - - - -+- - - - -+- - - - -+
 *      +-------------+       |      |         +---------+         |
 *      | these rows  |       |      |         |  tile   |         |  as many rows
 *      +-------------+       |      |         +---------+         |
 *      +- - - - - - -+- - - -+      +- - - - -+- - - - -+- - - - -+
 *       one column for
 *       each row of the block
 *
 * The kernel keeps the sums for its tile, and one row of the block, in vector registers:
 *
 *                  tile of C (float)    registers for sums    for the row    available
 *      AVX-512     14 rows, width 32            28                 2           32
 *      AVX2         6 rows, width 16            12                 2           16
 *      baseline     6 rows, width 8             12                 2           16 (SSE2)
 *
 * The width is two vectors, so with doubles it is half as much.
 *
 * Order.  The loops are, from the outside in: panels from left to right, blocks of a panel, tiles
 * of C from top to bottom, rows of the block.  So a panel is read in the order in which it lies in
 * memory.  A block of 256 × 32 floats takes 32 KiB and stays in the first-level cache for all tiles
 * of C.  Meanwhile the tiles prefetch the next block: each tile of C fetches an equal share of it,
 * in the same order.
 *
 * Values that are used once are not packed.  The kernel reads a panel of B where it lies, with the
 * whole row of B from one row of the block to the next, and prefetches the panel beside it.  Only
 * a last panel that is not full is copied, so that no more is read than there is.  For Aᵀ B, as in
 * the gradient of a weight, it reads the columns of A where they lie. */

#include <string.h>

#include "base/blas.h"
#include "files/half.h"
#include "packed.h"

/* Rows of B in a block of a panel, at most. */
#define PANEL_ROWS 256

/* Columns of A that are gathered at a time for BLAS, at most. */
#define BLAS_ROWS 1024

/* One call of the kernel: the tile of C, the rows of A and the block of B.  The block has
 * n_segments · length rows. */
typedef struct
{
  const p2p_real *const *from;      /* segment s of row i begins at from[s · stride + i] + offset */
  int                    stride;
  int                    n_segments, length, offset;
  const p2p_real        *columns;   /* NULL, or A is transposed and from is not used: element k of
                                     * row i is at columns[k · pitch + i], and n_segments is 1 */
  gsize                  pitch;
  const guint8          *b;             /* the block */
  gsize                  b_step;        /* bytes from one of its rows to the next */
  const guint8          *ahead;         /* where the tile begins to prefetch the next block */
  gsize                  ahead_step;    /* bytes from one place to prefetch to the next, one for
                                         * each row of the block */
  gsize                  ahead_share;   /* bytes of the next block that each tile prefetches, if the
                                         * tiles share it */
  gboolean               halves;        /* the elements of b are halves */
  gboolean               accumulate;    /* add to the tile of C instead of setting it */
  p2p_real              *c;
  int                    ldc;
} Tile;

#define MOST_ROWS  14
#define MOST_WIDTH 32

#if defined (__x86_64__)

#ifndef P2P_DOUBLE
#include <immintrin.h>
#define HAVE_HALVES
#endif

#define NAME(x)  x##_avx512
#define TARGET   __attribute__ ((target ("avx512f")))
#define BYTES    64
#define ROWS     14
#ifdef HAVE_HALVES
#define WIDEN(x) _mm512_cvtph_ps (_mm256_loadu_si256 ((const __m256i_u *) (x)))
#endif
#include "packed-body.h"

#define NAME(x)  x##_avx2
#define TARGET   __attribute__ ((target ("avx2,fma,f16c")))
#define BYTES    32
#define ROWS     6
#ifdef HAVE_HALVES
#define WIDEN(x) _mm256_cvtph_ps (_mm_loadu_si128 ((const __m128i_u *) (x)))
#endif
#include "packed-body.h"

#endif

#define NAME(x) x##_baseline
#define TARGET
#define BYTES   16
#define ROWS    6
#include "packed-body.h"

typedef struct
{
  const char *name;
  int         rows, width;    /* of a tile, at most */
  void     (* tile) (int rows, const Tile *tile);
} Kernel;

#define WIDTH(bytes) (2 * (bytes) / (int) sizeof (p2p_real))

static const Kernel kernels[] =
{
  [P2P_ISA_BLAS]     = { "blas", 0, 0, NULL },
  [P2P_ISA_BASELINE] = { "baseline", 6, WIDTH (16), tile_baseline },
#if defined (__x86_64__)
  [P2P_ISA_AVX2]     = { "avx2", 6, WIDTH (32), tile_avx2 },
  [P2P_ISA_AVX512]   = { "avx512", 14, WIDTH (64), tile_avx512 },
#endif
};

static P2pIsa
find_isa (void)
{
  const char *limit = g_getenv ("P2P_ISA");
  int         isa = P2P_ISA_BASELINE;

#if defined (__x86_64__)
  if (p2p_have_f16c () && __builtin_cpu_supports ("fma"))
    isa = __builtin_cpu_supports ("avx512f") ? P2P_ISA_AVX512 : P2P_ISA_AVX2;
#endif
  for (int i = 0; i < isa && limit; i++)
    if (strcmp (limit, kernels[i].name) == 0)
      isa = i;
  return isa;
}

P2pIsa
p2p_isa (void)
{
  static gsize isa = 0;

  if (g_once_init_enter (&isa))
    g_once_init_leave (&isa, 1 + find_isa ());
  return isa - 1;
}

const char *
p2p_isa_name (void)
{
  return kernels[p2p_isa ()].name;
}

gboolean
p2p_packed_takes_halves (void)
{
#ifdef HAVE_HALVES
  return p2p_isa () >= P2P_ISA_AVX2;
#else
  return FALSE;
#endif
}

/* The kernel for a matrix B of n columns.  With few columns most of a panel of AVX-512 would be
 * empty, so the kernel of AVX2 multiplies them. */
static const Kernel *
find_kernel (int n)
{
  const Kernel *kernel = &kernels[p2p_isa ()];

#if defined (__x86_64__)
  if (p2p_isa () == P2P_ISA_AVX512 && n <= kernels[P2P_ISA_AVX2].width)
    kernel = &kernels[P2P_ISA_AVX2];
#endif
  return kernel;
}

int
p2p_packed_width (int n)
{
  return p2p_isa () == P2P_ISA_BLAS ? n : find_kernel (n)->width;
}

gsize
p2p_packed_size (int k,
                 int n)
{
  int width = p2p_packed_width (n);

  return (gsize) (n + width - 1) / width * width * k;
}

/* The number of tiles into which m rows of C are cut. */
static int
n_tiles (const Kernel *kernel,
         int           m)
{
  return (m + kernel->rows - 1) / kernel->rows;
}

/* Multiplies all m rows of A by one block of a panel, tile by tile.  c points to the first of the
 * panel's columns of C; columns is less than the kernel's width in the last panel.  block is a tile
 * in which all is set but c, and from, columns and ahead are those of the first tile. */
static void
multiply_panel (const Kernel *kernel,
                int           m,
                const Tile   *block,
                int           columns,
                p2p_real     *c,
                int           ldc)
{
  p2p_real aside[MOST_ROWS * MOST_WIDTH];
  Tile     tile = *block;

  for (int i = 0; i < m; i += kernel->rows)
    {
      int       n = MIN (kernel->rows, m - i);
      p2p_real *to = c + (gsize) i * ldc;

      tile.c = to;
      tile.ldc = ldc;
      if (columns < kernel->width)
        {
          tile.c = aside;
          tile.ldc = kernel->width;
          for (int j = 0; j < n && tile.accumulate; j++)
            memcpy (aside + j * kernel->width, to + (gsize) j * ldc, columns * sizeof (p2p_real));
        }
      kernel->tile (n, &tile);
      for (int j = 0; j < n && columns < kernel->width; j++)
        memcpy (to + (gsize) j * ldc, aside + j * kernel->width, columns * sizeof (p2p_real));

      if (tile.columns)
        tile.columns += n;
      else
        tile.from += n;
      tile.ahead += tile.ahead_share;
    }
}

/* Returns the pitch of A when its rows are one segment each and equally far apart, as BLAS needs
 * them; otherwise 0. */
static int
find_pitch (const P2pRows *rows)
{
  gssize pitch = rows->m > 1 ? rows->from[1] - rows->from[0] : rows->length;

  for (int i = 1; i < rows->m; i++)
    if (rows->from[i] - rows->from[i - 1] != pitch)
      return 0;
  return rows->n_segments == 1 && pitch >= rows->length && pitch <= G_MAXINT ? pitch : 0;
}

/* Multiplies with BLAS.  Rows of A that are not equally far apart are gathered in scratch first, in
 * parts of at most BLAS_ROWS columns. */
static void
multiply_blas (const P2pRows   *rows,
               const P2pPacked *b,
               int              row,
               int              first,
               int              columns,
               gboolean         accumulate,
               p2p_real        *c,
               int              ldc,
               p2p_real        *scratch)
{
  const p2p_real *values = b->values;
  int             group = CLAMP (BLAS_ROWS / rows->length, 1, rows->n_segments);
  int             part = MIN (rows->length, BLAS_ROWS), pitch = find_pitch (rows);

  if (pitch)
    {
      p2p_gemm (rows->m, columns, rows->length, rows->from[0], pitch,
                values + (gsize) row * b->n + first, b->n, accumulate, c, ldc);
      return;
    }

  for (int s = 0; s < rows->n_segments; s += group)
    for (int offset = 0; offset < rows->length; offset += part)
      {
        int n = MIN (group, rows->n_segments - s), length = MIN (part, rows->length - offset);

        for (int i = 0; i < rows->m; i++)
          for (int j = 0; j < n; j++)
            memcpy (scratch + ((gsize) i * n + j) * length,
                    rows->from[(gsize) (s + j) * rows->m + i] + offset,
                    length * sizeof (p2p_real));
        p2p_gemm (rows->m, columns, n * length, scratch, n * length,
                  values + (gsize) (row + s * rows->length + offset) * b->n + first, b->n,
                  accumulate, c, ldc);
        accumulate = TRUE;
      }
}

void
p2p_packed_multiply (const P2pRows   *rows,
                     const P2pPacked *b,
                     int              row,
                     int              first,
                     int              columns,
                     gboolean         accumulate,
                     p2p_real        *c,
                     int              ldc,
                     p2p_real        *scratch)
{
  const Kernel *kernel = find_kernel (b->n);
  int           group = CLAMP (PANEL_ROWS / rows->length, 1, rows->n_segments);
  int           part = MIN (rows->length, PANEL_ROWS);

  if (! kernel->tile)
    {
      multiply_blas (rows, b, row, first, columns, accumulate, c, ldc, scratch);
      return;
    }

  for (int j = 0; j < columns; j += kernel->width)
    for (int s = 0; s < rows->n_segments; s += group)
      for (int offset = 0; offset < rows->length; offset += part)
        {
          Tile        tile = { .from = rows->from + (gsize) s * rows->m, .stride = rows->m,
                               .n_segments = MIN (group, rows->n_segments - s),
                               .length = MIN (part, rows->length - offset), .offset = offset };
          const gsize place = p2p_packed_place (kernel->width, b->k,
                                                row + s * rows->length + offset, first + j);
          const gsize size = b->halves ? sizeof (guint16) : sizeof (p2p_real);
          const gsize block_rows = tile.n_segments * tile.length;

          tile.accumulate = accumulate || s || offset;
          tile.halves = b->halves;
          tile.b = (const guint8 *) b->values + place * size;
          tile.b_step = kernel->width * size;
          tile.ahead = tile.b + block_rows * tile.b_step;
          tile.ahead_step = tile.b_step / n_tiles (kernel, rows->m);
          tile.ahead_share = block_rows * tile.ahead_step;
          multiply_panel (kernel, rows->m, &tile, MIN (kernel->width, columns - j), c + j, ldc);
        }
}

gsize
p2p_packed_scratch (int m)
{
  return p2p_isa () == P2P_ISA_BLAS ? (gsize) m * BLAS_ROWS : 0;
}

/* Multiplies A, of m rows, by B [k,n], which is not packed.  rows is a tile that says where A lies,
 * in one segment. */
static void
multiply_unpacked (const Kernel   *kernel,
                   int             m,
                   int             n,
                   int             k,
                   const Tile     *rows,
                   const p2p_real *b,
                   int             ldb,
                   gboolean        accumulate,
                   p2p_real       *c,
                   int             ldc)
{
  const gsize row_bytes = kernel->width * sizeof (p2p_real);
  p2p_real    copy[PANEL_ROWS * MOST_WIDTH];

  for (int j = 0; j < n; j += kernel->width)
    for (int row = 0; row < k; row += PANEL_ROWS)
      {
        const int       columns = MIN (kernel->width, n - j);
        const p2p_real *from = b + (gsize) row * ldb + j;
        Tile            tile = *rows;

        tile.n_segments = 1;
        tile.length = MIN (PANEL_ROWS, k - row);
        tile.accumulate = accumulate || row;
        if (tile.columns)
          tile.columns += row * tile.pitch;
        else
          tile.offset = row;
        tile.b = (const guint8 *) from;
        tile.b_step = tile.ahead_step = ldb * sizeof (p2p_real);
        tile.ahead = tile.b + row_bytes;
        for (int i = 0; i < tile.length && columns < kernel->width; i++, from += ldb)
          {
            p2p_real *to = copy + i * kernel->width;

            memcpy (to, from, columns * sizeof (p2p_real));
            memset (to + columns, 0, row_bytes - columns * sizeof (p2p_real));
            tile.b = (const guint8 *) copy;
            tile.b_step = row_bytes;
          }
        multiply_panel (kernel, m, &tile, columns, c + j, ldc);
      }
}

void
p2p_multiply (int             m,
              int             n,
              int             k,
              const p2p_real *a,
              int             lda,
              const p2p_real *b,
              int             ldb,
              gboolean        accumulate,
              p2p_real       *c,
              int             ldc)
{
  const Kernel *kernel = find_kernel (n);

  if (! kernel->tile)
    {
      p2p_gemm (m, n, k, a, lda, b, ldb, accumulate, c, ldc);
      return;
    }

  for (int i = 0; i < m; i += kernel->rows)
    {
      const p2p_real *from[MOST_ROWS];
      const int       n_rows = MIN (kernel->rows, m - i);
      const Tile      rows = { .from = from, .stride = n_rows };

      for (int j = 0; j < n_rows; j++)
        from[j] = a + (gsize) (i + j) * lda;
      multiply_unpacked (kernel, n_rows, n, k, &rows, b, ldb, accumulate, c + (gsize) i * ldc,
                         ldc);
    }
}

void
p2p_outer_products (int             m,
                    int             n,
                    int             k,
                    const p2p_real *a,
                    int             lda,
                    const p2p_real *b,
                    int             ldb,
                    gboolean        accumulate,
                    p2p_real       *c,
                    int             ldc)
{
  const Kernel *kernel = find_kernel (n);
  const Tile    rows = { .columns = a, .pitch = lda };

  if (kernel->tile)
    multiply_unpacked (kernel, m, n, k, &rows, b, ldb, accumulate, c, ldc);
  else
    p2p_gemm_ta (m, n, k, a, lda, b, ldb, accumulate, c, ldc);
}
