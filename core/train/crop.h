/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Makes views, which say what part of a picture a network sees, and at what size.  The kinds of
 * preprocessing are those of the public PyTorch implementation of pix2pix.  Random choices follow
 * from the seed, the epoch and the entry alone. */

#pragma once

#include "sample.h"

/* The view of an entry in an epoch of a training, with a random crop, scale, mirroring and change
 * of colors.  epoch counts from 0; index is the entry's number in the data set; size is the size of
 * its input picture in the file. */
P2pView  p2p_view_of_epoch      (const P2pTrainOptions *options, int epoch, guint index,
                                 P2pSize size);

/* The view of a picture of this size in validation and evaluation, without random choices:
 *
 *   resize_and_crop   the whole picture, scaled to crop_size, as in the public implementation's
 *                     test script
 *   crop              crop_size in the middle, since the whole picture may be large
 *   any other         the whole picture, scaled as in training, with its sides rounded to multiples
 *                     that the network needs */
P2pView  p2p_view_of_validation (const P2pTrainOptions *options, P2pSize size);

/* Whether a training sees whole pictures, not crops, so that each may have a shape of its own. */
gboolean p2p_view_is_whole      (const P2pTrainOptions *options);

/* Whether a training that sees whole pictures scales one of this size to another size than
 * --preprocess says, because the network needs multiples. */
gboolean p2p_view_is_rounded    (const P2pTrainOptions *options, P2pSize size);

/* The size of training pictures that the card states (train_size): their longer side in pixels, or
 * their width with scale_width; 0: pictures had any size. */
int      p2p_view_train_size    (const P2pTrainOptions *options);

/* The longer side, in pixels, to which pictures should be scaled for a network that was trained
 * with these options and sees the whole picture at once (the card's fit); 0: the network was
 * trained on pictures at their own size. */
int      p2p_view_fit           (const P2pTrainOptions *options);
