/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What the options of an apply may be. */

#pragma once

#include "models/model.h"

/* Pale pencil has become black, and grain of the paper is lines, before this. */
#define P2P_LINE_STRENGTH_MAX 4.0

/* Whether the numbers among the options make sense.  Errors: P2P_ERROR_OPTION. */
gboolean p2p_apply_options_check (const P2pApplyOptions *options, GError **error);

/* The longer side of the working size that options ask for; 0: native.  Errors:
 * P2P_ERROR_OPTION. */
gboolean p2p_apply_options_fit   (const P2pModel *model, const P2pApplyOptions *options, int *fit,
                                  GError **error);
