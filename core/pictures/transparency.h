/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Finds colors for fully transparent pixels from pixels nearby that are not fully transparent.
 * transparency.c has an example. */

#pragma once

#include "p2p.h"
#include "resize.h"

typedef struct _P2pExtension P2pExtension;

/* Extends colours, a source of the size of image, from the pixels where alpha is above 0 to those
 * where alpha is 0.  image must have an alpha channel.  Neither is used after this call.  *result
 * gets the extension, which p2p_extension_free () frees.  It is NULL if there is nothing to extend
 * because all pixels are fully transparent, or none is.  When parallel is cancelled, the extended
 * colors are garbage.
 * Errors: P2P_ERROR_MEMORY. */
gboolean       p2p_extension_new  (const P2pSource *colours, const P2pImage *image,
                                   P2pParallel *parallel, P2pExtension **result,
                                   GError **error);
void           p2p_extension_free (P2pExtension *extension);

/* Returns the values [channels of colours] for the fully transparent pixel (x, y).  They belong to
 * extension.  May be called from any thread. */
const float *  p2p_extension_at   (const P2pExtension *extension, int y, int x);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pExtension, p2p_extension_free)
