/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Writing a file so that nobody ever sees a half-written one: the content is written to a temporary
 * file in the same folder, synced to disk, and renamed. */

#pragma once

#include <glib.h>
#include <stdio.h>

/* Writes the file path with the content that save () writes to its stream.  save () need not check
 * the stream for errors.  When anything fails, such as when the disk is full, the temporary file is
 * removed and path stays as it was.  If path is a symbolic link, its target is replaced.  A
 * replaced file keeps its permissions.
 * Errors: G_FILE_ERROR, and those of save (). */
gboolean p2p_replace_file (const char *path,
                           gboolean  (*save) (FILE *file, gpointer data, GError **error),
                           gpointer data, GError **error);
