/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Picture files, for use inside the core.  p2p_image_load () and p2p_image_save () are in p2p.h. */

#pragma once

#include "p2p.h"

/* Whether the ending of path is that of a format that p2p_image_load () can read here. */
gboolean   p2p_image_can_load (const char *path);

/* Whether the ending of path is that of a picture format.  Formats whose loader is not installed
 * count too, although they cannot be read. */
gboolean   p2p_image_is_named (const char *path);

/* Whether a file counts as a picture when folder is listed: p2p_image_is_named () is TRUE for its
 * name, it is not hidden, and it is neither a folder nor a pipe or a device, which could block
 * forever.  A link that leads nowhere counts, so that reading it tells what is wrong. */
gboolean   p2p_image_is_listed (const char *folder, const char *name);

/* Reads a picture, like p2p_image_load (), from the bytes of a file.  path only names the picture
 * in messages.  The caller frees the result.
 * Errors: those of p2p_image_load (), except for a missing file. */
P2pImage * p2p_image_read (const guint8 *data, gsize size, const char *path, GError **error);

/* Returns a warning (newly allocated) about a picture that was read, such as that its color profile
 * was ignored, or NULL if there is nothing to warn about.  path names the picture in the text. */
char *     p2p_image_warning  (const P2pImage *image, const char *path);

/* Returns the libraries that read pictures, with their versions (newly allocated).  People may need
 * to know them because the pixels of a JPEG differ a little between some versions. */
char *     p2p_image_readers  (void);

/* Finds out the size that p2p_image_load () will give the picture, after turning it upright.  Reads
 * as little of the file as possible.
 * Errors: those of p2p_image_load (), but damage further on in the file is not noticed. */
gboolean   p2p_image_peek (const char *path, int *width, int *height, GError **error);

/* Whether p2p_image_save () can write the format that the ending of path stands for.
 * Errors: P2P_ERROR_OPTION lists the endings that it can write. */
gboolean   p2p_image_can_save (const char *path, GError **error);
