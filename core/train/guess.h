/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Guesses what a data set is for, from the files in its folder, when the user does not say it. */

#pragma once

#include "options.h"

/* Sets the mode, by the first of these rules that applies, unless the recipe has set it:
 *
 *   sketch     there is a folder of lines
 *   colorize   the teacher colors pictures (and takes hints, or not: this is set, too)
 *   sketch     the teacher colors line art (the same)
 *   folders    there are folders for A and B
 *   aligned    crops are square, and most pictures are twice as wide as high
 *   pictures   there is a teacher
 *
 * A folder without readable pictures leaves the mode as it is; p2p_dataset_new () reports it.
 * *said gets a sentence about the guess and its reason (newly allocated), or NULL.
 * Errors: P2P_ERROR_OPTION no rule applies. */
gboolean p2p_guess_mode      (P2pTrainOptions *options, char **said, GError **error);

/* Sets the direction of pairs so that labels are the input, when the pictures of only one side are
 * made of a few colors, as labels are.  Returns a sentence about the guess and its reason (newly
 * allocated), or NULL when there is none. */
char *   p2p_guess_direction (P2pTrainOptions *options);
