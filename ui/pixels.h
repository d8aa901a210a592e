/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A picture as the dialog shows it: sRGB, 8 bits a sample, straight alpha.  Once it is filled,
 * threads may share it: whoever changes it calls p2p_pixels_own () first. */

#pragma once

#include <cairo.h>

#include "p2p.h"

typedef struct
{
  gatomicrefcount  n_refs;
  guint            serial;    /* unique; p2p_pixels_changed () sets a new one */
  int              width, height;
  int              rows;      /* how many rows are filled, from the top */
  guint8          *rgba;      /* [height, width, 4] */
  guint8          *mask;      /* [height, width], how much of each pixel is selected, 0 to 255;
                               * NULL: all is selected */
  int              factor;    /* by which small is reduced */
  cairo_surface_t *small;     /* averages of factor × factor pixels, premultiplied, at most 1024 a
                               * side */
} P2pPixels;

/* All functions here that take an error fail with P2P_ERROR_MEMORY.  p2p_pixels_to_image () also
 * fails with P2P_ERROR_FILE, when rect has more pixels than a P2pImage may have. */
P2pPixels * p2p_pixels_new   (int width, int height, GError **error);
P2pPixels * p2p_pixels_ref   (P2pPixels *pixels);
void        p2p_pixels_unref (P2pPixels *pixels);

/* Allocates mask, which the caller fills. */
gboolean    p2p_pixels_add_mask (P2pPixels *pixels, GError **error);

/* To be called after the next rows of rgba were written.  rows is the number of these rows.
 * Updates small. */
void        p2p_pixels_filled (P2pPixels *pixels, int rows);

/* To be called when rect of filled pixels was written again.  Updates small and serial. */
void        p2p_pixels_changed (P2pPixels *pixels, P2pRect rect);

/* Returns pixels that nobody else holds, so that the caller may change them: the same pixels, or a
 * copy if others hold these, too.  The call takes the caller's reference to pixels, and the caller
 * owns the result.  Returns NULL when there is no memory for a copy; then the caller keeps its
 * reference to pixels. */
P2pPixels * p2p_pixels_own     (P2pPixels *pixels);

/* Returns new pixels, which are averages of factor × factor pixels, with colors weighted by alpha.
 * If strongest is TRUE, alpha is the largest of the block instead of the average, so that a thin
 * stroke stays as strong as it was.  Returns NULL when there is no memory. */
P2pPixels * p2p_pixels_reduce  (const P2pPixels *pixels, int factor, gboolean strongest);

/* The smallest rectangle around all filled pixels that are not transparent. */
P2pRect     p2p_pixels_bounds  (const P2pPixels *pixels);

/* Returns the part rect of image as new pixels, to be laid over the part area of layer, which is as
 * large as rect.  Their alpha is the alpha of image times how much of layer is selected there. */
P2pPixels * p2p_pixels_from_image (const P2pImage *image, P2pRect rect, const P2pPixels *layer,
                                   P2pRect area, GError **error);

/* Returns the part rect of pixels as a new image with 1 to 4 channels, as in P2pImage.  Gray is
 * taken from the red channel. */
P2pImage *  p2p_pixels_to_image (const P2pPixels *pixels, P2pRect rect, int channels,
                                 GError **error);

/* Returns the part rect of pixels as a new surface of the same size. */
cairo_surface_t * p2p_pixels_surface (const P2pPixels *pixels, P2pRect rect);

/* The part of rect that lies inside bounds.  Its width or height is 0 when there is none. */
P2pRect p2p_rect_intersect (P2pRect rect, P2pRect bounds);

/* The smallest rectangle around both.  A rectangle without pixels does not count. */
P2pRect p2p_rect_unite     (P2pRect a, P2pRect b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pPixels, p2p_pixels_unref)
