/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Shows what the colors of a label model mean. */

#pragma once

#include <gtk/gtk.h>

/* Makes a button for each color, with its meaning.  Pressing a button makes its color GIMP's
 * foreground color.  palette is written as in cards: "wall=#0000aa,door=#00ffaa". */
GtkWidget * p2p_legend_new (const char *palette);
