/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What the bytes of a picture file say beside the pixels.  gdk-pixbuf's loaders do not tell these
 * things, or make them up. */

#pragma once

#include <glib.h>

gboolean p2p_is_webp           (const guint8 *data, gsize size);

/* Whether a JPEG, a WebP or a GIF ends before its end; FALSE for other formats.  Loaders of these
 * invent what is missing; those of other formats are asked themselves. */
gboolean p2p_file_is_cut_off   (const guint8 *data, gsize size);

/* The orientation of EXIF data, which may begin with "Exif": 1 to 8. */
int      p2p_exif_orientation  (const guint8 *data, gsize size);

/* What gdk-pixbuf's loaders may or may not have done when they give the pixels: of a JPEG its color
 * profile (NULL: there is none, or not all of it), of a WebP also the orientation that its EXIF
 * tells, 1 to 8; orientation is left alone otherwise.  bare: the file without these two, or NULL
 * where nothing is to be taken away.  Loaders of gdk-pixbuf 2.42 leave the samples as they are and
 * hand on what they know; those of 2.44, by glycin, convert to sRGB with 8 bits and turn a WebP,
 * and say nothing.  Of the bare file both give the samples that are in it.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_file_strip        (const guint8 *data, gsize size, GBytes **bare, GBytes **profile,
                                int *orientation, GError **error);
