/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Pictures inside the core: what png.c, tiff.c and pixbuf.c need to read and write picture files,
 * and the functions that they provide.  picture-file.c calls these; other code uses picture-file.h
 * and p2p.h. */

#pragma once

#include <stdio.h>

#include "icc.h"
#include "p2p.h"

/* Checks that a picture of this size, which a file tells, has pixels and not too many to count.
 * Errors: P2P_ERROR_FILE no pixels, or too many. */
gboolean   p2p_image_check_size (int width, int height, int channels, GError **error);

/* Sets P2P_ERROR_MEMORY.  For callers of libraries that could not allocate memory for a picture. */
void       p2p_image_no_memory (GError **error);

/* Opens the profile to write with the picture into a file whose samples are gray (gray TRUE) or
 * RGB.  *icc gets the profile, which the caller frees, or NULL for sRGB: the picture has no
 * profile, or one that cannot encode such samples.
 * Errors: those of p2p_icc_new (). */
gboolean   p2p_image_target (const P2pImage *image, gboolean gray, P2pIcc **icc, GError **error);

/* Rounds a sample in [0, 1] to 8 bits.  Values outside are clamped; NaN gives 0. */
guint8     p2p_image_byte (float value);

/* The same with 16 bits. */
guint16    p2p_image_word (float value);

/* The readers below return the samples as the file has them, not converted to sRGB, and set the
 * picture's profile.  *orientation gets 1 to 8 as in EXIF; the picture is not turned.  The peek
 * functions only find out the size, before turning, and the orientation.  data [size] holds the
 * whole file or, for the _is functions, its beginning.  All writers also have the errors of
 * p2p_image_target (). */

/* Whether a file that begins with data is a PNG. */
gboolean   p2p_png_is (const guint8 *data, gsize size);

/* The version of libpng (newly allocated). */
char *     p2p_png_version (void);

/* Reads a PNG of any kind: gray, RGB or palette, 1 to 16 bits, interlaced or not, with alpha or a
 * transparent color.
 * Errors: P2P_ERROR_FILE with libpng's message; P2P_ERROR_MEMORY; those of p2p_png_profile (). */
P2pImage * p2p_png_read (const guint8 *data, gsize size, int *orientation, GError **error);

/* Finds out a PNG's size and orientation without reading pixels.  The position in file must be
 * behind the 8 bytes with which every PNG begins.
 * Errors: P2P_ERROR_FILE the file ends before its last chunk; those of p2p_image_check_size (). */
gboolean   p2p_png_peek (FILE *file, int *width, int *height, int *orientation, GError **error);

/* Writes a PNG with the picture's profile and depth; floating point becomes 16 bits.
 * Errors: P2P_ERROR_FILE with libpng's or the system's message; P2P_ERROR_MEMORY. */
gboolean   p2p_png_write (const P2pImage *image, FILE *file, GError **error);

/* Whether a file that begins with data is a TIFF. */
gboolean   p2p_tiff_is (const guint8 *data, gsize size);

/* The version of libtiff (newly allocated). */
char *     p2p_tiff_version (void);

/* Reads the first picture of a TIFF.  Floating-point samples give the picture a depth of 32.
 * Errors: P2P_ERROR_FILE with libtiff's message; those of p2p_image_try_new (). */
P2pImage * p2p_tiff_read (const guint8 *data, gsize size, int *orientation, GError **error);

/* Finds out a TIFF's size and orientation without reading pixels.  Errors as p2p_tiff_read (). */
gboolean   p2p_tiff_peek (const guint8 *data, gsize size, int *width, int *height,
                          int *orientation, GError **error);

/* Writes a TIFF with the picture's depth and profile, with lossless compression.
 * Errors: P2P_ERROR_FILE with libtiff's or the system's message; P2P_ERROR_MEMORY. */
gboolean   p2p_tiff_write (const P2pImage *image, FILE *file, GError **error);

/* Reads all other formats through gdk-pixbuf, with 8 bits a sample.
 * Errors: P2P_ERROR_FILE with gdk-pixbuf's message, or because the file ends too early;
 * P2P_ERROR_MEMORY. */
P2pImage * p2p_pixbuf_read (const guint8 *data, gsize size, int *orientation, GError **error);

/* Reads from the file's beginning only as much as the loader needs to tell size and orientation.
 * Errors: those of p2p_pixbuf_read (), but a file that was cut off further on is not noticed. */
gboolean   p2p_pixbuf_peek (const guint8 *data, gsize size, int *width, int *height,
                            int *orientation, GError **error);

/* Writes a JPEG with the picture's profile.  Transparent pixels are put on white.
 * Errors: P2P_ERROR_FILE with gdk-pixbuf's or the system's message; P2P_ERROR_MEMORY. */
gboolean   p2p_pixbuf_write_jpeg (const P2pImage *image, FILE *file, GError **error);
