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

/* How the colors of a TIFF's transparent pixels are stored. */
typedef enum
{
  P2P_TIFF_PLAIN,        /* there is no alpha, or it is not said; or the file is no TIFF */
  P2P_TIFF_ASSOCIATED,   /* they are multiplied by alpha */
  P2P_TIFF_UNASSOCIATED,
} P2pTiffAlpha;

/* place: of the byte that tells, for P2P_TIFF_ASSOCIATED and P2P_TIFF_UNASSOCIATED. */
P2pTiffAlpha p2p_tiff_alpha (const guint8 *data, gsize size, gsize *place);
