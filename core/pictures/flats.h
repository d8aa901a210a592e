/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Makes flat colors under line art, as artists lay them.  The colors come from a network that works
 * on a reduced drawing, and still contain blurred lines.
 *
 * First the lines are taken out of the colors, at their own size.  A pixel is free when no line is
 * near: it is not black, and the drawing hardly changes within two pixels of it.  Free pixels keep
 * their color.  The other pixels are flooded (flood.h) in the order of their darkness, so that two
 * colors meet where the line between them is darkest.  An example is a row of pixels across a line
 * between the colors A and B:
 *
 *   darkness   0  0  0  0  0  1  6  9  5  0  0  0  0
 *   free       f  f  f                          f  f
 *   before     A  A  A  A  a  a  .  .  .  b  B  B  B     (a, b and . are darkened)
 *   after      A  A  A  A  A  A  A  B  B  B  B  B  B
 *
 * A narrow region between close lines may have no free pixel.  Then no color reaches its lightest
 * pixels: they keep their own color, and the other pixels of the region take it from them.  A color
 * travels only a few pixels, so that it does not run along such a region, but it fills black areas
 * of any width.
 *
 * Then the colors are enlarged.  The border between A and B is only as fine as the small pixels,
 * and may lie beside the line of the drawing at full size.  So the pixels that were not free are
 * flooded once more at full size, those farthest from a line first, the lines last:
 *
 *   enlarged   A  A  A  A  A  A  A  A  A  A  ab ab B  B  B  B  B  B  B  B  B
 *   free       f  f  f                                               f  f  f
 *   line                            #
 *   level      0  0  0  0  1  2  3  9  3  2  1  0  0  0  0  0  0  0  0  0  0
 *   flats      A  A  A  A  A  A  A  A  B  B  B  B  B  B  B  B  B  B  B  B  B
 *
 * Borders between colors that no line separates become soft. */

#pragma once

#include "resize.h"

/* Takes the lines out of colors [h, w, c], in place.  picture has the same size.  Its channel lines
 * holds the line art that the network saw, 0 black and 1 paper.  When parallel is cancelled, the
 * colors stay as they are.
 * Errors: P2P_ERROR_MEMORY. */
gboolean    p2p_flats_fill          (P2pPlanes *colors, const P2pSource *picture, int lines,
                                     P2pParallel *parallel, GError **error);

/* The most bytes that p2p_flats_fill () takes besides the colors of width × height pixels. */
guint64     p2p_flats_fill_bytes    (int width, int height);

/* Enlarges colors, which p2p_flats_fill () has filled, to the size of large.  large is the drawing
 * at full size, small the drawing at the size of the colors; small must be larger in neither
 * direction.  The channel lines of both holds the line art.  The caller frees the result.  When
 * parallel is cancelled, the result has no meaning.
 * Errors: P2P_ERROR_MEMORY. */
P2pPlanes * p2p_flats_enlarge       (const P2pPlanes *colors, const P2pSource *small,
                                     const P2pSource *large, int lines, P2pParallel *parallel,
                                     GError **error);

/* The most bytes that p2p_flats_enlarge () takes, its result included. */
guint64     p2p_flats_enlarge_bytes (int width, int height, int small_w, int small_h,
                                     int channels);
