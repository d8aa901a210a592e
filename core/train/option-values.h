/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* An option of a training from inside: option-table.c has all of them, option-values.c reads
 * and writes each kind of value. */

#pragma once

#include "options.h"

/* Reads a value from a text.  Errors: P2P_ERROR_OPTION says what the option wants. */
typedef gboolean P2pOptionSet (P2pTrainOptions *options, const P2pTrainOption *option,
                               const char *text, GError **error);

/* The value as a text (newly allocated). */
typedef char *   P2pOptionGet (const P2pTrainOptions *options, const P2pTrainOption *option);

struct _P2pTrainOption
{
  const char   *name;
  P2pOptionSet *set;
  P2pOptionGet *get;
  gsize         offset;             /* of the value in P2pTrainOptions */
  double        min, max;
  const char *const *words;         /* what stands for 0, 1, 2 … */
  const char   *wants;              /* NULL: no value */
  const char   *help;
  gboolean      resume;
  const char   *heading;            /* the first option of a section has it */
};

/* Any option's. */
P2pOptionSet p2p_option_set_text, p2p_option_set_integer, p2p_option_set_number,
             p2p_option_set_word, p2p_option_set_size;
P2pOptionGet p2p_option_get_text, p2p_option_get_integer, p2p_option_get_number,
             p2p_option_get_word, p2p_option_get_size;

/* Of one option alone. */
P2pOptionSet p2p_option_set_seed, p2p_option_set_net_g, p2p_option_set_net_d,
             p2p_option_set_inputs, p2p_option_set_norm;
P2pOptionGet p2p_option_get_seed, p2p_option_get_net_g, p2p_option_get_net_d,
             p2p_option_get_inputs, p2p_option_get_norm;
