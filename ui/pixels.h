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
  int              width, height;
  int              rows;      /* that are filled, from the top */
  guint8          *rgba;      /* [height, width, 4] */
  guint8          *mask;      /* [height, width], how much is selected; NULL: all */
  int              factor;    /* of reduction of small */
  cairo_surface_t *small;     /* averages of factor × factor pixels, premultiplied */
} P2pPixels;

P2pPixels * p2p_pixels_new   (int width, int height);
P2pPixels * p2p_pixels_ref   (P2pPixels *pixels);
void        p2p_pixels_unref (P2pPixels *pixels);

/* To be called when rows more of rgba were written. */
void        p2p_pixels_filled (P2pPixels *pixels, int rows);

/* The part rect of an image, to be laid over area of layer where that is selected. */
P2pPixels * p2p_pixels_from_image (const P2pImage *image, P2pRect rect, const P2pPixels *layer,
                                   P2pRect area);

/* rect of pixels as an image of 1 to 4 channels, as those of p2p.h; gray is red. */
P2pImage *  p2p_pixels_to_image (const P2pPixels *pixels, P2pRect rect, int channels);

/* rect of pixels to be painted at its size. */
cairo_surface_t * p2p_pixels_surface (const P2pPixels *pixels, P2pRect rect);

/* The part of rect that lies in bounds; without pixels where there is none. */
P2pRect p2p_rect_intersect (P2pRect rect, P2pRect bounds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pPixels, p2p_pixels_unref)
