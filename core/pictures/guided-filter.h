/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Scaling colours up so that their edges are the picture's, by the guided filter (He, Sun, Tang:
 * Guided Image Filtering, IEEE TPAMI 35, 2013).  The guide is one plane of the picture: its
 * lightness, or the lines of a drawing. */

#pragma once

#include "resize.h"

typedef struct _P2pGuidedFilter P2pGuidedFilter;

/* colours have any number of channels, each of which is filtered as if it were alone.  small and
 * large, of one channel, are the guide: that plane at the size of colours and at the size that
 * is wanted.  All values are in [0, 1].  large must
 * live as long as the filter; colours and small are not used after this call.
 * Errors: P2P_ERROR_MEMORY. */
P2pGuidedFilter * p2p_guided_filter_new    (const P2pPlanes *colours, const P2pSource *small,
                                            const P2pSource *large, P2pParallel *parallel,
                                            GError **error);
void              p2p_guided_filter_free   (P2pGuidedFilter *filter);

/* As many channels as colours has, at the size of large. */
P2pSource         p2p_guided_filter_source (const P2pGuidedFilter *filter);

/* The most bytes that a filter of so many channels takes, from small_w × small_h to
 * width × height. */
guint64           p2p_guided_filter_bytes  (int width, int height, int small_w, int small_h,
                                            int channels);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pGuidedFilter, p2p_guided_filter_free)
