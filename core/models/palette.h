/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The card's palette: the names and colors of labels, such as "wall=#0030ff, window=#0080ff". */

#pragma once

#include <glib.h>

/* Whether text is such a list with at least one color. */
gboolean p2p_palette_is_sound (const char *text);
