/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The preview in the dialog: follows the settings and shows what they do to the layer. */

#pragma once

#include <libgimp/gimpui.h>

#include "dialog.h"
#include "preview.h"

typedef struct _P2pLivePreview P2pLivePreview;

/* Shows it in preview, which becomes a part of its own widget; what an apply will take is told in
 * plan. */
P2pLivePreview * p2p_live_preview_new        (const P2pDialogLayer *layer,
                                              GimpProcedureConfig *config, P2pPreview *preview,
                                              GtkLabel *plan);
void             p2p_live_preview_free       (P2pLivePreview *live);

GtkWidget *      p2p_live_preview_get_widget (P2pLivePreview *live);

/* The model that is chosen; NULL: none. */
void             p2p_live_preview_set_model  (P2pLivePreview *live, const P2pModelInfo *info);

/* Files of models may have changed. */
void             p2p_live_preview_refresh    (P2pLivePreview *live);

/* While an apply runs it shall not have to share the processor. */
void             p2p_live_preview_pause      (P2pLivePreview *live);
void             p2p_live_preview_resume     (P2pLivePreview *live);

/* Sees whether the layers were painted on. */
void             p2p_live_preview_look      (P2pLivePreview *live);
