/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Writing or changing a file so that nobody ever sees a half-written one: the content is written to
 * a temporary file in the same folder, synced to disk, and renamed. */

#pragma once

#include <glib.h>
#include <stdio.h>

/* Writes the file path with the content that save () writes to its stream.  save () need not check
 * the stream for errors; if it returns FALSE because of one, it need not set an error.  When
 * anything fails, such as when the disk is full, the temporary file is removed and path stays as it
 * was.  If path is a symbolic link, its target is replaced.  A replaced file keeps its permissions.
 * Errors: G_FILE_ERROR, and those of save (). */
gboolean p2p_replace_file (const char *path,
                           gboolean  (*save) (FILE *file, gpointer data, GError **error),
                           gpointer data, GError **error);

/* Changes the file path.  change () gets the name of a copy in the same folder, which it changes;
 * then the copy replaces the file, as in p2p_replace_file ().
 * Errors: G_FILE_ERROR, and those of change (). */
gboolean p2p_change_file  (const char *path,
                           gboolean  (*change) (const char *name, gpointer data, GError **error),
                           gpointer data, GError **error);
