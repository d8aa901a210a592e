/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reads the chunks of a PNG that tell its color space and orientation (PNG, third edition, 11.3).
 * libpng hands these chunks over unread, because its own interpretation of them differs from
 * version to version. */

#pragma once

#include <glib.h>
#include <png.h>

/* Makes libpng keep the chunks that the functions below need.  To be called before reading. */
void     p2p_png_keep_chunks (png_structp png);

/* After reading: *profile gets the profile of the samples, which the caller unrefs, or NULL for
 * sRGB.
 * Errors: P2P_ERROR_FILE what the chunks say is damaged or makes no sense; P2P_ERROR_UNSUPPORTED a
 * kind of color that is not read. */
gboolean p2p_png_profile     (png_structp png, png_infop info, GBytes **profile, GError **error);

/* After reading: returns the orientation, 1 to 8 as in EXIF. */
int      p2p_png_orientation (png_structp png, png_infop info);

/* Returns the content of an iCCP chunk that holds profile; the caller unrefs it. */
GBytes * p2p_png_pack_profile (GBytes *profile);
