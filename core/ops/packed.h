/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The matrix product C (+)= A B of the convolutions.  The rows of A are pixels that may lie
 * anywhere in memory.  B is a weight that was packed once; BLAS would pack both matrices again at
 * every call.
 *
 * The kernel is written once with the compiler's vector extensions (packed-body.h) and compiled for
 * AVX-512, for AVX2, and as a baseline for what every processor of the architecture has (SSE2 or
 * NEON).  The environment variable P2P_ISA limits the choice: avx512, avx2, baseline, or blas,
 * which uses BLAS instead of the kernel. */

#pragma once

#include <glib.h>

#include "base/real.h"

typedef enum
{
  P2P_ISA_BLAS,
  P2P_ISA_BASELINE,
  P2P_ISA_AVX2,
  P2P_ISA_AVX512,
} P2pIsa;

/* The best kernel that this processor can run and P2P_ISA allows.  It is chosen at the first call
 * and does not change.  Any thread may call. */
P2pIsa       p2p_isa      (void);
const char * p2p_isa_name (void);

/* A matrix B [k,n] in panels, stored as [n / width][k][width]; zeros fill the last panel (drawing
 * in packed.c).  values are p2p_real, or halves (binary16) if halves is set: memory delivers twice
 * as many halves in the same time.  The algorithm that multiplies fills the struct, with values
 * that point into the prepared weight. */
typedef struct
{
  const void *values;
  int         k, n;
  gboolean    halves;
} P2pPacked;

/* Whether the kernel can multiply halves. */
gboolean p2p_packed_takes_halves (void);

/* Returns the width of a panel, in columns, for a matrix of n columns.  p2p_packed_multiply () can
 * begin only at the first column of a panel: its parameter "first" must be a multiple of the width.
 * P2P_ISA_BLAS is an exception: the width is n, the packed matrix is B itself, and "first" may be
 * any column. */
int   p2p_packed_width (int n);

/* The number of elements of the packed matrix. */
gsize p2p_packed_size  (int k, int n);

/* The index of B [row, column] in a packed matrix of k rows, whose panels have that width. */
static inline gsize
p2p_packed_place (int width,
                  int k,
                  int row,
                  int column)
{
  return ((gsize) (column / width) * k + row) * width + column % width;
}

/* The matrix A: m rows of n_segments · length values.  The values of a segment are adjacent;
 * segment s of row i begins at from[s · m + i].  In a convolution a row is an output pixel, and a
 * segment is the channels of an input pixel that one tap sees. */
typedef struct
{
  int                    m, n_segments, length;
  const p2p_real *const *from;
} P2pRows;

/* Multiplies A by a part of b: the columns [first, first + columns) of its rows [row, row +
 * n_segments · length).  The product [m, columns] is added to C if accumulate is set, and otherwise
 * overwrites C.  c points to the first element of C, whose rows lie ldc elements apart.  scratch
 * belongs to the calling thread and has room for p2p_packed_scratch (m) elements. */
void  p2p_packed_multiply (const P2pRows *rows, const P2pPacked *b, int row, int first,
                           int columns, gboolean accumulate, p2p_real *c, int ldc,
                           p2p_real *scratch);

gsize p2p_packed_scratch  (int m);

/* Products of matrices that are used once, so that neither is packed: C [m,n] = A B for A [k,m] …,
 * or C += … if accumulate is set. */
void  p2p_multiply       (int m, int n, int k, const p2p_real *a, int lda, const p2p_real *b,
                          int ldb, gboolean accumulate, p2p_real *c, int ldc);
void  p2p_outer_products (int m, int n, int k, const p2p_real *a, int lda, const p2p_real *b,
                          int ldb, gboolean accumulate, p2p_real *c, int ldc);
