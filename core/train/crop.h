/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Which part of a picture is seen, and at what size.  The ways of preprocessing are those of the
 * public implementation; chance follows from the seed, the epoch and the entry alone. */

#pragma once

#include "sample.h"

/* How an epoch of a training sees an entry whose input has this size. */
P2pView  p2p_view_of_epoch      (const P2pTrainOptions *options, int epoch, guint index,
                                 P2pSize size);

/* How a picture is seen without chance, when a model is validated and evaluated.
 *
 *   resize_and_crop   the whole, scaled to crop_size, as the public implementation's test does
 *   crop              crop_size in the middle, since the whole may be large
 *   any other         the whole, as it is scaled in training, rounded to multiples that the network
 *                     needs */
P2pView  p2p_view_of_validation (const P2pTrainOptions *options, P2pSize size);

/* Whether a training sees pictures as a whole, so that each may have a shape of its own. */
gboolean p2p_view_is_whole      (const P2pTrainOptions *options);

/* Whether a training scales such a picture to another size than its way of preprocessing says,
 * because the network needs multiples. */
gboolean p2p_view_is_rounded    (const P2pTrainOptions *options, P2pSize size);

/* The longer side that the card tells as the size of training (train_size); 0: pictures had any
 * size. */
int      p2p_view_train_size    (const P2pTrainOptions *options);

/* The longer side to which a picture is best scaled for a network that was trained so and sees a
 * picture as a whole (the card's fit); 0: the network knows pictures at their own size. */
int      p2p_view_fit           (const P2pTrainOptions *options);
