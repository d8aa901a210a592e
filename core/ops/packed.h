/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The one matrix product of the convolutions: rows that lie anywhere in memory times a weight that
 * was packed once, where BLAS would repack both at every call.
 *
 * The kernel is written once in vector extensions (packed-body.h) and compiled for AVX-512, for
 * AVX2 and for whatever every processor of the architecture has (SSE2, NEON).  The environment
 * variable P2P_ISA limits the choice: avx512, avx2, baseline, or blas for BLAS alone. */

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

/* What this processor has and P2P_ISA allows; the same for the whole process. */
P2pIsa       p2p_isa      (void);
const char * p2p_isa_name (void);

/* A matrix [k,n] in panels, [n / width][k][width]; the last is filled up with zeros.  values are
 * p2p_real, or, where p2p_packed_takes_halves (), halves, of which memory gives twice as many. */
typedef struct
{
  const void *values;
  int         k, n;
  gboolean    halves;
} P2pPacked;

gboolean p2p_packed_takes_halves (void);

/* Columns of a panel: products of parts begin at multiples of it. */
int   p2p_packed_width (int n);

/* Elements of the packed matrix, and where one of them lies. */
gsize p2p_packed_size  (int k, int n);
gsize p2p_packed_place (int k, int n, int row, int column);

/* m rows of n_segments · length values each; segment s of row i begins at from[s · m + i]. */
typedef struct
{
  int                    m, n_segments, length;
  const p2p_real *const *from;
} P2pRows;

/* C [m, columns] (+)= rows times the columns [first, first + columns) of b's rows from row on.  c
 * points to its first element, ldc is its pitch; accumulate FALSE: C is overwritten.  scratch holds
 * p2p_packed_scratch (m) elements. */
void  p2p_packed_multiply (const P2pRows *rows, const P2pPacked *b, int row, int first,
                           int columns, gboolean accumulate, p2p_real *c, int ldc,
                           p2p_real *scratch);

gsize p2p_packed_scratch  (int m);
