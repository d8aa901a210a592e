/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "window-size.h"

#define GROUP "window"

typedef struct
{
  char          *path;
  P2pWindowSize  now;
  P2pWindowSize  first;   /* the size when the window was first drawn */
  gboolean       drawn;
} Kept;

P2pWindowSize
p2p_window_size_read (const char *path)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  P2pWindowSize        size = { 0 };

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  size.width     = g_key_file_get_integer (file, GROUP, "width", NULL);
  size.height    = g_key_file_get_integer (file, GROUP, "height", NULL);
  size.maximized = g_key_file_get_boolean (file, GROUP, "maximized", NULL);
  if (size.width <= 0 || size.height <= 0)
    size.width = size.height = 0;

  return size;
}

/* Errors are ignored: a size that cannot be kept is not worth a message. */
static void
write_size (const Kept *kept)
{
  g_autoptr (GKeyFile) file   = g_key_file_new ();
  g_autofree char     *folder = g_path_get_dirname (kept->path);

  g_key_file_set_integer (file, GROUP, "width", kept->now.width);
  g_key_file_set_integer (file, GROUP, "height", kept->now.height);
  g_key_file_set_boolean (file, GROUP, "maximized", kept->now.maximized);
  g_mkdir_with_parents (folder, 0700);
  g_key_file_save_to_file (file, kept->path, NULL);
}

/* While the window is maximized, keeps the width and height that the window will have again
 * afterwards. */
static void
look (GtkWindow *window,
      Kept      *kept)
{
  kept->now.maximized = gtk_window_is_maximized (window);
  if (! kept->now.maximized)
    gtk_window_get_size (window, &kept->now.width, &kept->now.height);
}

static void
size_allocated (GtkWindow     *window,
                GtkAllocation *allocation,
                Kept          *kept)
{
  look (window, kept);
}

static gboolean
state_changed (GtkWindow           *window,
               GdkEventWindowState *event,
               Kept                *kept)
{
  if (event->changed_mask & GDK_WINDOW_STATE_MAXIMIZED)
    look (window, kept);

  return GDK_EVENT_PROPAGATE;
}

static gboolean
drawn (GtkWindow *window,
       cairo_t   *cr,
       Kept      *kept)
{
  g_signal_handlers_disconnect_by_func (window, drawn, kept);
  kept->first = kept->now;
  kept->drawn = TRUE;

  return GDK_EVENT_PROPAGATE;
}

static void
destroyed (GtkWindow *window,
           Kept      *kept)
{
  const P2pWindowSize *now = &kept->now, *first = &kept->first;

  g_signal_handlers_disconnect_by_data (window, kept);
  if (kept->drawn && (now->width != first->width || now->height != first->height
                      || now->maximized != first->maximized))
    write_size (kept);
  g_free (kept->path);
  g_free (kept);
}

void
p2p_window_size_keep (GtkWindow  *window,
                      const char *path)
{
  Kept *kept = g_new0 (Kept, 1);

  kept->path = g_strdup (path);
  kept->now  = p2p_window_size_read (path);
  g_signal_connect_after (window, "size-allocate", G_CALLBACK (size_allocated), kept);
  g_signal_connect_after (window, "window-state-event", G_CALLBACK (state_changed), kept);
  g_signal_connect_after (window, "draw", G_CALLBACK (drawn), kept);
  g_signal_connect (window, "destroy", G_CALLBACK (destroyed), kept);
}
