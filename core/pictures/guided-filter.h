/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Scales colors up so that their edges follow the edges of the picture, by the guided filter (He,
 * Sun, Tang: Guided Image Filtering, IEEE TPAMI 35, 2013).  The guide is one plane of the picture:
 * its lightness, or the lines of a drawing. */

#pragma once

#include "resize.h"

typedef struct _P2pGuidedFilter P2pGuidedFilter;

/* Prepares a filter.  colours may have any number of channels, each of which is filtered on its
 * own.  small and large have one channel and are the guide: small at the size of colours, large at
 * the wanted size.  All values are in [0, 1].  large must live as long as the filter; colours and
 * small are not used after this call.  When parallel is cancelled, the filter's pixels are garbage.
 * Errors: P2P_ERROR_MEMORY. */
P2pGuidedFilter * p2p_guided_filter_new    (const P2pPlanes *colours, const P2pSource *small,
                                            const P2pSource *large, P2pParallel *parallel,
                                            GError **error);
void              p2p_guided_filter_free   (P2pGuidedFilter *filter);

/* The scaled colors, with the channels of colours and the size of large.  filter must live as
 * long. */
P2pSource         p2p_guided_filter_source (const P2pGuidedFilter *filter);

/* The most bytes that a filter with so many channels takes that scales from small_w × small_h to
 * width × height pixels. */
guint64           p2p_guided_filter_bytes  (int width, int height, int small_w, int small_h,
                                            int channels);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pGuidedFilter, p2p_guided_filter_free)
