/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What memory an apply may use, and what it takes beside its graphs. */

#pragma once

#include "models/card.h"

/* The pictures of an apply, in pixels and channels. */
typedef struct
{
  int width, height, channels;   /* the picture */
  int result_channels;           /* of the result, which has the picture's size */
  int work_w, work_h;            /* the size at which the network works */
} P2pSizes;

/* Whether the network works at another size than the picture's. */
gboolean p2p_is_scaled      (const P2pSizes *sizes);

/* ... and it has to be enlarged afterwards, in no direction reduced. */
gboolean p2p_is_enlarged    (const P2pSizes *sizes);

/* Half of what the system has to give without swapping. */
guint64  p2p_budget_default  (void);

/* Bytes of the program, and of weights: those that are read where the file is mapped stay in
 * memory. */
guint64  p2p_budget_fixed    (P2pParams *params);

/* Bytes of pictures: while the network computes (the planes that go in and those that come out) and
 * afterwards, when its values are gone (what makes flats, or what scales those back and the
 * result). */
void     p2p_budget_pictures (const P2pCard *card, const P2pSizes *sizes, guint64 *during,
                              guint64 *after);
