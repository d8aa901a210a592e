/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Pixels in and out of a drawable.  Rectangles are in the drawable's own coordinates.  Networks see
 * sRGB whatever the image's profile, precision and gamma are: babl converts both ways.
 *
 * While many pixels are moved the main loop runs again and again, so that windows are drawn and
 * Cancel is heard: what takes a cancellable fails with G_IO_ERROR_CANCELLED then.  NULL: it cannot
 * be stopped. */

#pragma once

#include <gegl.h>
#include <libgimp/gimp.h>

#include "p2p.h"

/* What the selection leaves of the drawable; FALSE: nothing. */
gboolean p2p_drawable_get_area (GimpDrawable *drawable, P2pRect *area);

/* The pixels inside rect: 1 or 2 channels of a gray drawable, 3 or 4 of an RGB one.  filtered: as
 * they are seen; FALSE: as they are below the drawable's live filters.  Samples that are no numbers
 * are mended; mended, unless NULL, becomes TRUE when there are any.
 * Errors: those of p2p_seen_new (), and no memory. */
P2pImage * p2p_drawable_read (GimpDrawable *drawable, P2pRect rect, gboolean filtered,
                              gboolean *mended, GCancellable *cancellable, GError **error);

/* For previews: rect of the drawable when it is scaled, 8 bits a sample, RGB and alpha. */
void p2p_drawable_read_bytes (GimpDrawable *drawable, P2pRect rect, double scale, guint8 *rgba);

/* For previews: how much of each pixel of the drawable is selected, of rect as above. */
void p2p_drawable_read_selection (GimpDrawable *drawable, P2pRect rect, double scale, guint8 *mask);

/* A buffer with the part of image inside area, image's corner being at rect's: it lies in GEGL's
 * tiles, which may be swapped to disk, at the place it is written to. */
GeglBuffer * p2p_drawable_keep (const P2pImage *image, P2pRect rect, P2pRect area,
                                GCancellable *cancellable, GError **error);

/* An empty layer so many places above drawable, or just below it (0): its size and place, room for
 * alpha, mode normal, opacity 100 %. */
GimpDrawable * p2p_drawable_add_beside (GimpDrawable *drawable, const char *name, int place,
                                        GError **error);

/* Adds buffer's pixels to image as a layer at x, y.  Errors: P2P_ERROR_UNSUPPORTED when GIMP
 * refused. */
gboolean p2p_drawable_add (GimpImage *image, GeglBuffer *buffer, const char *name, int x, int y,
                           GCancellable *cancellable, GError **error);

/* Sends buffer's pixels to GIMP, which keeps them in the drawable's shadow: nothing is changed
 * yet. */
gboolean p2p_drawable_send (GimpDrawable *drawable, GeglBuffer *buffer, GCancellable *cancellable,
                            GError **error);

/* Replaces the selected pixels by those that were sent, which are area's, mixing at a soft
 * selection's edge; undo: as a step that can be undone.  Errors: P2P_ERROR_UNSUPPORTED when GIMP
 * refused. */
gboolean p2p_drawable_merge (GimpDrawable *drawable, P2pRect area, gboolean undo, GError **error);
