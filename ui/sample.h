/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Draws a picture on which a model can be tried. */

#pragma once

#include "pixels.h"

/* Draws a house in a meadow, side × side pixels.  kind is the id of the kind of picture that the
 * model takes, as in p2p_kinds.  palette is the model's, as cards write it, and gives the colors of
 * labels; NULL when it has none.  The caller owns the result. */
P2pPixels * p2p_sample_new (const char *kind, const char *palette, int side);
