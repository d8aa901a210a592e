/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The options of a training as texts, which command lines, checkpoints and cards hold. */

#pragma once

#include "options.h"

/* Option number i, in the order in which --help lists the options and in which they must be set;
 * NULL after the last one. */
const P2pTrainOption * p2p_train_option (guint i);

/* The option with this name, in which underscores may stand for dashes; NULL when there is none. */
const P2pTrainOption * p2p_train_option_find (const char *name);

/* Its name without dashes in front, such as "n-epochs". */
const char * p2p_train_option_name   (const P2pTrainOption *option);

/* What the option does, for --help.  *wants gets what stands for its value there, such as "FOLDER";
 * NULL: the option takes no value, and giving it means setting it to "true".  The caller translates
 * both. */
const char * p2p_train_option_help   (const P2pTrainOption *option, const char **wants);

/* The heading of the section that the option begins, which the caller translates; NULL: the option
 * is in the same section as the one before it. */
const char * p2p_train_option_heading (const P2pTrainOption *option);

/* Whether the option may get a new value when a training is resumed. */
gboolean     p2p_train_option_resume (const P2pTrainOption *option);

/* Sets the option's value from a text.
 * Errors: P2P_ERROR_OPTION says which values the option takes. */
gboolean     p2p_train_options_set   (P2pTrainOptions *options, const P2pTrainOption *option,
                                      const char *text, GError **error);

/* The option's value, as a text that p2p_train_options_set () takes (newly allocated); NULL: it has
 * no value. */
char *       p2p_train_options_get   (const P2pTrainOptions *options,
                                      const P2pTrainOption *option);

/* Completes and checks the options, once all are set.  command: the command line that they come
 * from, to which messages about sizes add options that work; NULL: there is none.
 * Errors: P2P_ERROR_OPTION says which options do not go together; P2P_ERROR_UNSUPPORTED says which
 * number of the network is out of range. */
gboolean     p2p_train_options_check (P2pTrainOptions *options, const char *command,
                                      GError **error);

/* The command line command with further options, which make the network, the crop size and the load
 * size small enough for pictures of this size (newly allocated).  NULL when no network is small
 * enough, or command is NULL. */
char *       p2p_train_options_fit   (const P2pTrainOptions *options, P2pSize size,
                                      const char *command);

/* The options that shape the model and differ from the defaults, as on a command line (newly
 * allocated).  Names of folders and models are left out. */
char *       p2p_train_options_to_text (const P2pTrainOptions *options);

/* Sets the options that such a text gives.  FALSE when it is not such a text; some options may be
 * set by then. */
gboolean     p2p_train_options_from_text (P2pTrainOptions *options, const char *text);
