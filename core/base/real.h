/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The number type of every value in a network.  It is float.  The build with P2P_DOUBLE exists for
 * the tests, which compare gradients with central differences and results with float64. */

#pragma once

#ifdef P2P_DOUBLE
typedef double p2p_real;
#else
typedef float p2p_real;
#endif

/* Marks a function with a loop over values.  It is compiled twice, once for AVX2, and the program
 * chooses one of the two for the processor when it starts.  Fused multiply-add is not used, so both
 * give the same bits. */
#if defined (__x86_64__)
#define P2P_WIDE __attribute__ ((target_clones ("avx2", "default")))
#else
#define P2P_WIDE
#endif
