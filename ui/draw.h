/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What the preview and the thumbnails are drawn with. */

#pragma once

#include <gtk/gtk.h>

#include "view.h"
#include "pixels.h"

/* Paints what is seen of pixels, which lie where rect is in view's picture; cr's unit is one pixel
 * of that picture.  Pixels that are fewer than rect's are enlarged; they are at most 1024 a side
 * then. */
void p2p_draw_pixels (cairo_t *cr, const P2pView *view, P2pPixels *pixels, P2pRect rect,
                      double alpha);

/* The mean color of the pixels of rect, of after laid over before where area is in it, with after's
 * opacity strength.  after may be NULL.  FALSE: nothing but transparent pixels is there. */
gboolean p2p_draw_mean (P2pPixels *before, P2pPixels *after, P2pRect area, double strength,
                        P2pRect rect, GdkRGBA *color);

/* What is seen through transparent pixels. */
void p2p_draw_checks (cairo_t *cr);

/* A word in the upper corner of widget, at its left or right, to be read over any picture. */
void p2p_draw_word   (cairo_t *cr, GtkWidget *widget, const char *word, gboolean right);

/* The border of rect in a picture that is scaled by zoom and begins at left and top, to be seen on
 * any picture. */
void p2p_draw_frame  (cairo_t *cr, double left, double top, double zoom, P2pRect rect);

/* The line to be dragged, at x. */
void p2p_draw_line   (cairo_t *cr, double x, double height);
