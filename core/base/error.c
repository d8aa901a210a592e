/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The error domain of p2p.h. */

#include "p2p.h"

G_DEFINE_QUARK (p2p-error-quark, p2p_error)
