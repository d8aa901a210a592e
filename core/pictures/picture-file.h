/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Picture files, inside the core; reading and writing them is in p2p.h. */

#pragma once

#include "p2p.h"

/* Whether path ends like a picture that p2p_image_load () may know. */
gboolean   p2p_image_can_load (const char *path);

/* Whether path ends like a picture.  Formats whose loader is missing are pictures too, which cannot
 * be read. */
gboolean   p2p_image_is_named (const char *path);

/* Whether a folder's file is listed as a picture: its name ends like that of one, it is not hidden,
 * and it is no folder. */
gboolean   p2p_image_is_listed (const char *folder, const char *name);

/* The picture that the bytes of a file hold; path names it in messages.
 * Errors: those of p2p_image_load (), except for a missing file. */
P2pImage * p2p_image_read (const guint8 *data, gsize size, const char *path, GError **error);

/* What a person should be told of a picture that could be read, such as a color profile that was
 * passed over; path names it (newly allocated); NULL: nothing. */
char *     p2p_image_warning  (const P2pImage *image, const char *path);

/* The libraries that read pictures here, with their versions (newly allocated), for people.  Pixels
 * of a JPEG differ a little between some. */
char *     p2p_image_readers  (void);

/* The size that p2p_image_load () will give the picture, turned upright, from as little of the file
 * as tells.
 * Errors: those of p2p_image_load (), except that damage further on is not seen. */
gboolean   p2p_image_peek (const char *path, int *width, int *height, GError **error);

/* Whether p2p_image_save () knows the format that the ending of path asks for.
 * Errors: P2P_ERROR_OPTION names the endings. */
gboolean   p2p_image_can_save (const char *path, GError **error);
