/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Turns a picture of a drawing into dark lines on white paper.  The picture may be a clean drawing,
 * a scan on gray paper, a photo of a page in uneven light, or chalk on a blackboard. */

#pragma once

#include "resize.h"

typedef struct _P2pLineArt P2pLineArt;

/* Prepares the line art of a picture.  luma has one channel in [0, 1], with transparent pixels put
 * on white, and must live as long as the result.  With clean, the tone of the paper and uneven
 * light are divided out, and light drawings on dark ground are inverted.  A picture that is all
 * black counts as dark ground without a drawing, so it becomes blank paper.  Without clean, luma
 * passes unchanged.  p2p_line_art_free () frees the result.  When parallel is cancelled, the result
 * has no meaning but can be read and freed. */
P2pLineArt * p2p_line_art_new    (const P2pSource *luma, gboolean clean, P2pParallel *parallel);
void         p2p_line_art_free   (P2pLineArt *art);

/* The line art: one channel in [0, 1] at the size of luma; 1 is paper.  art must live as long. */
P2pSource    p2p_line_art_source (const P2pLineArt *art);

/* Whether the picture is a light drawing on dark ground and is inverted.  FALSE without clean. */
gboolean     p2p_line_art_is_light (const P2pLineArt *art);

/* Returns the share of pixels, 0 to 1, that cleaning changes by more than 0.1.  It is estimated on
 * a grid of at most 256 × 256 pixels.  0 without clean. */
double       p2p_line_art_changed (const P2pLineArt *art, P2pParallel *parallel);

/* The most bytes that p2p_line_art_new () takes, with any number of threads. */
guint64      p2p_line_art_bytes  (int width, int height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pLineArt, p2p_line_art_free)
