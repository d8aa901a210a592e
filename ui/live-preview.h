/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The preview in the dialog: follows the layer and the settings and shows the result. */

#pragma once

#include <libgimp/gimpui.h>

#include "dialog.h"
#include "preview.h"

typedef struct _P2pLivePreview P2pLivePreview;

/* Shows the result in preview, which becomes a part of the live preview's own widget.  plan shows
 * what an apply will take: size, memory and time.  layer is copied; its drawable and data must
 * outlive the result. */
P2pLivePreview * p2p_live_preview_new        (const P2pDialogLayer *layer,
                                              GimpProcedureConfig *config, P2pPreview *preview,
                                              GtkLabel *plan);
void             p2p_live_preview_free       (P2pLivePreview *live);

GtkWidget *      p2p_live_preview_get_widget (P2pLivePreview *live);

/* Tells which model is chosen; info is NULL when there is none. */
void             p2p_live_preview_set_model  (P2pLivePreview *live, const P2pModelInfo *info);

/* Computes the result anew with models that are read again, because their files may have
 * changed. */
void             p2p_live_preview_refresh    (P2pLivePreview *live);

/* Stops computing until p2p_live_preview_resume (), so that an apply has the processor to
 * itself. */
void             p2p_live_preview_pause      (P2pLivePreview *live);
void             p2p_live_preview_resume     (P2pLivePreview *live);

/* Checks whether the layers were painted on. */
void             p2p_live_preview_look      (P2pLivePreview *live);
