/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Presets: names for bundles of a training's options. */

#pragma once

#include "options.h"

typedef struct
{
  const char *name;
  const char *purpose;   /* when one wants it, to be translated */
  const char *options;   /* what it stands for, as on a command line, without quotes */
} P2pTrainPreset;

/* All presets in the order in which they are told; NULL after the last one. */
const P2pTrainPreset * p2p_train_preset      (guint i);

/* Errors: P2P_ERROR_OPTION names those that there are. */
const P2pTrainPreset * p2p_train_preset_find (const char *name, GError **error);

/* Sets the preset's options.  Errors: p2p_train_options_set ()'s. */
gboolean               p2p_train_preset_set  (const P2pTrainPreset *preset,
                                              P2pTrainOptions *options, GError **error);

/* Those of its options that still have its values, as on a command line (newly allocated). */
char *                 p2p_train_preset_kept (const P2pTrainPreset *preset,
                                              const P2pTrainOptions *options);
