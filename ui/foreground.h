/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* GIMP's foreground color, with which the user paints. */

#pragma once

#include "preview.h"

/* Makes color GIMP's foreground color.  color is in sRGB, and its alpha is ignored. */
void p2p_foreground_set    (const GdkRGBA *color);

/* From now on a click on a color in preview makes it GIMP's foreground color. */
void p2p_foreground_follow (P2pPreview *preview);
