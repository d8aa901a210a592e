/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Copies metadata (EXIF, IPTC and XMP) from one picture file to another, with gexiv2. */

#pragma once

#include <glib.h>

/* Copies metadata, such as when, where and by whom a photo was taken.  from is the path of the
 * original picture; to is that of a picture made from it, which is stored upright.  Metadata that
 * describe the original's pixels, such as their number or a thumbnail, are left out.  It is no
 * error if one of the files cannot hold metadata.
 * Errors: P2P_ERROR_FILE the metadata could not be written; the picture in to is complete even
 * then. */
gboolean p2p_metadata_carry (const char *from, const char *to, GError **error);
