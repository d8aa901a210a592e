/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Scaling colours up so that their edges are the picture's: by the guided filter (He, Sun, Tang:
 * Guided Image Filtering, IEEE TPAMI 35, 2013), the guide being the picture's lightness. */

#pragma once

#include "resize.h"

typedef struct _P2pGuidedFilter P2pGuidedFilter;

/* colours, two channels, belong to the picture whose lightness is small, of their size, and large,
 * of the size that is wanted; all in [0, 1].  large must live as long. */
P2pGuidedFilter * p2p_guided_filter_new    (const P2pPlanes *colours, const P2pSource *small,
                                            const P2pSource *large, P2pParallel *parallel);
void              p2p_guided_filter_free   (P2pGuidedFilter *filter);

/* The two channels at the size of large. */
P2pSource         p2p_guided_filter_source (const P2pGuidedFilter *filter);

/* Bytes that it takes. */
guint64           p2p_guided_filter_bytes  (int width, int height, int small_w, int small_h);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pGuidedFilter, p2p_guided_filter_free)
