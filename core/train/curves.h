/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Explanations of a training's curves, for its report. */

#pragma once

/* The explanation of the curve with this name (translated, static): what it shows, whether more or
 * less is better, and what a bad training looks like.  NULL when there is none. */
const char * p2p_curve_text (const char *name);
