/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The question which network of a file is meant, where there are several. */

#pragma once

#include <gtk/gtk.h>

/* network: gets the name (newly allocated) that p2p_model_info_new () takes, or NULL where the file
 * path leaves no choice.  Returns FALSE when the user wants none. */
gboolean p2p_choose_network_run (GtkWindow *parent, const char *path, char **network);
