/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Picture files, inside the core; reading and writing them is in p2p.h. */

#pragma once

#include "p2p.h"

/* Whether path ends like a picture that p2p_image_load () may know. */
gboolean   p2p_image_can_load (const char *path);

/* A picture file's size as it is stored, from its beginning alone; FALSE when that does not
 * tell. */
gboolean   p2p_image_peek (const char *path, int *width, int *height);

/* Whether p2p_image_save () knows the format that the ending of path asks for.
 * Errors: P2P_ERROR_OPTION names the endings. */
gboolean   p2p_image_can_save (const char *path, GError **error);
