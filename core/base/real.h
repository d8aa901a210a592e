/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The number type of every value in a network.  The double build exists for the tests: gradients
 * against central differences, and parity with float64. */

#pragma once

#ifdef P2P_DOUBLE
typedef double p2p_real;
#else
typedef float p2p_real;
#endif

/* Of a loop over values: compiled for wider vectors too, which the processor chooses at the start.
 * Without fused multiplication, so the bits are the same. */
#if defined (__x86_64__)
#define P2P_WIDE __attribute__ ((target_clones ("avx2", "default")))
#else
#define P2P_WIDE
#endif
