/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What a data set is for, from what lies in its folder, where the user does not say. */

#pragma once

#include "options.h"

/* Sets the mode: sketch when there is a folder of lines, folders when there are folders for A and
 * B, aligned when crops are squares and most pictures are twice as wide as high, else pictures when
 * there is a teacher.  A folder without readable pictures is left to p2p_dataset_new (), which
 * reports it.
 * said gets a sentence that tells the guess and its reason (newly allocated), or NULL.
 * Errors: P2P_ERROR_OPTION the pictures may be for any mode. */
gboolean p2p_guess_mode      (P2pTrainOptions *options, char **said, GError **error);

/* Sets the direction of pairs when the pictures of one side alone are made of a few colors, as
 * labels are.  Returns a sentence that tells the guess (newly allocated), or NULL. */
char *   p2p_guess_direction (P2pTrainOptions *options);
