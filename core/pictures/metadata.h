/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What picture files say of their pictures beside the pixels: EXIF, IPTC, XMP.  By gexiv2. */

#pragma once

#include <glib.h>

/* Gives the file to, a picture that was made of the one in the file from and is upright, what from
 * says of it: when, where and by whom it was taken.  What describes the file's own pixels, such as
 * their number or a small picture of them, is left out.  Formats that hold nothing of the kind are
 * no error.
 * Errors: P2P_ERROR_FILE; the picture in to is whole then, too. */
gboolean p2p_metadata_carry (const char *from, const char *to, GError **error);
