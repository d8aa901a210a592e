/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The settings in the dialog.  Those that make no difference to the model are insensitive. */

#pragma once

#include <libgimp/gimpui.h>

#include "dialog.h"

typedef struct _P2pOptions P2pOptions;

P2pOptions * p2p_options_new        (GimpProcedureDialog *dialog, GimpProcedureConfig *config,
                                     const P2pDialogLayer *layer);
void         p2p_options_free       (P2pOptions *options);
GtkWidget *  p2p_options_get_widget (P2pOptions *options);

/* Where the result goes: it is to be seen whatever is scrolled. */
GtkWidget *  p2p_options_get_output (P2pOptions *options);

/* Where it is told what an apply takes. */
GtkLabel *   p2p_options_get_plan   (P2pOptions *options);

/* info NULL: there is no model. */
void         p2p_options_set_model  (P2pOptions *options, const P2pModelInfo *info);
