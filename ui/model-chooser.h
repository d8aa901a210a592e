/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The list of models in the dialog: what each makes of what, and where it comes from.  The row that
 * is selected is the config's "model". */

#pragma once

#include <libgimp/gimpui.h>

#include "kind.h"

typedef struct _P2pChooser P2pChooser;

/* info: the model that is chosen, NULL: there is none.  refreshed: its file may have changed. */
typedef void (* P2pChooserFunc) (const P2pModelInfo *info, gboolean refreshed, gpointer data);

P2pChooser * p2p_chooser_new        (GimpProcedureConfig *config, P2pChooserFunc func,
                                     gpointer data);
void         p2p_chooser_free       (P2pChooser *chooser);
GtkWidget *  p2p_chooser_get_widget (P2pChooser *chooser);

/* What is said of the model and the layer: it is to be seen whatever is scrolled. */
GtkWidget *  p2p_chooser_get_advice (P2pChooser *chooser);

/* What the layer is, whenever it was read: models made for it come first.  At the first time the
 * first of them is chosen if the model of the last use is not made for it and the user has not
 * chosen any. */
void         p2p_chooser_set_kind   (P2pChooser *chooser, P2pPictureKind kind);

/* Looks for models, and from then on whenever the user's folder changes. */
void         p2p_chooser_fill       (P2pChooser *chooser);
