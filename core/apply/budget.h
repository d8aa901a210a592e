/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How much memory an apply may use, and how much it takes besides the arenas of its graphs. */

#pragma once

#include "models/card.h"

/* The sizes of an apply's pictures, in pixels and channels.  p2p_plan_make () fills it. */
typedef struct
{
  int width, height, channels;   /* of the input picture */
  int result_channels;           /* of the result, which is as large as the picture */
  int work_w, work_h;            /* the size at which the network works */
} P2pSizes;

/* Whether the working size differs from the picture's size. */
gboolean p2p_is_scaled      (const P2pSizes *sizes);

/* Whether the working size differs from the picture's size and exceeds it in neither direction, so
 * that the result has to be enlarged. */
gboolean p2p_is_enlarged    (const P2pSizes *sizes);

/* The budget in bytes where no option sets one: half of the memory that the system can give without
 * swapping, or G_MAXUINT64 when the system does not tell. */
guint64  p2p_budget_default  (void);

/* Bytes that every apply takes: the program, and the weights in the mapped file, because reading
 * them brings them into memory.  Parameters of one dimension, such as biases, are too small to
 * count. */
guint64  p2p_budget_fixed    (P2pParams *params);

/* Bytes that pictures take.  *during gets those while the network computes: the picture, the planes
 * that go in and those that come out.  *after gets the most afterwards, when the network's values
 * are freed: the planes that came out, and what it takes to make flats, scale and blend. */
void     p2p_budget_pictures (const P2pCard *card, const P2pSizes *sizes, guint64 *during,
                              guint64 *after);
