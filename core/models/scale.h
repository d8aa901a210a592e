/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Working scales, as the card and the user write them. */

#pragma once

#include <glib.h>

#define P2P_MAX_SIDE 65536    /* pixels */

/* Reads a working scale: "native" sets *fit to 0, "fit:N" to N, the longer side in pixels; FALSE
 * for anything else. */
gboolean p2p_scale_parse (const char *text, int *fit);

/* The size at which a picture of width × height pixels is worked on, whose longer side is to have
 * fit pixels; 0 keeps its size. */
void     p2p_scale_size  (int fit, int width, int height, int *work_w, int *work_h);
