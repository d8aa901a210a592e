/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Other colors for a part of the drawings that a network learns from. */

#pragma once

#include <glib.h>

/* Turns the hues of a picture by some angle, and paints its background, the white paper around the
 * drawing, in some color, each for a part of the samples: what cannot be guessed from the lines
 * must be learnt from the hints. */
void p2p_recolor (float *rgb, int w, int h, guint64 seed, guint64 stream);
