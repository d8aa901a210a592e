/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Keeps the size that the user gives a window in a file until the window is opened again. */

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

/* Watches the size of window until it is destroyed.  If the size has changed since the window was
 * first drawn, writes the file path then, and creates its folder if necessary. */
void          p2p_window_size_keep (GtkWindow *window, const char *path);
