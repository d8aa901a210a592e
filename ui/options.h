/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The settings in the dialog.  A setting that has no effect with the chosen model is insensitive or
 * hidden. */

#pragma once

#include <libgimp/gimpui.h>

#include "dialog.h"

typedef struct _P2pOptions P2pOptions;

P2pOptions * p2p_options_new        (GimpProcedureDialog *dialog, GimpProcedureConfig *config,
                                     const P2pDialogLayer *layer);
void         p2p_options_free       (P2pOptions *options);
GtkWidget *  p2p_options_get_widget (P2pOptions *options);

/* The choice of where the result goes.  It is not part of the options' widget, so that it stays
 * visible when the settings are scrolled. */
GtkWidget *  p2p_options_get_output (P2pOptions *options);

/* The label for what an apply will take, which the live preview fills. */
GtkLabel *   p2p_options_get_plan   (P2pOptions *options);

/* Adapts the settings to the chosen model; info is NULL when there is none. */
void         p2p_options_set_model  (P2pOptions *options, const P2pModelInfo *info);
