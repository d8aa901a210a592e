/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "tiles.h"

static int
round_up (int n,
          int multiple)
{
  return (n + multiple - 1) / multiple * multiple;
}

/* Pixels that tiles of a size share with the next. */
static int
overlap_of (const P2pTileRules *rules,
            int                 size)
{
  int overlap = rules->overlap >= 0 ? rules->overlap
                : rules->margin ? 2 * rules->margin : (size + 3) / 4;

  return round_up (overlap, rules->align);
}

/* How many tiles of a size cover the side. */
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
  int size = MIN (most / rules->multiple * rules->multiple,
                  round_up (rules->side, rules->multiple));

  return size < least || size < rules->multiple ? 0 : count (rules, size);
}

int
p2p_tile_start (const P2pTileAxis *axis,
                int                i)
{
  gint64 room = (axis->extent - axis->size) / axis->align;

  return axis->n == 1 ? 0 : room * i / (axis->n - 1) * axis->align;
}

/* The pixels [*from, *to) over which tile i hands over to the next. */
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

  /* With three tiles and more a joint must end before the next begins. */
  if (axis->n > 2)
    width = MIN (width, room);
  *from = (first + end - width) / 2;
  *to = *from + width;
}

/* How far tile i has handed over to the next at a pixel: a raised cosine, from 0 to 1. */
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
