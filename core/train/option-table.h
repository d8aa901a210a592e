/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The options of a training as texts: what a command line, a checkpoint and a card say. */

#pragma once

#include "options.h"

/* The options in the order in which they are told and to be set; NULL after the last one. */
const P2pTrainOption * p2p_train_option (guint i);

/* By its name, in which underscores may stand for dashes; NULL: there is none. */
const P2pTrainOption * p2p_train_option_find (const char *name);

/* Without dashes in front: "n-epochs". */
const char * p2p_train_option_name   (const P2pTrainOption *option);

/* What it is for and what it wants, for --help; wants is NULL for one that takes no value: setting
 * it to "true" is what giving it means. */
const char * p2p_train_option_help   (const P2pTrainOption *option, const char **wants);

/* The heading of the section that begins with the option; NULL: it belongs to the one before. */
const char * p2p_train_option_heading (const P2pTrainOption *option);

/* Whether a training that goes on may be given it anew. */
gboolean     p2p_train_option_resume (const P2pTrainOption *option);

/* Errors: P2P_ERROR_OPTION says what the option wants. */
gboolean     p2p_train_options_set   (P2pTrainOptions *options, const P2pTrainOption *option,
                                      const char *text, GError **error);

/* The value as a text that p2p_train_options_set () takes (newly allocated); NULL: there is
 * none. */
char *       p2p_train_options_get   (const P2pTrainOptions *options,
                                      const P2pTrainOption *option);

/* Completes and checks the options, once all are set.  command: the command line that they come
 * from, or NULL.
 * Errors: P2P_ERROR_OPTION says which do not go together, and for the sizes which command works. */
gboolean     p2p_train_options_check (P2pTrainOptions *options, const char *command,
                                      GError **error);

/* The command line with further options, which make network, crops and scaled pictures small enough
 * for pictures of this size (newly allocated); NULL: no network is so small, or command is NULL. */
char *       p2p_train_options_fit   (const P2pTrainOptions *options, P2pSize size,
                                      const char *command);

/* Those that shape the model and differ from the defaults, as on a command line (newly allocated);
 * folders left out. */
char *       p2p_train_options_to_text (const P2pTrainOptions *options);

/* Sets what such a text says; FALSE when it is none. */
gboolean     p2p_train_options_from_text (P2pTrainOptions *options, const char *text);
