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
