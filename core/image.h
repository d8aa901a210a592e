/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Picture files, inside the core: what image.c and png.c have in common. */

#pragma once

#include "p2p.h"

#include <stdio.h>

/* Like p2p_image_new () for sizes that come from a file.
 * Errors: P2P_ERROR_FILE no or too many pixels; P2P_ERROR_MEMORY. */
P2pImage * p2p_image_try_new (int width, int height, int channels, GError **error);

/* Whether p2p_image_save () knows the format that the ending of path asks for.
 * Errors: P2P_ERROR_OPTION names the endings. */
gboolean   p2p_image_can_save (const char *path, GError **error);

/* A sample in [0,1] as 8 bits, correctly rounded; what is outside is clamped, NaN gives 0. */
guint8     p2p_image_byte (float value);

/* Whether a file that begins so is a PNG. */
gboolean   p2p_png_is (const guint8 *data, gsize size);

/* Reads a PNG of any kind: gray or colour, palette, 1 to 16 bits, interlaced, with alpha or a
 * transparent colour.  Samples are taken as sRGB-encoded; colour profiles are not applied.
 * Errors: P2P_ERROR_FILE with libpng's message. */
P2pImage * p2p_png_read (const guint8 *data, gsize size, GError **error);

/* Writes a PNG with 8 bits a sample. */
gboolean   p2p_png_write (const P2pImage *image, FILE *file, GError **error);
