/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A list box of models (model-row.h), sorted by task and title.  Tasks and models that suit the
 * layer come first.  If some task has several models, headings name the tasks. */

#pragma once

#include <gtk/gtk.h>

#include "kind.h"

GtkWidget *     p2p_model_list_new       (void);

/* Sorts the list for a layer of that kind. */
void            p2p_model_list_sort      (GtkListBox *list, P2pPictureKind kind);

/* The row of the model with that id or path, or NULL when there is none. */
GtkListBoxRow * p2p_model_list_find      (GtkListBox *list, const char *model);

/* Scrolls all panes around the row so that it is in view. */
void            p2p_model_list_scroll_to (GtkListBoxRow *row);
