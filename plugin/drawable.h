/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reads pixels from drawables and writes results into them.  Rectangles are in the drawable's own
 * coordinates.  Networks see sRGB whatever the image's profile, precision and gamma are, because
 * babl converts in both directions.
 *
 * All functions run on the main thread.  Those that take a cancellable run the main loop now and
 * then, so that windows are drawn and Cancel is noticed.  After Cancel they fail with
 * G_IO_ERROR_CANCELLED.  If cancellable is NULL, they cannot be stopped. */

#pragma once

#include <gegl.h>
#include <libgimp/gimp.h>

#include "p2p.h"

/* Gets the bounds of the selected part of the drawable.  Returns FALSE when nothing of it is
 * selected. */
gboolean p2p_drawable_get_area (GimpDrawable *drawable, P2pRect *area);

/* Reads the pixels inside rect: a new image with 1 or 2 channels for a gray drawable, 3 or 4 for an
 * RGB one.  If filtered is TRUE, the pixels are as the user sees them; otherwise they are without
 * the drawable's live filters.  Samples that are NaN or infinite are mended (p2p_image_mend ());
 * *mended, unless NULL, becomes TRUE when there are any.
 * Errors: those of p2p_seen_new () if filtered, p2p_image_try_new () and p2p_image_mend (). */
P2pImage * p2p_drawable_read (GimpDrawable *drawable, P2pRect rect, gboolean filtered,
                              gboolean *mended, GCancellable *cancellable, GError **error);

/* For previews: reads pixels without live filters into rgba [rect.height, rect.width, 4], with 8
 * bits a sample.  rect is in pixels of the drawable reduced by scale (1: not reduced). */
void p2p_drawable_read_bytes (GimpDrawable *drawable, P2pRect rect, double scale, guint8 *rgba);

/* For previews: reads how much of each pixel of the drawable is selected, 0 to 255, into mask
 * [rect.height, rect.width].  rect and scale are as above. */
void p2p_drawable_read_selection (GimpDrawable *drawable, P2pRect rect, double scale, guint8 *mask);

/* Copies pixels from image into a new buffer, whose tiles GEGL may swap to disk.  image shows the
 * part rect of a drawable.  The part area of the drawable, which lies inside rect, is copied.  The
 * extent of the buffer is area, where the pixels will be written. */
GeglBuffer * p2p_drawable_keep (const P2pImage *image, P2pRect rect, P2pRect area,
                                GCancellable *cancellable, GError **error);

/* Adds a transparent layer in the group of drawable.  place is how many places above drawable the
 * new layer lies; 0 means just below drawable.  The layer has the drawable's size and offsets, an
 * alpha channel, mode Normal and opacity 100 %.  Errors: P2P_ERROR_UNSUPPORTED when GIMP
 * refuses. */
GimpDrawable * p2p_drawable_add_beside (GimpDrawable *drawable, const char *name, int place,
                                        GError **error);

/* Adds buffer's pixels to image as a new layer on top, at x, y.  Errors: P2P_ERROR_UNSUPPORTED when
 * GIMP refuses. */
gboolean p2p_drawable_add (GimpImage *image, GeglBuffer *buffer, const char *name, int x, int y,
                           GCancellable *cancellable, GError **error);

/* Sends buffer's pixels to GIMP, which keeps them in the drawable's shadow buffer.  The drawable
 * does not change yet. */
gboolean p2p_drawable_send (GimpDrawable *drawable, GeglBuffer *buffer, GCancellable *cancellable,
                            GError **error);

/* Replaces the selected pixels by those that were sent, which cover area.  Where a pixel is partly
 * selected, GIMP mixes old and new.  If undo is TRUE, the change can be undone.  Errors:
 * P2P_ERROR_UNSUPPORTED when GIMP refuses. */
gboolean p2p_drawable_merge (GimpDrawable *drawable, P2pRect area, gboolean undo, GError **error);
