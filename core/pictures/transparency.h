/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Colours for places that are fully transparent, from the nearest that are not. */

#pragma once

#include "p2p.h"
#include "resize.h"

typedef struct _P2pExtension P2pExtension;

/* Extends what colours has, a source of image's size, where image has any alpha to where it has
 * none.  *result becomes NULL where there is nothing to extend: all places are transparent, or
 * none.
 * Errors: P2P_ERROR_MEMORY. */
gboolean       p2p_extension_new  (const P2pSource *colours, const P2pImage *image,
                                   P2pParallel *parallel, P2pExtension **result,
                                   GError **error);
void           p2p_extension_free (P2pExtension *extension);

/* What belongs into the transparent pixel x, y. */
const float *  p2p_extension_at   (const P2pExtension *extension, int y, int x);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pExtension, p2p_extension_free)
