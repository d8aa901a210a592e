/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

/* Returns a file name without its ending (newly allocated).  A dot at the beginning of the name, as
 * in ".profile", does not start an ending. */
char * p2p_name_stem (const char *name);

/* Returns the same for the last part of a path. */
char * p2p_path_stem (const char *path);
