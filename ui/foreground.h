/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The color that the user paints with. */

#pragma once

#include "preview.h"

/* Makes color, in sRGB, GIMP's foreground color. */
void p2p_foreground_set    (const GdkRGBA *color);

/* From now on a click on a color in preview does that. */
void p2p_foreground_follow (P2pPreview *preview);
