/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The dialog in which a user chooses the model and its settings. */

#pragma once

#include <libgimp/gimp.h>

/* Shows the dialog for procedure's arguments and leaves what was chosen in config, whose properties
 * are those of the procedure's arguments.  FALSE: cancelled, or P2P_ERROR_UNSUPPORTED when there
 * is no display. */
gboolean p2p_dialog_run (GimpProcedure *procedure, GimpProcedureConfig *config, GError **error);

/* Says that there is no model and where to put one (newly allocated). */
char *   p2p_dialog_no_models (void);
