/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What the bytes of a picture file say beside the pixels.  gdk-pixbuf's loaders do not tell these
 * things, or make them up. */

#pragma once

#include <glib.h>

/* Whether a JPEG or a WebP ends before its end; FALSE for other formats.  The loaders of these two
 * invent what is missing; those of other formats are asked themselves. */
gboolean p2p_file_is_cut_off   (const guint8 *data, gsize size);

/* The orientation of EXIF data, which may begin with "Exif": 1 to 8. */
int      p2p_exif_orientation  (const guint8 *data, gsize size);

/* The orientation that a WebP's EXIF tells; 1 for other formats. */
int      p2p_webp_orientation  (const guint8 *data, gsize size);

/* The color profile in a JPEG or a WebP; NULL: there is none, or not all of it, or the file has
 * another format.  rest: the file without the profile, or NULL where nothing is to be taken away.
 * Loaders of gdk-pixbuf 2.42 leave the samples as they are and hand the profile on; those of 2.44,
 * by glycin, convert to sRGB with 8 bits and say nothing.  Without a profile both give the samples
 * of the file. */
GBytes * p2p_file_take_profile (const guint8 *data, gsize size, GBytes **rest);
