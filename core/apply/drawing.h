/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A drawing that is laid over the colors that a network made of its lines.  The network's own lines
 * are as coarse as its working size; the drawing has those of the picture. */

#pragma once

#include "p2p.h"
#include "pictures/line-art.h"

typedef struct
{
  const P2pImage   *image;
  const P2pLineArt *lines;
  gboolean          light;     /* it is drawn light on dark */
  gboolean          cleaned;   /* its paper was removed: the lines are laid over, not the picture */
} P2pDrawing;

/* Decides how a picture with this line art is laid over colors; both live longer than the drawing.
 * keep_paper: as it is, whatever its paper.  When parallel is cancelled, the decision has no
 * meaning. */
void p2p_drawing_init (P2pDrawing *drawing, const P2pImage *image, const P2pLineArt *lines,
                       gboolean keep_paper, P2pParallel *parallel);

/* Reads n pixels of a row's ink, at most P2P_PIECE, from column x on, ink [n, 3]: dark on white,
 * also of a light drawing.  Transparent places have none. */
void p2p_drawing_read (const P2pDrawing *drawing, int row, int x, int n, float *ink);

/* A color with ink over it: a light drawing is screened, others are multiplied. */
static inline float
p2p_drawing_over (const P2pDrawing *drawing,
                  float             color,
                  float             ink)
{
  return drawing->light ? 1.0f - (1.0f - color) * ink : color * ink;
}
