/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The size that the user gives a window is kept in a file until it is opened again. */

#pragma once

#include <gtk/gtk.h>

typedef struct
{
  int      width, height;   /* in pixels, when it is not maximized; 0: not known */
  gboolean maximized;
} P2pWindowSize;

/* What the file says; all zero where there is none, or nothing sensible in it. */
P2pWindowSize p2p_window_size_read (const char *path);

/* Until the window is destroyed, looks at its size; writes the file then, if the size is another
 * one than when the window was first drawn.  The folder of the file is made. */
void          p2p_window_size_keep (GtkWindow *window, const char *path);
