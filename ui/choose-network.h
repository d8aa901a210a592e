/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Asks the user which network to use from a file that holds several. */

#pragma once

#include <gtk/gtk.h>

/* Sets *network to the chosen network of the file path, a name (newly allocated) for
 * p2p_model_info_new ().  If the file does not hold several networks, asks nothing and sets it to
 * NULL.  Returns FALSE when the user cancels. */
gboolean p2p_choose_network_run (GtkWindow *parent, const char *path, char **network);
