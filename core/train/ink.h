/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Makes line art from a colored drawing, in a random style.  Networks that color line art are
 * trained with it.  Lines are found by the extended difference of Gaussians (Winnemöller,
 * Kyprianidis, Olsen: XDoG, Computers & Graphics 36, 2012). */

#pragma once

#include <glib.h>

typedef enum
{
  P2P_INK_FINE,
  P2P_INK_THICK,
  P2P_INK_PENCIL,
  P2P_INK_OUTLINES,    /* the drawing's own outlines: what is darker than a threshold */
  P2P_N_INKS
} P2pInkKind;

typedef struct
{
  P2pInkKind kind;
  float      sigma;        /* of the narrower Gaussian, in pixels where the longer side has 256 */
  float      tau;          /* weight of the wider Gaussian, whose sigma is 1.6 times as large */
  float      phi;          /* steepness of tanh; more makes lines blacker */
  float      threshold;    /* luma below which all is outline; only for P2P_INK_OUTLINES */
} P2pInkStyle;

/* Chooses a style at random, by seed and stream. */
void     p2p_ink_style (guint64 seed, guint64 stream, P2pInkStyle *style);

/* Draws clean lines in a style: rgb [h,w,3] in [0,1] → lines [h,w] in [0,1], where 1 is paper.  The
 * width of lines is proportional to the longer side of the drawing.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_ink_lines (const float *rgb, int w, int h, const P2pInkStyle *style, float *lines,
                        GError **error);

/* Draws worn lines in a random style: with gaps, more or less faint, and two times out of three as
 * a photograph of toned paper in uneven light.  rgb [h,w,3] in [0,1] → lines [h,w] in [0,1], where
 * 1 is white paper.  The result follows from the drawing, seed and stream alone.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_ink_draw  (const float *rgb, int w, int h, guint64 seed, guint64 stream, float *lines,
                        GError **error);
