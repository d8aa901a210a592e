/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A picture as it is shown: 8 bits a sample, straight alpha.  It may be shared by threads once it
 * is filled. */

#pragma once

#include <cairo.h>

#include "p2p.h"

typedef struct
{
  gatomicrefcount  n_refs;
  guint            serial;    /* other pixels, or the same ones after a change, have another */
  int              width, height;
  int              rows;      /* that are filled, from the top */
  guint8          *rgba;      /* [height, width, 4] */
  guint8          *mask;      /* [height, width], how much is selected; NULL: all */
  int              factor;    /* of reduction of small */
  cairo_surface_t *small;     /* averages of factor × factor pixels, premultiplied */
} P2pPixels;

/* Errors: P2P_ERROR_MEMORY, as of all that gives pixels or images. */
P2pPixels * p2p_pixels_new   (int width, int height, GError **error);
P2pPixels * p2p_pixels_ref   (P2pPixels *pixels);
void        p2p_pixels_unref (P2pPixels *pixels);

/* Makes room for mask. */
gboolean    p2p_pixels_add_mask (P2pPixels *pixels, GError **error);

/* To be called when rows more of rgba were written. */
void        p2p_pixels_filled (P2pPixels *pixels, int rows);

/* To be called when rect of filled pixels was written anew. */
void        p2p_pixels_changed (P2pPixels *pixels, P2pRect rect);

/* Pixels that nobody else has, so that they can be changed: the same ones, or a copy, for which the
 * reference is given up.  Without memory for a copy: NULL, and the reference stays. */
P2pPixels * p2p_pixels_own     (P2pPixels *pixels);

/* Averages of factor × factor pixels, weighted by alpha.  strongest: their alpha is the largest
 * there, so that a thin stroke is as strong as before.  NULL when there is no memory for them. */
P2pPixels * p2p_pixels_reduce  (const P2pPixels *pixels, int factor, gboolean strongest);

/* The part of filled pixels outside of which all are transparent. */
P2pRect     p2p_pixels_bounds  (const P2pPixels *pixels);

/* The part rect of an image, to be laid over area of layer where that is selected. */
P2pPixels * p2p_pixels_from_image (const P2pImage *image, P2pRect rect, const P2pPixels *layer,
                                   P2pRect area, GError **error);

/* rect of pixels as an image of 1 to 4 channels, as those of p2p.h; gray is red. */
P2pImage *  p2p_pixels_to_image (const P2pPixels *pixels, P2pRect rect, int channels,
                                 GError **error);

/* rect of pixels to be painted at its size. */
cairo_surface_t * p2p_pixels_surface (const P2pPixels *pixels, P2pRect rect);

/* The part of rect that lies in bounds; without pixels where there is none. */
P2pRect p2p_rect_intersect (P2pRect rect, P2pRect bounds);

/* The smallest rectangle around both; one without pixels does not count. */
P2pRect p2p_rect_unite     (P2pRect a, P2pRect b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pPixels, p2p_pixels_unref)
