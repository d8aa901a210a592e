/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Writes a file so that nobody ever sees half of it: to a temporary name beside it, synced,
 * renamed. */

#pragma once

#include <glib.h>
#include <stdio.h>

/* Writes path through save (), which gets the temporary file's stream and need not look for the
 * stream's errors.  When anything fails (also the disk filling up) the temporary file is removed,
 * path is as it was, and error says why.  A symbolic link stays and its target is replaced; the
 * permissions of a file that is replaced stay.
 * Errors: G_FILE_ERROR, and those of save (). */
gboolean p2p_replace_file (const char *path,
                           gboolean  (*save) (FILE *file, gpointer data, GError **error),
                           gpointer data, GError **error);
