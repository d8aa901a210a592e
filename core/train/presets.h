/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Presets: bundles of a training's options that have a name. */

#pragma once

#include "options.h"

typedef struct
{
  const char *name;
  const char *purpose;   /* when to use it; the caller translates it */
  const char *options;   /* the options that it stands for, as on a command line, without quotes */
} P2pTrainPreset;

/* Preset number i, in the order of --help; NULL after the last one. */
const P2pTrainPreset * p2p_train_preset      (guint i);

/* The preset with this name.  Errors: P2P_ERROR_OPTION lists the presets. */
const P2pTrainPreset * p2p_train_preset_find (const char *name, GError **error);

/* Sets the preset's options.  Errors: those of p2p_train_options_set (). */
gboolean               p2p_train_preset_set  (const P2pTrainPreset *preset,
                                              P2pTrainOptions *options, GError **error);

/* Those of the preset's options that have the preset's values in options, as on a command line
 * (newly allocated). */
char *                 p2p_train_preset_kept (const P2pTrainPreset *preset,
                                              const P2pTrainOptions *options);
