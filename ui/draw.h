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

/* What is seen through transparent pixels. */
void p2p_draw_checks (cairo_t *cr);

/* A word in the upper corner of widget, at its left or right, to be read over any picture. */
void p2p_draw_word   (cairo_t *cr, GtkWidget *widget, const char *word, gboolean right);

/* The line to be dragged, at x. */
void p2p_draw_line   (cairo_t *cr, double x, double height);
