/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Saves the size of a window in a file, so that the window has the same size when it is opened the
 * next time. */

#pragma once

#include <gtk/gtk.h>

typedef struct
{
  int      width, height;   /* in pixels, while the window is not maximized; 0: not known */
  gboolean maximized;
} P2pWindowSize;

/* Reads the file path.  A width or height that makes no sense gives 0 for both, and a file that is
 * missing gives a struct of zeros. */
P2pWindowSize p2p_window_size_read (const char *path);

/* Watches the size of window until the window is destroyed.  At that time, if the size is no longer
 * what it was at the first drawing, writes the size into the file path and creates the file's
 * folder if necessary. */
void          p2p_window_size_keep (GtkWindow *window, const char *path);
