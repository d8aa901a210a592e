/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Layers as the user sees them.  GIMP 3.0 keeps Colors ▸ Desaturate and other filters as live
 * filters: the layer's buffer holds the pixels without the filters, and only the display shows
 * their effect. */

#pragma once

#include <libgimp/gimp.h>

typedef struct _P2pSeen P2pSeen;

/* Whether drawable has a live filter that is switched on.  FALSE for a layer group, whose buffer
 * GIMP renders itself. */
gboolean       p2p_has_filters       (GimpDrawable *drawable);

/* Merges all live filters into the layer's pixels, which can be undone.  The layer keeps its size
 * and place.  Filters that are switched off are removed without effect, as when the user merges
 * filters in GIMP.  Errors: P2P_ERROR_UNSUPPORTED when GIMP refuses. */
gboolean       p2p_merge_filters     (GimpDrawable *drawable, GError **error);

/* Holds drawable as it is seen now: the drawable itself if it has no live filters, otherwise a copy
 * with its filters merged.  The copy lies in a hidden image of its own, so that the image of the
 * drawable is not changed.  The caller frees the result.  Errors: those of p2p_merge_filters (). */
P2pSeen *      p2p_seen_new          (GimpDrawable *drawable, GError **error);
void           p2p_seen_free         (P2pSeen *seen);

/* The drawable whose buffer holds the pixels as they are seen.  It is valid until seen is freed. */
GimpDrawable * p2p_seen_get_drawable (P2pSeen *seen);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pSeen, p2p_seen_free)
