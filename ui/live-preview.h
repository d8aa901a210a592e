/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The preview in the dialog: follows the settings and shows what they do to the layer. */

#pragma once

#include <libgimp/gimpui.h>

#include "dialog.h"

typedef struct _P2pLive P2pLive;

/* What an apply will take is told in plan. */
P2pLive *   p2p_live_new        (const P2pDialogLayer *layer, GimpProcedureConfig *config,
                                 GtkLabel *plan);
void        p2p_live_free       (P2pLive *live);

GtkWidget * p2p_live_get_widget (P2pLive *live);

/* The model that is chosen; NULL: none. */
void        p2p_live_set_model  (P2pLive *live, const P2pModelInfo *info);

/* Files of models may have changed. */
void        p2p_live_refresh    (P2pLive *live);

/* While an apply runs it shall not have to share the processor. */
void        p2p_live_pause      (P2pLive *live);
void        p2p_live_resume     (P2pLive *live);
