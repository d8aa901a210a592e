/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The only way to BLAS, which runs on the calling thread alone: the threads are ours. */

#pragma once

#include <glib.h>

#include "real.h"

/* C [m,n] (+)= A [m,k] B [k,n], row-major with row pitches lda, ldb, ldc; accumulate 0: C is
 * overwritten. */
void p2p_gemm (int m, int n, int k, const p2p_real *a, int lda, const p2p_real *b, int ldb,
               int accumulate, p2p_real *c, int ldc);

/* The same with A stored as [k,m], and with B stored as [n,k]. */
void p2p_gemm_ta (int m, int n, int k, const p2p_real *a, int lda, const p2p_real *b, int ldb,
                  int accumulate, p2p_real *c, int ldc);
void p2p_gemm_tb (int m, int n, int k, const p2p_real *a, int lda, const p2p_real *b, int ldb,
                  int accumulate, p2p_real *c, int ldc);

/* The OpenBLAS that the program runs with, in one line (newly allocated): its version, its options
 * and the processor that its kernels are for.  n_threads: those that it would use by itself.
 * serial: it is the build without threads, in which calls wait for each other. */
char * p2p_blas_describe (int *n_threads, gboolean *serial);
