/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The colors of labels that a card lists, with their names: "wall=#0030ff, window=#0080ff". */

#pragma once

#include <glib.h>

/* Whether text is such a list, of at least one color. */
gboolean p2p_palette_is_sound (const char *text);
