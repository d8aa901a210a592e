/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Texts and other small parts of the dialog. */

#pragma once

#include <gtk/gtk.h>

/* A label whose text is wrapped into several lines; text may be NULL. */
GtkWidget * p2p_text_new     (const char *text);

/* The same, less prominent. */
GtkWidget * p2p_text_new_dim (const char *text);

/* Keeps label at least so many lines high, so that the widgets below do not move when its text
 * changes. */
void        p2p_text_reserve (GtkWidget *label, int lines);

/* A container that shows one of its widgets at a time, or none.  It is always as large as its
 * largest widget needs.  gtk_container_add () adds widgets; p2p_place_show () shows one of them, or
 * none for NULL. */
GtkWidget * p2p_place_new    (void);
void        p2p_place_show   (GtkWidget *place, GtkWidget *widget);

/* "about 12 s" or "less than a second" (translated, newly allocated); see p2p_duration_text (). */
char *      p2p_text_seconds (double seconds);

/* A button with an icon.  name becomes its tooltip, and its name for assistive technology. */
GtkWidget * p2p_button_new   (const char *icon_name, const char *name);

/* Gives widget the style class name.  css has the rules of that class, which are loaded once for
 * the whole screen. */
void        p2p_style_set    (GtkWidget *widget, const char *name, const char *css);

/* Lets the mouse wheel scroll the window around widget.  Sliders, numbers and combo boxes inside
 * widget ignore the wheel, so that their values do not change while the user scrolls past them. */
void        p2p_ignore_wheel (GtkWidget *widget);

/* Shows a message: what has failed (translated), and as the reason error's message. */
void        p2p_show_error   (GtkWindow *parent, const char *what, const GError *error);

/* Destroys all widgets in container. */
void        p2p_container_clear (GtkContainer *container);
