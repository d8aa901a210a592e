/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Line art made from a coloured drawing, differently each time: what a network that colours line
 * art is shown in training.  Lines are found by the extended difference of Gaussians (Winnemöller,
 * Kyprianidis, Olsen: XDoG, Computers & Graphics 36, 2012). */

#pragma once

#include <glib.h>

typedef enum
{
  P2P_INK_FINE,
  P2P_INK_THICK,
  P2P_INK_PENCIL,
  P2P_INK_OUTLINES,    /* the drawing's own: its darkness above a threshold */
  P2P_N_INKS
} P2pInkKind;

typedef struct
{
  P2pInkKind kind;
  float      sigma;        /* of the narrower Gaussian, in pixels of a drawing of 256 pixels */
  float      tau;          /* weight of the wider Gaussian, whose sigma is 1.6 times as large */
  float      phi;          /* steepness of tanh: how black lines are */
  float      threshold;    /* luma that outlines are darker than; only for them */
} P2pInkStyle;

/* Chooses a style at random. */
void     p2p_ink_style (guint64 seed, guint64 stream, P2pInkStyle *style);

/* Draws lines alone, as they are in the style: rgb [h,w,3] in [0,1] → lines [h,w] in [0,1], 1 is
 * paper.  Lines grow with the longer side of the drawing.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_ink_lines (const float *rgb, int w, int h, const P2pInkStyle *style, float *lines,
                        GError **error);

/* Draws lines in a style chosen at random, with gaps, fainter or darker, and two times of three on
 * toned paper in uneven light: rgb [h,w,3] in [0,1] → lines [h,w] in [0,1], 1 is paper.  The
 * result is a function of the drawing, seed and stream.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_ink_draw  (const float *rgb, int w, int h, guint64 seed, guint64 stream, float *lines,
                        GError **error);
