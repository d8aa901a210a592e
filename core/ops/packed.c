/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Cuts products into tiles for the kernel (packed-body.h), or hands them to BLAS. */

#include <string.h>

#include "base/blas.h"
#include "files/half.h"
#include "packed.h"

/* Rows of a panel at a time, so that they stay in the first-level cache for all rows of C. */
#define PANEL_ROWS 256

/* Columns of a gathered matrix for BLAS. */
#define BLAS_ROWS 1024

/* The tile of C that the kernel computes. */
typedef struct
{
  const p2p_real *const *from;      /* as in P2pRows, of the tile's first row */
  int                    stride;    /* from segment to segment */
  int                    n_segments, length, offset;
  const guint8          *b;
  const guint8          *ahead;         /* fetched meanwhile: a part of the next rows of b */
  int                    ahead_step;    /* bytes */
  gboolean               halves;        /* b's */
  gboolean               accumulate;
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
  int         rows, width;    /* of a tile */
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

/* The kernel for n columns: few of them leave most of a wide panel empty. */
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

gsize
p2p_packed_place (int k,
                  int n,
                  int row,
                  int column)
{
  int width = p2p_packed_width (n);

  return ((gsize) (column / width) * k + row) * width + column % width;
}

/* Columns [column, …) of C, as many as a panel has or fewer; the tile knows all but rows and C. */
static void
multiply_panel (const Kernel          *kernel,
                int                    m,
                const p2p_real *const *from,
                Tile                  *tile,
                int                    columns,
                p2p_real              *c,
                int                    ldc)
{
  p2p_real aside[MOST_ROWS * MOST_WIDTH];
  int      tiles = (m + kernel->rows - 1) / kernel->rows;
  gsize    block = tile->n_segments * tile->length;
  gsize    row = kernel->width * (tile->halves ? sizeof (guint16) : sizeof (p2p_real));

  tile->ahead_step = row / tiles;
  for (int i = 0; i < m; i += kernel->rows)
    {
      int       n = MIN (kernel->rows, m - i);
      p2p_real *to = c + (gsize) i * ldc;

      tile->from = from + i;
      tile->ahead = tile->b + block * (row + i / kernel->rows * tile->ahead_step);
      tile->c = to;
      tile->ldc = ldc;
      if (columns < kernel->width)
        {
          tile->c = aside;
          tile->ldc = kernel->width;
          for (int j = 0; j < n && tile->accumulate; j++)
            memcpy (aside + j * kernel->width, to + (gsize) j * ldc, columns * sizeof (p2p_real));
        }
      kernel->tile (n, tile);
      for (int j = 0; j < n && columns < kernel->width; j++)
        memcpy (to + (gsize) j * ldc, aside + j * kernel->width, columns * sizeof (p2p_real));
    }
}

/* The pitch of rows of one segment that lie equally far apart; 0: they do not. */
static int
find_pitch (const P2pRows *rows)
{
  gssize pitch = rows->m > 1 ? rows->from[1] - rows->from[0] : rows->length;

  for (int i = 1; i < rows->m; i++)
    if (rows->from[i] - rows->from[i - 1] != pitch)
      return 0;
  return rows->n_segments == 1 && pitch >= rows->length && pitch <= G_MAXINT ? pitch : 0;
}

/* BLAS wants rows of one pitch: others are gathered. */
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
          Tile  tile = { .stride = rows->m, .n_segments = MIN (group, rows->n_segments - s),
                         .length = MIN (part, rows->length - offset), .offset = offset };
          gsize place = p2p_packed_place (b->k, b->n, row + s * rows->length + offset, first + j);

          tile.accumulate = accumulate || s || offset;
          tile.halves = b->halves;
          tile.b = (const guint8 *) b->values + place * (b->halves ? sizeof (guint16)
                                                                   : sizeof (p2p_real));
          multiply_panel (kernel, rows->m, rows->from + (gsize) s * rows->m, &tile,
                          MIN (kernel->width, columns - j), c + j, ldc);
        }
}

gsize
p2p_packed_scratch (int m)
{
  return p2p_isa () == P2P_ISA_BLAS ? (gsize) m * BLAS_ROWS : 0;
}
