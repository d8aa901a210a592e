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
