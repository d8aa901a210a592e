/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A picture on which a model can be tried. */

#pragma once

#include "pixels.h"

/* Draws a house in a meadow, side × side pixels: of the kind that a model takes (p2p_kinds), with
 * its palette where it has one (as cards write it; may be NULL). */
P2pPixels * p2p_sample_new (const char *kind, const char *palette, int side);
