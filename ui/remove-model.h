/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Moves a model to the trash after asking the user. */

#pragma once

#include <gtk/gtk.h>

#include "p2p.h"

/* Asks whether to move the model, one of the user's own, to the trash, and does so.  Returns FALSE
 * when the user cancels.  Otherwise returns TRUE, even after an error, since part of the model's
 * files may be gone then; the user has seen the error. */
gboolean p2p_remove_model_run (GtkWindow *parent, const P2pModelInfo *info);
