/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The only file that calls BLAS.  BLAS runs on the calling thread alone, because parallel.h runs
 * the threads. */

#pragma once

#include <glib.h>

#include "real.h"

/* C [m,n] = A [m,k] B [k,n], or C += A B when accumulate is not 0.  All are row-major; lda, ldb and
 * ldc are the distances between rows, in elements. */
void p2p_gemm (int m, int n, int k, const p2p_real *a, int lda, const p2p_real *b, int ldb,
               int accumulate, p2p_real *c, int ldc);

/* The same with A stored transposed, as [k,m] (_ta), or B stored transposed, as [n,k] (_tb). */
void p2p_gemm_ta (int m, int n, int k, const p2p_real *a, int lda, const p2p_real *b, int ldb,
                  int accumulate, p2p_real *c, int ldc);
void p2p_gemm_tb (int m, int n, int k, const p2p_real *a, int lda, const p2p_real *b, int ldb,
                  int accumulate, p2p_real *c, int ldc);

/* Describes the OpenBLAS that the program runs with in one line (newly allocated): its version, its
 * build options and the processor that its kernels are for.
 * n_threads: gets the number of threads that OpenBLAS is set to use.
 * serial: gets whether it is the build without threads, in which only one call runs at a time. */
char * p2p_blas_describe (int *n_threads, gboolean *serial);
