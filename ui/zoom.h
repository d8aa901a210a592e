/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The buttons beside a preview. */

#pragma once

#include "preview.h"

GtkWidget * p2p_zoom_buttons_new (P2pPreview *preview);

/* Makes no more seen than side pixels of the picture in each direction; the middle stays. */
void        p2p_zoom_to          (P2pPreview *preview, int side);
