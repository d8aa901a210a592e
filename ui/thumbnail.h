/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The small picture that shows what a model does, before and after side by side.  It is the file
 * "NAME.png" beside the model "NAME.safetensors". */

#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "pixels.h"

/* Loads the thumbnail of the model file path (newly allocated), scaled to fit into width × height
 * pixels.  Returns NULL when there is none. */
GdkPixbuf * p2p_thumbnail_load (const char *path, int width, int height);

/* Saves a thumbnail for the model id in the user's folder.  Errors are ignored, because a model
 * works as well without a thumbnail. */
void        p2p_thumbnail_save (const char *id, P2pPixels *before, P2pPixels *after);
