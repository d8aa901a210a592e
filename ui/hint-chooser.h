/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Lets the user choose the layer of color hints, the config's property "hints", among the layers of
 * the image, or add a new one to paint on.  Its list follows changes of the image's layers. */

#pragma once

#include <libgimp/gimpui.h>

#include "dialog.h"

typedef struct _P2pHintChooser P2pHintChooser;

/* layer must outlive the result. */
P2pHintChooser * p2p_hint_chooser_new        (const P2pDialogLayer *layer,
                                              GimpProcedureConfig *config);

/* Tells which model is chosen; info is NULL when there is none.  If the model takes no hints, hides
 * the widget and sets "hints" to NULL.  The next model that takes hints gets the layer back. */
void             p2p_hint_chooser_set_model  (P2pHintChooser *chooser, const P2pModelInfo *info);

/* Updates the list to the layers that the image has now, and warns the user while the drawing
 * itself is selected in GIMP. */
void             p2p_hint_chooser_look       (P2pHintChooser *chooser);

/* Unless keep is TRUE, undoes what the chooser did to the image.  It hides the layer that it has
 * shown, and removes the layer that it has added if that is still empty.  If it had converted a
 * grayscale image to RGB for the removed layer, it converts the image back. */
void             p2p_hint_chooser_free       (P2pHintChooser *chooser, gboolean keep);

GtkWidget *      p2p_hint_chooser_get_widget (P2pHintChooser *chooser);
