/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The matrix product C += A Bᵀ, in which the rows of both matrices are multiplied: each element of
 * C is a dot product.  B is a weight that is used once, and is read where it lies. */

#pragma once

#include "base/real.h"

/* Adds to C [m,n] the product of A [m,k] and B [n,k], stored transposed.  The rows lie lda, ldb and
 * ldc elements apart.  P2P_ISA (packed.h) chooses the kernel. */
void p2p_dot_products (int m, int n, int k, const p2p_real *a, int lda, const p2p_real *b, int ldb,
                       p2p_real *c, int ldc);
