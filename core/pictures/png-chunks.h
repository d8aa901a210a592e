/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What a PNG says beside its pixels: colours and orientation (PNG, third edition, 11.3).  libpng
 * hands these chunks over as they are: what it makes of them differs from version to version. */

#pragma once

#include <glib.h>
#include <png.h>

/* Before reading: keep the chunks that are asked for here. */
void     p2p_png_keep_chunks (png_structp png);

/* After reading: the profile that the samples are to be read with; NULL: sRGB.
 * Errors: P2P_ERROR_FILE, P2P_ERROR_UNSUPPORTED. */
gboolean p2p_png_profile     (png_structp png, png_infop info, GBytes **profile, GError **error);

/* After reading: the orientation, 1 to 8 as in EXIF. */
int      p2p_png_orientation (png_structp png, png_infop info);

/* The content of an iCCP chunk. */
GBytes * p2p_png_pack_profile (GBytes *profile);
