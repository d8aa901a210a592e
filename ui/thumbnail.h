/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The small picture of what a model does, before and after side by side: "NAME.png" beside
 * "NAME.safetensors". */

#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "pixels.h"

/* Of the model file path, at most width × height; NULL: there is none. */
GdkPixbuf * p2p_thumbnail_load (const char *path, int width, int height);

/* For the model id of the user's folder.  A model without is as good: errors are not told. */
void        p2p_thumbnail_save (const char *id, P2pPixels *before, P2pPixels *after);
