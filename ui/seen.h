/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Layers as they are seen.  GIMP 3.0 keeps Colors ▸ Desaturate and others as live filters: the
 * layer's buffer has the pixels below them, and only the display shows what they make of these. */

#pragma once

#include <libgimp/gimp.h>

typedef struct _P2pSeen P2pSeen;

/* Whether drawable has a live filter that is switched on.  FALSE for a layer group, whose buffer
 * GIMP renders itself. */
gboolean       p2p_has_filters       (GimpDrawable *drawable);

/* Merges all filters into the layer's pixels, as a step that can be undone.  The layer keeps its
 * size and place; filters that are switched off are lost without effect, as in GIMP's own merging.
 * Errors: P2P_ERROR_UNSUPPORTED when GIMP refused. */
gboolean       p2p_merge_filters     (GimpDrawable *drawable, GError **error);

/* Holds drawable as it is seen now: itself, or a copy with its filters merged.  The copy lies in a
 * hidden image of its own, so that the drawable's image is not changed.  Caller frees the result.
 * Errors: those of p2p_merge_filters (). */
P2pSeen *      p2p_seen_new          (GimpDrawable *drawable, GError **error);
void           p2p_seen_free         (P2pSeen *seen);

/* The drawable whose buffer has what is seen.  It is valid until seen is freed. */
GimpDrawable * p2p_seen_get_drawable (P2pSeen *seen);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pSeen, p2p_seen_free)
