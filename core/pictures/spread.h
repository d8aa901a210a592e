/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Spreads hints, a few dots and strokes of color, over a drawing.  Each pixel takes the color of
 * the hint from which the cheapest path leads to it.  Steps on paper cost little; crossing a line
 * costs much.
 *
 * The geodesic distance comes from LazyBrush (Sýkora, Dingliana, Collins: LazyBrush: Flexible
 * Painting Tool for Hand-drawn Cartoons, Eurographics 2009).  The idea that narrow gaps hold colors
 * back comes from trapped-ball segmentation (Zhang et al.: Vectorizing Cartoon Animations, IEEE
 * TVCG 15, 2009). */

#pragma once

#include <math.h>

#include "base/parallel.h"

/* The cost of a path, in integers so that sums are exact.  A path leads over neighbors to the left,
 * right, top and bottom.  The step from pixel u to pixel v costs
 *
 *   PAPER + ink (v) + max (leave (u) − leave (v), 0)
 *
 *   ink (v)   = round (INK · p2p_spread_ink (darkness (v)))
 *   leave (v) = ink (v) · LINE / INK + max over all u of (ink (u) · GAP / INK − SLOPE · |u − v|, 0)
 *
 * where |u − v| is counted in steps.  So leaving a line costs LINE at once, and leaving the
 * surroundings of a line for a wider area costs GAP little by little.  Coming nearer to a line
 * costs nothing extra.  In a picture of 512 pixels, a gap of 2 pixels costs 7/8 of GAP, a gap of 8
 * pixels half of it, and a gap of 16 pixels nothing.  A strand of hair, narrow from end to end, is
 * filled at the price of paper.
 *
 * PAPER, INK and SLOPE are costs per pixel.  The other constants hold for a longer side of 512
 * pixels; P2P_SPREAD_AT_SIZE scales them with the longer side, so that drawings of all sizes are
 * filled in the same way.  If the longer side is less than 128 pixels, SLOPE is half of GAP, so
 * that a gap of one pixel still holds colors back.  At 512 pixels, crossing a black line of 2
 * pixels costs as much as 1400 pixels of paper. */
#define P2P_SPREAD_PAPER     4                          /* each step */
#define P2P_SPREAD_INK       (100 * P2P_SPREAD_PAPER)   /* added to a step onto black */
#define P2P_SPREAD_LINE      (400 * P2P_SPREAD_PAPER)   /* leaving a black line */
#define P2P_SPREAD_GAP       (800 * P2P_SPREAD_PAPER)   /* leaving the surroundings of a line */
#define P2P_SPREAD_SLOPE     (100 * P2P_SPREAD_PAPER)   /* leave falls by this with each pixel */
#define P2P_SPREAD_SOFT      (40 * P2P_SPREAD_PAPER)    /* start of a hint whose mask is nearly 0 */
#define P2P_SPREAD_HANDICAP  (530 * P2P_SPREAD_PAPER)   /* start of the paper at the border */
#define P2P_SPREAD_SCALE     (500 * P2P_SPREAD_PAPER)   /* cost at which reach is 1 / e */

#define P2P_SPREAD_AT_SIZE(cost, w, h)  (((gint64) (cost) * MAX (w, h) + 256) / 512)

#define P2P_SPREAD_MASK   0.05f    /* a pixel whose mask is higher is a hint */
#define P2P_SPREAD_LIGHT  0.15f    /* a pixel of the border that is less dark is paper */

/* Returns how much a pixel of this darkness counts as a line, 0 to 1.  Up to 0.05 it counts as
 * paper, like grain and JPEG artifacts.  From 0.75 on it counts fully, because anti-aliased lines
 * one pixel wide are not black.  Between them the power 3/2 lets gray lines hold colors back but
 * hatching pass them. */
static inline float
p2p_spread_ink (float darkness)
{
  float t = (darkness - 0.05f) / 0.7f;

  return t >= 1.0f ? 1.0f : t > 0.0f ? t * sqrtf (t) : 0.0f;
}

/* What is spread.  The caller fills it; the functions below only read it. */
typedef struct
{
  int          w, h, c;
  const float *darkness;    /* [h, w], 0 paper or no edge, 1 the darkest line or strongest edge */
  const float *colour;      /* [h, w, c], the hints' colors; read only where there are hints */
  const float *mask;        /* [h, w] in [0, 1], 0 where there is no hint */
  const float *paper;       /* [c], the color of paper */
  const float *none;        /* [c], the color where there is no hint at all */
  P2pParallel *parallel;    /* when it is cancelled, the result is garbage; may be NULL */
} P2pSpread;

/* Spreads hints.  spread [h, w, c] gets the colors.  reach [h, w] tells how cheap the path was: exp
 * (−cost / SCALE), which is 1 on a hint of mask 1.
 *
 * A path from a hint starts with the cost (1 − mask) · SOFT, so that of the pixels under a soft
 * brush the strongest count most.  Paper competes with the hints: light pixels of the border
 * without a hint start with the cost HANDICAP.  So a hint on the background wins most of the
 * background, and a hint inside a figure, which has to cross a line, does not get out.  Where paper
 * wins, spread is hints->paper and reach is 0.  Without any hint, spread is hints->none and reach 0
 * everywhere.
 *
 * Ties go to the hint whose pixel comes first in reading order; paper comes last.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_spread         (const P2pSpread *hints, float *spread, float *reach, GError **error);

/* A simple method for comparison.  spread [h, w, c] gets, at each pixel, the color of the hint at
 * the least Euclidean distance, or hints->none everywhere if there are no hints.  darkness and
 * paper are not read.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_spread_nearest (const P2pSpread *hints, float *spread, GError **error);
