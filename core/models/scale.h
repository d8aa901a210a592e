/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The working scale: the size at which the network sees a picture, as the card and the user write
 * it. */

#pragma once

#include <glib.h>

#define P2P_MAX_SIDE 65536    /* pixels */

/* Reads a working scale.  "native" sets *fit to 0; "fit:N" sets it to N, the longer side in pixels.
 * Returns FALSE for any other text. */
gboolean p2p_scale_parse (const char *text, int *fit);

/* Computes the working size of a picture of width × height pixels.  Its longer side becomes fit
 * pixels, or keeps its length if fit is 0. */
void     p2p_scale_size  (int fit, int width, int height, int *work_w, int *work_h);
