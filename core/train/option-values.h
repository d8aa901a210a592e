/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Shared by option-table.c, which lists the options of a training, and option-values.c, which reads
 * and writes their values. */

#pragma once

#include "options.h"

/* Sets the option's value in options from a text.
 * Errors: P2P_ERROR_OPTION says which values the option takes. */
typedef gboolean P2pOptionSet (P2pTrainOptions *options, const P2pTrainOption *option,
                               const char *text, GError **error);

/* The option's value as a text (newly allocated); NULL: it has no value. */
typedef char *   P2pOptionGet (const P2pTrainOptions *options, const P2pTrainOption *option);

struct _P2pTrainOption
{
  const char   *name;
  P2pOptionSet *set;
  P2pOptionGet *get;
  gsize         offset;             /* of the value in P2pTrainOptions */
  double        min, max;           /* of numbers */
  const char *const *words;         /* the texts for the values 0, 1, 2 …; NULL ends them */
  const char   *wants;              /* stands for the value in --help; NULL: it takes no value */
  const char   *help;
  gboolean      resume;             /* it may change when a training is resumed */
  const char   *heading;            /* of the section that the option begins, or NULL */
};

/* For values of a common type, at the option's offset. */
P2pOptionSet p2p_option_set_text, p2p_option_set_integer, p2p_option_set_number,
             p2p_option_set_word, p2p_option_set_size;
P2pOptionGet p2p_option_get_text, p2p_option_get_integer, p2p_option_get_number,
             p2p_option_get_word, p2p_option_get_size;

/* For the one option of this name. */
P2pOptionSet p2p_option_set_seed, p2p_option_set_net_g, p2p_option_set_net_d,
             p2p_option_set_inputs, p2p_option_set_norm, p2p_option_set_recipe;
P2pOptionGet p2p_option_get_seed, p2p_option_get_net_g, p2p_option_get_net_d,
             p2p_option_get_inputs, p2p_option_get_norm, p2p_option_get_recipe;
