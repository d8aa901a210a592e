/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* See tiles.h.  The starts of tiles are spread evenly and rounded down to multiples of align.
 *
 * An example without a halo: 3 tiles cover a side of 1000 pixels, with multiple 64, align 16 and
 * the default overlap of at least a quarter of a tile.  The smallest tiles that do so have 448
 * pixels.  They start at 0, 272 and 560 and end at 1008; the last 8 pixels are mirrored.  A joint
 * is where one tile hands over to the next, here all of their overlap.  The weight follows a raised
 * cosine there.  In the drawing, / rises from 0 to 1, \ falls from 1 to 0, and a sign stands for 16
 * pixels:
 *
 *   pixel    0                272        448    560       720               1008
 *   tile 0   11111111111111111\\\\\\\\\\\                                      [  0,  448)
 *   tile 1                    ///////////1111111\\\\\\\\\\                     [272,  720)
 *   tile 2                                      //////////111111111111111111   [560, 1008)
 *
 * With a halo, the outer margin pixels of a tile are wrong at a joint, so their weight must be 0.
 * The joint is then the overlap less margin pixels on both sides.  The default overlap is only two
 * margins, rounded up to align, so a joint is short or has no pixels.  Its length does not show,
 * because both tiles have the same values there.
 *
 * An example with a halo: 3 tiles cover a side of 333 pixels, with multiple 4, align 4 and margin
 * 20.  They have 140 pixels and end at 336.  The joints are [116, 120) and [216, 216):
 *
 *   tile 0   starts at   0   is right in [  0, 120)   has weight 1 in [  0, 116)
 *   tile 1   starts at  96   is right in [116, 216)   has weight 1 in [120, 216)
 *   tile 2   starts at 196   is right in [216, 336)   has weight 1 in [216, 336) */

#include <math.h>

#include "tiles.h"

static int
round_up (int n,
          int multiple)
{
  return (n + multiple - 1) / multiple * multiple;
}

/* Returns the least overlap of two neighboring tiles of size pixels. */
static int
overlap_of (const P2pTileRules *rules,
            int                 size)
{
  int overlap = rules->overlap >= 0 ? rules->overlap
                : rules->margin ? 2 * rules->margin : (size + 3) / 4;

  return round_up (overlap, rules->align);
}

/* Returns how many tiles of size pixels cover the side; G_MAXINT if they are all overlap. */
static int
count (const P2pTileRules *rules,
       int                 size)
{
  int extent = round_up (rules->side, rules->align);
  int step = size - overlap_of (rules, size);

  if (size >= extent)
    return 1;
  return step < 1 ? G_MAXINT : 1 + (extent - size + step - 1) / step;
}

static P2pTileAxis
axis_of (const P2pTileRules *rules,
         int                 size)
{
  int n = count (rules, size);

  return (P2pTileAxis) { n, size, n == 1 ? size : round_up (rules->side, rules->align),
                         rules->align, rules->margin };
}

P2pTileAxis
p2p_tile_axis (const P2pTileRules *rules,
               int                 n,
               int                 least)
{
  int whole = round_up (rules->side, rules->multiple);
  int size = MAX (round_up (rules->side / n, rules->multiple), round_up (least, rules->multiple));

  while (size < whole && count (rules, size) > n)
    size += rules->multiple;
  return axis_of (rules, MIN (size, whole));
}

int
p2p_tile_most (const P2pTileRules *rules,
               int                 least)
{
  return count (rules, round_up (least, rules->multiple));
}

int
p2p_tile_fewest (const P2pTileRules *rules,
                 int                 least,
                 int                 most)
{
  int whole = round_up (rules->side, rules->multiple);
  int size = MIN (most / rules->multiple * rules->multiple, whole);

  return size < MIN (least, whole) || size < rules->multiple ? 0 : count (rules, size);
}

int
p2p_tile_start (const P2pTileAxis *axis,
                int                i)
{
  gint64 room = (axis->extent - axis->size) / axis->align;

  return axis->n == 1 ? 0 : room * i / (axis->n - 1) * axis->align;
}

/* Finds the joint [*from, *to), the pixels over which tile i hands over to tile i + 1. */
static void
find_joint (const P2pTileAxis *axis,
            int                i,
            int               *from,
            int               *to)
{
  int first = p2p_tile_start (axis, i + 1) + axis->margin;
  int end = p2p_tile_start (axis, i) + axis->size - axis->margin;
  int room = (axis->extent - axis->size) / axis->align / (axis->n - 1) * axis->align;
  int width = MAX (end - first, 0);

  /* With three or more tiles, one joint must end before the next begins. */
  if (axis->n > 2)
    width = MIN (width, room);
  *from = (first + end - width) / 2;
  *to = *from + width;
}

/* Returns how much of the weight tile i has handed over to tile i + 1 at a pixel: 0 before their
 * joint, 1 after it, a raised cosine between.  Tile −1, before the first, has handed over
 * everything. */
static float
handed_over (const P2pTileAxis *axis,
             int                i,
             int                pixel)
{
  int from, to;

  if (i < 0)
    return 1.0f;
  if (i == axis->n - 1)
    return 0.0f;
  find_joint (axis, i, &from, &to);
  if (pixel < from)
    return 0.0f;
  if (pixel >= to)
    return 1.0f;
  return 0.5 - 0.5 * cos (G_PI * (pixel - from + 0.5) / (to - from));
}

void
p2p_tile_weights (const P2pTileAxis *axis,
                  int                i,
                  float             *weights)
{
  int start = p2p_tile_start (axis, i);

  for (int x = 0; x < axis->size; x++)
    weights[x] = handed_over (axis, i - 1, start + x) - handed_over (axis, i, start + x);
}

int
p2p_tile_sample (const P2pTileAxis *axis,
                 int                size,
                 int                n,
                 int                i)
{
  gint64 centre = (gint64) axis->extent * (2 * i + 1) / (2 * n);

  return CLAMP (centre - size / 2, 0, MAX (axis->extent - size, 0)) / axis->align * axis->align;
}
