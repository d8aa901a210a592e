/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A drawing that is laid over the colors that a network made from its lines.  The lines in the
 * network's result are only as fine as the working size; the drawing has the lines at the picture's
 * full size. */

#pragma once

#include "p2p.h"
#include "pictures/line-art.h"

/* p2p_drawing_init () fills it. */
typedef struct
{
  const P2pImage   *image;
  const P2pLineArt *lines;
  gboolean          light;     /* the drawing is light on dark */
  gboolean          cleaned;   /* ink is the cleaned lines; FALSE: ink is the picture itself */
} P2pDrawing;

/* Decides how a picture is laid over colors.  lines is the picture's line art.  image and lines
 * must live as long as the drawing.  With keep_paper the picture itself is laid over, whatever its
 * paper looks like.  When parallel is cancelled, the decision has no meaning. */
void p2p_drawing_init (P2pDrawing *drawing, const P2pImage *image, const P2pLineArt *lines,
                       gboolean keep_paper, P2pParallel *parallel);

/* Reads ink [n, 3] of n pixels of a row from column x on; n is at most P2P_PIECE.  Ink is dark on
 * white, also when the drawing is light on dark.  Transparent pixels have no ink: they are
 * white. */
void p2p_drawing_read (const P2pDrawing *drawing, int row, int x, int n, float *ink);

/* Returns a color with ink over it.  A drawing that is light on dark is screened, others are
 * multiplied. */
static inline float
p2p_drawing_over (const P2pDrawing *drawing,
                  float             color,
                  float             ink)
{
  return drawing->light ? 1.0f - (1.0f - color) * ink : color * ink;
}
