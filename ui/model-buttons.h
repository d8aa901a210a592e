/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The buttons below the list of models.  They add a model, edit or remove the chosen one if it is
 * the user's own, and open the user's folder of models. */

#pragma once

#include <gtk/gtk.h>

#include "p2p.h"

typedef struct _P2pModelButtons P2pModelButtons;

/* Called when the models have changed.  id is the model that was added or edited; NULL when one was
 * removed. */
typedef void (* P2pModelButtonsFunc) (const char *id, gpointer data);

P2pModelButtons * p2p_model_buttons_new        (P2pModelButtonsFunc func, gpointer data);
void              p2p_model_buttons_free       (P2pModelButtons *buttons);
GtkWidget *       p2p_model_buttons_get_widget (P2pModelButtons *buttons);

/* Tells which model is chosen; info is NULL when there is none.  info must live until the next
 * call. */
void              p2p_model_buttons_set_model  (P2pModelButtons *buttons,
                                                const P2pModelInfo *info);

/* Opens the dialog that adds the file path. */
void              p2p_model_buttons_add        (P2pModelButtons *buttons, const char *path);
