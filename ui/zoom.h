/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The buttons that zoom a preview. */

#pragma once

#include "preview.h"

GtkWidget * p2p_zoom_buttons_new (P2pPreview *preview);

/* Zooms in, if necessary, until at most side pixels of the picture are visible in each direction.
 * What is in the middle stays there. */
void        p2p_zoom_to          (P2pPreview *preview, int side);
