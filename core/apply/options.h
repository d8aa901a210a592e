/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Checks the options of an apply (P2pApplyOptions in p2p.h). */

#pragma once

#include "models/model.h"

/* The largest line strength.  Below this value pale pencil is already black, and the grain of the
 * paper already shows as lines. */
#define P2P_LINE_STRENGTH_MAX 4.0

/* Checks that the numbers are in their ranges.  Errors: P2P_ERROR_OPTION names the option. */
gboolean p2p_apply_options_check (const P2pApplyOptions *options, GError **error);

/* Finds the working size that options->scale asks for.  *fit gets its longer side in pixels, or 0
 * for native, the picture's own size.
 * Errors: P2P_ERROR_OPTION options->scale is not a scale. */
gboolean p2p_apply_options_fit   (const P2pModel *model, const P2pApplyOptions *options, int *fit,
                                  GError **error);
