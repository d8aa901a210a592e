/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The dialog that makes a model of a file: says what it is, shows what it does, and lets its card
 * be corrected.  A file that is one of the user's models stays that one. */

#pragma once

#include <gtk/gtk.h>

/* Lets the user choose a file; NULL: none. */
char * p2p_add_model_choose (GtkWindow *parent);

/* The id of the model that was made of the file path (newly allocated); NULL: none was, and the
 * user knows why. */
char * p2p_add_model_run    (GtkWindow *parent, const char *path);
