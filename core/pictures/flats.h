/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Flat colors under line art, as artists lay them: takes the lines out of colors that contain them
 * blurred.
 *
 * A pixel is free when no line is near: it is not black, and the drawing hardly changes within two
 * pixels of it.  Free pixels keep their color.  The other pixels are flooded in the order of their
 * darkness, the lightest first, each with the color of its lightest neighbor that has one.  Colors
 * thus climb each line from both sides and meet where it is darkest, as water from two valleys
 * meets on the ridge (Vincent, Soille: Watersheds in Digital Spaces, IEEE TPAMI 13, 1991).  An
 * example is a row of pixels across a line between the colors A and B:
 *
 *   darkness   0  0  0  0  0  1  6  9  5  0  0  0  0
 *   free       f  f  f                          f  f
 *   before     A  A  A  A  a  a  .  .  .  b  B  B  B     (a, b and . are darkened)
 *   after      A  A  A  A  A  A  A  B  B  B  B  B  B
 *
 * A narrow region between close lines may have no free pixel.  Its lightest pixels are not reached
 * from elsewhere and keep their own color, which the others there take.  A color travels a few
 * pixels only, so it does not run along such a region, but it fills black areas of any width. */

#pragma once

#include "resize.h"

/* colors [h, w, c] are changed in place.  picture has their size; its channel lines holds the line
 * art that they were made of, 0 black and 1 paper.  When parallel is cancelled, they stay as they
 * are. */
void    p2p_flats_fill  (P2pPlanes *colors, const P2pSource *picture, int lines,
                         P2pParallel *parallel);

/* The most bytes that filling takes besides the colors. */
guint64 p2p_flats_bytes (int width, int height);
