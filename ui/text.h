/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Texts and other small parts of the dialog. */

#pragma once

#include <gtk/gtk.h>

/* A label of several lines. */
GtkWidget * p2p_text_new     (const char *text);

/* The same, less prominent. */
GtkWidget * p2p_text_new_dim (const char *text);

/* A label keeps the height of so many lines, whatever it says: what is below does not move. */
void        p2p_text_reserve (GtkWidget *label, int lines);

/* A place for widgets of which one, or none (NULL), is seen at a time.  It is always as large as
 * the largest needs.  The place is given the widgets by gtk_container_add (). */
GtkWidget * p2p_place_new    (void);
void        p2p_place_show   (GtkWidget *place, GtkWidget *widget);

/* "about 12 s", newly allocated; see p2p_duration_text (). */
char *      p2p_text_seconds (double seconds);

/* A button with a symbol and a name for those who do not see it. */
GtkWidget * p2p_button_new   (const char *icon_name, const char *name);

/* Gives a widget a style class of its own, whose rules in CSS all such widgets share. */
void        p2p_style_set    (GtkWidget *widget, const char *name, const char *css);

/* Inside of widget the mouse wheel scrolls what is around, and changes no value on its way. */
void        p2p_ignore_wheel (GtkWidget *widget);

/* Tells what could not be done, and why. */
void        p2p_show_error   (GtkWindow *parent, const char *what, const GError *error);

/* Destroys what is in container. */
void        p2p_container_clear (GtkContainer *container);
