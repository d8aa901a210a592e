/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What the colors of a label model mean. */

#pragma once

#include <gtk/gtk.h>

/* One button for each color; pressing it makes the color GIMP's foreground.  palette is as cards
 * write it: "wall=#0000aa,door=#00ffaa". */
GtkWidget * p2p_legend_new (const char *palette);
