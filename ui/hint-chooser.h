/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Chooses the layer of color hints, the config's "hints", among those of the image, or makes one to
 * paint on.  It follows what becomes of the layers meanwhile. */

#pragma once

#include <libgimp/gimpui.h>

#include "dialog.h"

typedef struct _P2pHintChooser P2pHintChooser;

/* layer lives longer. */
P2pHintChooser * p2p_hint_chooser_new        (const P2pDialogLayer *layer,
                                              GimpProcedureConfig *config);

/* Of a model that takes no hints nothing is shown, and none are chosen until one does.  info NULL:
 * there is no model. */
void             p2p_hint_chooser_set_model  (P2pHintChooser *chooser, const P2pModelInfo *info);

/* Sees which layers the image has now. */
void             p2p_hint_chooser_look       (P2pHintChooser *chooser);

/* Takes away the layer that was made here, if it is still empty and keep is FALSE. */
void             p2p_hint_chooser_free       (P2pHintChooser *chooser, gboolean keep);

GtkWidget *      p2p_hint_chooser_get_widget (P2pHintChooser *chooser);
