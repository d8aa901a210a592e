/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* From a picture to the planes that a network sees. */

#pragma once

#include "labels.h"
#include "models/card.h"
#include "p2p.h"
#include "pictures/resize.h"

typedef struct _P2pCompose P2pCompose;

/* The planes, in [0, 1], that card's input names, of the picture's size; what transparency hides is
 * filled in as the input asks (P2pInput).  With a palette each pixel becomes the nearest of its
 * colours first.  card, image and palette must live as long. */
P2pCompose * p2p_compose_new    (const P2pCard *card, const P2pImage *image,
                                 const P2pPalette *palette, P2pParallel *parallel);
void         p2p_compose_free   (P2pCompose *compose);
P2pSource    p2p_compose_source (const P2pCompose *compose);

/* How the input is scaled. */
P2pFilter    p2p_compose_filter (const P2pCard *card, gboolean snapped);

/* Bytes that composing a picture takes, at most. */
guint64      p2p_compose_bytes  (const P2pCard *card, int width, int height, gboolean alpha);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pCompose, p2p_compose_free)
