/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Pictures, inside the core: what png.c, tiff.c and pixbuf.c, which read and write the files, need
 * of them and give.  picture-file.h is above these. */

#pragma once

#include <stdio.h>

#include "icc.h"
#include "p2p.h"

/* Whether a picture of this size, from a file, can be worked with.
 * Errors: P2P_ERROR_FILE no or too many pixels. */
gboolean   p2p_image_check_size (int width, int height, int channels, GError **error);

/* Sets P2P_ERROR_MEMORY, where it was another that could not get some. */
void       p2p_image_no_memory (GError **error);

/* The profile to write with the picture, into a file with gray or with RGB samples; NULL: sRGB,
 * also where the picture has a profile that cannot encode such samples. */
gboolean   p2p_image_target (const P2pImage *image, gboolean gray, P2pIcc **icc, GError **error);

/* A sample in [0,1] as 8 bits, correctly rounded; what is outside is clamped, NaN gives 0. */
guint8     p2p_image_byte (float value);

/* The same with 16 bits. */
guint16    p2p_image_word (float value);

/* The readers give the file's samples as they are, not yet sRGB-encoded, its profile, and its
 * orientation, 1 to 8 as in EXIF. */

/* Whether a file that begins so is a PNG. */
gboolean   p2p_png_is (const guint8 *data, gsize size);

/* The library's version (newly allocated). */
char *     p2p_png_version (void);

/* Reads a PNG of any kind: gray or colour, palette, 1 to 16 bits, interlaced, with alpha or a
 * transparent colour.
 * Errors: P2P_ERROR_FILE with libpng's message, and those of p2p_png_profile (). */
P2pImage * p2p_png_read (const guint8 *data, gsize size, int *orientation, GError **error);

/* Reads only what tells a PNG's size and orientation.  file stands behind the eight bytes with
 * which every PNG begins.
 * Errors: P2P_ERROR_FILE the file ends before its last chunk; those of p2p_image_check_size (). */
gboolean   p2p_png_peek (FILE *file, int *width, int *height, int *orientation, GError **error);

/* Writes a PNG with the picture's depth, 16 bits for floating point, and profile. */
gboolean   p2p_png_write (const P2pImage *image, FILE *file, GError **error);

/* Whether a file that begins so is a TIFF. */
gboolean   p2p_tiff_is (const guint8 *data, gsize size);

/* The library's version (newly allocated). */
char *     p2p_tiff_version (void);

/* Reads the first picture of a TIFF.  depth 32: floating point.
 * Errors: P2P_ERROR_FILE with libtiff's message; those of p2p_image_try_new (). */
P2pImage * p2p_tiff_read (const guint8 *data, gsize size, int *orientation, GError **error);

/* Reads only what tells its size and orientation. */
gboolean   p2p_tiff_peek (const guint8 *data, gsize size, int *width, int *height,
                          int *orientation, GError **error);

/* Writes a TIFF with the picture's depth and profile, packed without loss. */
gboolean   p2p_tiff_write (const P2pImage *image, FILE *file, GError **error);

/* Reads all other formats, through gdk-pixbuf, with 8 bits a sample.
 * Errors: P2P_ERROR_FILE with its message, or when the file ends too early. */
P2pImage * p2p_pixbuf_read (const guint8 *data, gsize size, int *orientation, GError **error);

/* Reads only as much as the loader needs to tell size and orientation, from the file's beginning.
 * Errors: those of p2p_pixbuf_read (), except for a later end of the file. */
gboolean   p2p_pixbuf_peek (const guint8 *data, gsize size, int *width, int *height,
                            int *orientation, GError **error);

/* Writes a JPEG with the picture's profile, on white where it is transparent. */
gboolean   p2p_pixbuf_write_jpeg (const P2pImage *image, FILE *file, GError **error);
