/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A few dots and strokes of colour, the hints, flood outward over a drawing: each pixel takes the
 * colour of the hint that reaches it most cheaply.  Walking costs little, crossing a line much.
 *
 * The geodesic distance is that of LazyBrush (Sýkora, Dingliana, Collins: LazyBrush: Flexible
 * Painting Tool for Hand-drawn Cartoons, Eurographics 2009); that narrow gaps hold the colour back
 * is from trapped-ball segmentation (Zhang et al.: Vectorizing Cartoon Animations, IEEE TVCG 15,
 * 2009). */

#pragma once

#include <math.h>

#include "base/parallel.h"

/* What a way costs, in integers so that sums are exact.  A way leads over neighbours to the left,
 * right, top and bottom; stepping from pixel u to pixel v costs
 *
 *   PAPER + ink (v) + max (leave (u) − leave (v), 0)
 *
 *   ink (v)   = round (INK · p2p_spread_ink (darkness (v)))
 *   leave (v) = ink (v) · LINE / INK + max over all u of (ink (u) · GAP / INK − SLOPE · |u − v|, 0)
 *
 * with |u − v| in steps.  So leaving a line costs LINE at once, and leaving the surroundings of a
 * line for a wider place costs GAP little by little; coming nearer to a line is free.  At 512
 * pixels a gap of 2 pixels costs 7/8 of GAP, one of 8 pixels a half, one of 16 nothing.  A strand
 * of hair, narrow from end to end, is filled at the price of paper.
 *
 * PAPER, INK and SLOPE are costs per pixel.  The other constants are for pictures of 512 pixels and
 * grow with the longer side, so that a drawing of another size is filled in the same way:
 * P2P_SPREAD_AT_SIZE.  In pictures of less than 128 pixels SLOPE is half of GAP, so that a gap of
 * one pixel still holds.  At 512 pixels a black line of 2 pixels costs as much as 1400 pixels of
 * paper. */
#define P2P_SPREAD_PAPER     4                          /* a step on white paper */
#define P2P_SPREAD_INK       (100 * P2P_SPREAD_PAPER)   /* a step onto black, besides */
#define P2P_SPREAD_LINE      (400 * P2P_SPREAD_PAPER)   /* leaving a black line */
#define P2P_SPREAD_GAP       (800 * P2P_SPREAD_PAPER)   /* leaving its surroundings */
#define P2P_SPREAD_SLOPE     (100 * P2P_SPREAD_PAPER)   /* leave falls by it from pixel to pixel */
#define P2P_SPREAD_SOFT      (40 * P2P_SPREAD_PAPER)    /* handicap of a hint of mask 0 */
#define P2P_SPREAD_HANDICAP  (530 * P2P_SPREAD_PAPER)   /* of the paper's own marker */
#define P2P_SPREAD_SCALE     (500 * P2P_SPREAD_PAPER)   /* where reach is 1 / e */

#define P2P_SPREAD_AT_SIZE(cost, w, h)  (((gint64) (cost) * MAX (w, h) + 256) / 512)

#define P2P_SPREAD_MASK   0.05f    /* a pixel whose mask is higher is a hint */
#define P2P_SPREAD_LIGHT  0.15f    /* a pixel of the border whose darkness is lower is paper */

/* How much of a line a darkness is: nothing up to 0.05, so that grain and the artefacts of JPEG are
 * paper; all of it from 0.75 on, since smoothed lines of a pixel's width are not black.  Between,
 * the power 3/2 lets a grey line hold, and hatching pass. */
static inline float
p2p_spread_ink (float darkness)
{
  float t = (darkness - 0.05f) / 0.7f;

  return t >= 1.0f ? 1.0f : t > 0.0f ? t * sqrtf (t) : 0.0f;
}

typedef struct
{
  int          w, h, c;
  const float *darkness;    /* [h, w], 0 paper or flat, 1 the darkest line or strongest edge */
  const float *colour;      /* [h, w, c], looked at where there are hints */
  const float *mask;        /* [h, w] in [0, 1], 0 where there is no hint */
  const float *paper;       /* [c] */
  const float *none;        /* [c], the color where there is no hint at all */
  P2pParallel *parallel;    /* once it is cancelled the result is garbage; NULL: never */
} P2pSpread;

/* spread [h, w, c] gets the colours.  reach [h, w] tells how cheap the way was: exp (−cost /
 * SCALE), 1 on a hint.
 *
 * A hint starts with a cost of (1 − mask) · SOFT, so that of the pixels under a soft brush the
 * strongest count.  The paper competes, too: light pixels of the border without a hint start with
 * HANDICAP.  So a hint on the background wins most of it, and one inside a figure, which has to
 * cross a line, does not get out.  Where paper wins, spread is paper and reach 0.  Without hints
 * spread is none and reach 0 everywhere.
 *
 * Ties go to the hint whose pixel comes first in reading order; paper comes last.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_spread         (const P2pSpread *hints, float *spread, float *reach, GError **error);

/* The plain way to compare with: spread [h, w, c] gets at each pixel the colour of the hint at the
 * least Euclidean distance, and none everywhere if there are no hints.  darkness and paper are not
 * looked at.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_spread_nearest (const P2pSpread *hints, float *spread, GError **error);
