/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reads from the bytes of a picture file what gdk-pixbuf's loaders do not tell or get wrong:
 * whether the file was cut off, its orientation and its color profile. */

#pragma once

#include <glib.h>

/* Whether a file that begins with data is a WebP. */
gboolean p2p_is_webp           (const guint8 *data, gsize size);

/* Whether a JPEG, WebP or GIF file was cut off before its end.  The loaders of these formats invent
 * missing pixels.  Returns FALSE for other formats, whose loaders report an error themselves or are
 * checked in pixbuf.c. */
gboolean p2p_file_is_cut_off   (const guint8 *data, gsize size);

/* Returns the orientation, 1 to 8, that EXIF data tell; 1 if they do not.  The data may begin with
 * the header "Exif". */
int      p2p_exif_orientation  (const guint8 *data, gsize size);

/* Takes the color profile out of a JPEG, and profile and EXIF out of a WebP, so that all versions
 * of gdk-pixbuf load the same samples.  The loaders of gdk-pixbuf 2.42 leave samples as they are
 * and hand on profile and orientation.  Those of 2.44, which use glycin, convert the samples to
 * 8-bit sRGB, turn a WebP upright, and do not say so.  Both load a bare file's samples unchanged.
 *
 * *bare gets the file without these data, or NULL if it has none or is of another format.  *profile
 * gets the profile, or NULL if there is none or it is incomplete.  The caller frees both.
 * *orientation gets the orientation, 1 to 8, of a WebP with EXIF; otherwise it is left alone.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_file_strip        (const guint8 *data, gsize size, GBytes **bare, GBytes **profile,
                                int *orientation, GError **error);
