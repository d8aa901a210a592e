/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A window's size is remembered for the next window.  Needs a display.  Without a window manager,
 * as on the test's own display, a window can be maximized only before it is shown. */

#include <glib/gstdio.h>

#include "testing.h"
#include "window-size.h"

static char *path;

static gboolean
has_drawn (GtkWidget *window,
           cairo_t   *cr,
           gboolean  *is_drawn)
{
  *is_drawn = TRUE;
  return FALSE;
}

/* Opens a window as the dialog does, and waits until it is drawn. */
static GtkWidget *
open_window (void)
{
  GtkWidget           *window   = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  const P2pWindowSize  left     = p2p_window_size_read (path);
  gboolean             is_drawn = FALSE;

  gtk_window_set_default_size (GTK_WINDOW (window), left.width ? left.width : 300,
                               left.height ? left.height : 200);
  if (left.maximized)
    gtk_window_maximize (GTK_WINDOW (window));
  p2p_window_size_keep (GTK_WINDOW (window), path);
  g_signal_connect_after (window, "draw", G_CALLBACK (has_drawn), &is_drawn);
  gtk_widget_show_all (window);
  while (! is_drawn)
    gtk_main_iteration ();
  g_signal_handlers_disconnect_by_func (window, has_drawn, &is_drawn);
  return window;
}

static void
resize (GtkWidget *window,
        int        width,
        int        height)
{
  gtk_window_resize (GTK_WINDOW (window), width, height);
  while (gtk_widget_get_allocated_width (window) != width
         || gtk_widget_get_allocated_height (window) != height)
    gtk_main_iteration ();
}

static void
assert_left (int      width,
             int      height,
             gboolean maximized)
{
  const P2pWindowSize left = p2p_window_size_read (path);

  g_assert_cmpint (left.width, ==, width);
  g_assert_cmpint (left.height, ==, height);
  g_assert_cmpint (left.maximized, ==, maximized);
}

/* If the user does not change a window, no file is written. */
static void
test_untouched (void)
{
  gtk_widget_destroy (open_window ());
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* The next window has the size that the user gave to the last one. */
static void
test_size (void)
{
  GtkWidget *window = open_window ();
  int        width, height;

  resize (window, 421, 345);
  gtk_widget_destroy (window);
  assert_left (421, 345, FALSE);

  window = open_window ();
  gtk_window_get_size (GTK_WINDOW (window), &width, &height);
  g_assert_cmpint (width, ==, 421);
  g_assert_cmpint (height, ==, 345);
  gtk_widget_destroy (window);
}

/* The next window is maximized if the last one was, and remembers the size for unmaximizing. */
static void
test_maximized (void)
{
  GtkWidget *window;

  g_assert_true (g_file_set_contents (path, "[window]\nwidth=400\nheight=300\nmaximized=true\n", -1,
                                      NULL));
  window = open_window ();
  g_assert_true (gtk_window_is_maximized (GTK_WINDOW (window)));
  gtk_widget_destroy (window);
  assert_left (400, 300, TRUE);
}

/* A file without valid contents is ignored. */
static void
test_damaged (void)
{
  static const char *const texts[] = { "", "nonsense", "[window]\nwidth=-5\nheight=300\n",
                                       "[window]\nwidth=much\nheight=300\n" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
      assert_left (0, 0, FALSE);
    }
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *top    = g_dir_make_tmp ("pix2pix-window-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (top, "settings", NULL);
  int              status;

  g_test_init (&argc, &argv, NULL);
  if (! gtk_init_check (NULL, NULL))
    {
      g_print ("1..0 # SKIP there is no display\n");
      return 0;
    }

  path = g_build_filename (folder, "window", NULL);
  g_test_add_func ("/window-size/untouched", test_untouched);
  g_test_add_func ("/window-size/size", test_size);
  g_test_add_func ("/window-size/maximized", test_maximized);
  g_test_add_func ("/window-size/damaged", test_damaged);
  status = g_test_run ();

  g_remove (path);
  g_rmdir (folder);
  g_rmdir (top);
  g_free (path);
  return status;
}
