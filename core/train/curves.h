/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The curves of a training in plain words. */

#pragma once

/* What the curve of that name shows, which way is good, and what a bad course looks like
 * (translated); NULL: nothing is known of it. */
const char * p2p_curve_text (const char *name);
