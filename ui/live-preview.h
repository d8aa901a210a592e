/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The preview in the dialog: follows the layer and the settings and shows the result. */

#pragma once

#include <libgimp/gimpui.h>

#include "dialog.h"
#include "preview.h"

typedef struct _P2pLivePreview P2pLivePreview;

/* Makes a live preview, whose widget contains the widget preview and shows results in it.  The live
 * preview writes into the label plan what an apply will take: size, memory and time.  layer is
 * copied; its drawable and data must outlive the live preview. */
P2pLivePreview * p2p_live_preview_new        (const P2pDialogLayer *layer,
                                              GimpProcedureConfig *config, P2pPreview *preview,
                                              GtkLabel *plan);
void             p2p_live_preview_free       (P2pLivePreview *live);

GtkWidget *      p2p_live_preview_get_widget (P2pLivePreview *live);

/* Tells which model is chosen; info is NULL when there is none. */
void             p2p_live_preview_set_model  (P2pLivePreview *live, const P2pModelInfo *info);

/* Opens the models again, because their files may have changed, and computes the result anew. */
void             p2p_live_preview_refresh    (P2pLivePreview *live);

/* Stops computing until p2p_live_preview_resume (), so that an apply has the processor to
 * itself. */
void             p2p_live_preview_pause      (P2pLivePreview *live);
void             p2p_live_preview_resume     (P2pLivePreview *live);

/* Reads what was painted on the layers since the last look, and shows the result of it. */
void             p2p_live_preview_look      (P2pLivePreview *live);
