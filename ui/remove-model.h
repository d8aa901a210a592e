/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The question before a model goes to the trash. */

#pragma once

#include <gtk/gtk.h>

#include "p2p.h"

/* Whether the model, one of the user's own, may be gone; if it is not, the user knows why. */
gboolean p2p_remove_model_run (GtkWindow *parent, const P2pModelInfo *info);
