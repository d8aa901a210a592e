/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* From a picture to the planes that a network sees. */

#pragma once

#include "card.h"
#include "p2p.h"
#include "resize.h"

/* The planes, in [0, 1], that card's input names; what transparency hides is filled in as the
 * input asks (P2pInput). */
P2pPlanes * p2p_compose        (const P2pCard *card, const P2pImage *image, P2pParallel *parallel);

/* How the input is scaled. */
P2pFilter   p2p_compose_filter (const P2pCard *card);

/* Where a mirrored picture of n pixels is read for position i ≥ 0, however small it is. */
int         p2p_mirror         (int i, int n);
