/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A copy of a layer's pixels that follows changes in GIMP.  It reads all pixels once, a strip at a
 * time, and later reads the changed parts again.  GIMP does not tell plug-ins about strokes, so
 * changes are found by comparing a small picture of the layer with the previous one. */

#pragma once

#include "dialog.h"
#include "pixels.h"

typedef struct _P2pWatched P2pWatched;

typedef enum
{
  P2P_WATCHED_SAME,
  P2P_WATCHED_CHANGED,   /* the layer's pixels or its place have changed */
  P2P_WATCHED_GONE,      /* the layer was deleted or has another size: it cannot be read any more */
} P2pWatchedState;

/* Watches drawable through the functions of layer, which must outlive the result.  The pixels are
 * reduced by scale (1: not reduced).  If selection is TRUE, they have a mask that tells how much of
 * each is selected.  Returns NULL when there is no memory for the pixels. */
P2pWatched *    p2p_watched_new    (const P2pDialogLayer *layer, GimpDrawable *drawable,
                                    double scale, gboolean selection);
void            p2p_watched_free   (P2pWatched *watched);

/* Reads the next rows.  Returns FALSE when all rows are read or the layer is gone. */
gboolean        p2p_watched_read   (P2pWatched *watched);

/* Whether all rows are read. */
gboolean        p2p_watched_is_read (const P2pWatched *watched);

/* Looks for changes of the layer and reads the changed part again.  To be called when all rows are
 * read. */
P2pWatchedState p2p_watched_look   (P2pWatched *watched);

/* The pixels, which watched owns.  The next look may replace them. */
P2pPixels *     p2p_watched_pixels (const P2pWatched *watched);

/* The layer's left and top in the image, as of the last look. */
void            p2p_watched_place  (const P2pWatched *watched, int *x, int *y);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pWatched, p2p_watched_free)
