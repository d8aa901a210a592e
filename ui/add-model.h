/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The dialog that adds a model from a file.  It says what network the file holds, tries the model
 * on a test picture, and lets the user correct the model's card, the description inside the file.
 * A file that already lies in the user's folder is edited there. */

#pragma once

#include <gtk/gtk.h>

/* Lets the user choose a file.  Returns its path (newly allocated), or NULL when the user
 * cancels. */
char * p2p_add_model_choose (GtkWindow *parent);

/* Runs the dialog for the file path.  Returns the id (newly allocated) of the model that was added
 * or edited.  Returns NULL when the user cancels, or after an error, which the user has seen. */
char * p2p_add_model_run    (GtkWindow *parent, const char *path);
