/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Functions with which the preview draws. */

#pragma once

#include <gtk/gtk.h>

#include "view.h"
#include "pixels.h"

/* Paints the visible part of pixels with the opacity alpha, 0 to 1.  pixels cover rect of the
 * picture that view shows, and one unit of cr is one pixel of that picture.  If pixels have a lower
 * resolution than the picture, they are enlarged to rect; then they may have at most 1024 pixels a
 * side. */
void p2p_draw_pixels (cairo_t *cr, const P2pView *view, P2pPixels *pixels, P2pRect rect,
                      double alpha);

/* Computes the mean of the colors that are seen in rect.  There the picture "after", which
 * may be NULL, lies over a part of the picture "before", with the opacity strength, 0 to 1.  The
 * part is area.  rect and area are in pixels of before.  Returns FALSE when all pixels of rect are
 * transparent. */
gboolean p2p_draw_mean (P2pPixels *before, P2pPixels *after, P2pRect area, double strength,
                        P2pRect rect, GdkRGBA *color);

/* Paints the checkerboard that is seen through transparent pixels. */
void p2p_draw_checks (cairo_t *cr);

/* Draws word in the upper left or upper right corner of widget.  A dark plate behind it makes it
 * readable on any picture. */
void p2p_draw_word   (cairo_t *cr, GtkWidget *widget, const char *word, gboolean right);

/* Draws a border around rect that is visible on any picture.  rect is in pixels of a picture that
 * is scaled by zoom and whose upper left corner is at left, top of cr. */
void p2p_draw_frame  (cairo_t *cr, double left, double top, double zoom, P2pRect rect);

/* Draws the vertical line between before and after, with its handle.  The line is at x and goes
 * from y = 0 to y = height. */
void p2p_draw_line   (cairo_t *cr, double x, double height);
