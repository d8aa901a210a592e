/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A layer's pixels as they are in GIMP: read once, a strip at a time, and read again where they
 * were changed.  GIMP tells nobody of a stroke, so a small picture of the layer is compared with
 * the one before. */

#pragma once

#include "dialog.h"
#include "pixels.h"

typedef struct _P2pWatched P2pWatched;

typedef enum
{
  P2P_WATCHED_SAME,
  P2P_WATCHED_CHANGED,   /* its pixels or its place */
  P2P_WATCHED_GONE,      /* it was deleted, or has another size: nothing more can be read */
} P2pWatchedState;

/* Pixels are read through layer, which lives longer, reduced by scale.  selection: with how much of
 * each is selected.  NULL when there is no memory for its pixels. */
P2pWatched *    p2p_watched_new    (const P2pDialogLayer *layer, GimpDrawable *drawable,
                                    double scale, gboolean selection);
void            p2p_watched_free   (P2pWatched *watched);

/* Reads the next rows.  FALSE: all are read, or it is gone. */
gboolean        p2p_watched_read   (P2pWatched *watched);
gboolean        p2p_watched_is_read (const P2pWatched *watched);

/* Compares the layer with what is known of it and reads what has changed. */
P2pWatchedState p2p_watched_look   (P2pWatched *watched);

/* The pixels, which are the watched layer's until the next look, and its left and top in the
 * image. */
P2pPixels *     p2p_watched_pixels (const P2pWatched *watched);
void            p2p_watched_place  (const P2pWatched *watched, int *x, int *y);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pWatched, p2p_watched_free)
