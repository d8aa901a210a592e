/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The list of models in the dialog, with buttons and facts about the chosen one.  The selected row
 * is the config's property "model". */

#pragma once

#include <libgimp/gimpui.h>

#include "kind.h"

typedef struct _P2pChooser P2pChooser;

/* Called when another model is chosen, or when the list was read again.  info is the chosen model;
 * NULL when there is none.  refreshed: the model's file may have changed. */
typedef void (* P2pChooserFunc) (const P2pModelInfo *info, gboolean refreshed, gpointer data);

P2pChooser * p2p_chooser_new        (GimpProcedureConfig *config, P2pChooserFunc func,
                                     gpointer data);
void         p2p_chooser_free       (P2pChooser *chooser);
GtkWidget *  p2p_chooser_get_widget (P2pChooser *chooser);

/* The label that tells whether the model suits the layer.  It is not part of the chooser's widget,
 * so that it stays visible when the settings are scrolled. */
GtkWidget *  p2p_chooser_get_advice (P2pChooser *chooser);

/* Tells the kind of the layer, to be called each time the layer was read.  Models made for that
 * kind come first in the list.  At the first call the first of them is chosen, unless the user has
 * chosen a model or the model of the last use is made for that kind, too. */
void         p2p_chooser_set_kind   (P2pChooser *chooser, P2pPictureKind kind);

/* Searches for models, now and whenever the user's folder changes. */
void         p2p_chooser_fill       (P2pChooser *chooser);
