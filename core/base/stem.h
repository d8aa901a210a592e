/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

/* A file's name without its ending (newly allocated); a dot at its beginning begins no ending. */
char * p2p_name_stem (const char *name);

/* The same of the last part of a path. */
char * p2p_path_stem (const char *path);
