/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The buttons below the list of models: one is added, the chosen one of the user's own is corrected
 * or removed, their folder is shown. */

#pragma once

#include <gtk/gtk.h>

#include "p2p.h"

typedef struct _P2pModelButtons P2pModelButtons;

/* The models have changed.  id: the one that was added or corrected; NULL: one was removed. */
typedef void (* P2pModelButtonsFunc) (const char *id, gpointer data);

P2pModelButtons * p2p_model_buttons_new        (P2pModelButtonsFunc func, gpointer data);
void              p2p_model_buttons_free       (P2pModelButtons *buttons);
GtkWidget *       p2p_model_buttons_get_widget (P2pModelButtons *buttons);

/* The model that is chosen, which lives until the next call; NULL: none. */
void              p2p_model_buttons_set_model  (P2pModelButtons *buttons,
                                                const P2pModelInfo *info);

/* Lets the user add the file path. */
void              p2p_model_buttons_add        (P2pModelButtons *buttons, const char *path);
