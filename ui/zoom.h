/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The buttons beside a preview. */

#pragma once

#include "preview.h"

GtkWidget * p2p_zoom_buttons_new (P2pPreview *preview);
