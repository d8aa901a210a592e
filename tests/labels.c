/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A GTK module for tests/gimp/languages.py.  GTK loads it into the plug-in, because GTK_MODULES
 * names it.  When the file $P2P_TEXTS.wanted exists, the module deletes it and adds all texts that
 * the plug-in's windows show, and all tooltips, to the file $P2P_TEXTS.  Each has a line: "cut" if
 * a part of the text is not seen, otherwise "whole"; then a tab and the text. */

#include <glib/gstdio.h>
#include <gtk/gtk.h>

G_MODULE_EXPORT void gtk_module_init (int    *argc,
                                      char ***argv);

static void
append (GString    *texts,
        gboolean    cut,
        const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text ? text : "", "\n", -1);
  g_autofree char *line = g_strjoinv (" ", lines);

  if (*line)
    g_string_append_printf (texts, "%s\t%s\n", cut ? "cut" : "whole", line);
}

/* Whether part of widget, from x on and so many pixels wide, lies to the left or to the right of a
 * widget around it.  Whatever lies above or below can be scrolled to. */
static gboolean
sticks_out (GtkWidget *widget,
            int        x,
            int        width)
{
  for (GtkWidget *outer = widget; outer; outer = gtk_widget_get_parent (outer))
    {
      int left = x, top;

      if (outer != widget)
        gtk_widget_translate_coordinates (widget, outer, x, 0, &left, &top);
      if (left < 0 || left + width > gtk_widget_get_allocated_width (outer))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_cut (GtkLabel *label)
{
  PangoLayout  *layout = gtk_label_get_layout (label);
  GtkAllocation place;
  int           x, y, width, height;

  gtk_widget_get_allocation (GTK_WIDGET (label), &place);
  gtk_label_get_layout_offsets (label, &x, &y);
  pango_layout_get_pixel_size (layout, &width, &height);

  return pango_layout_is_ellipsized (layout) || height > place.height ||
         sticks_out (GTK_WIDGET (label), x - place.x, width);
}

/* The chosen text of a combo box. */
static void
append_cells (GString   *texts,
              GtkWidget *view)
{
  g_autoptr (GList) cells = gtk_cell_layout_get_cells (GTK_CELL_LAYOUT (view));
  int               natural;

  gtk_widget_get_preferred_width (view, NULL, &natural);
  for (GList *cell = cells; cell; cell = cell->next)
    if (GTK_IS_CELL_RENDERER_TEXT (cell->data))
      {
        g_autofree char *text = NULL;

        g_object_get (cell->data, "text", &text, NULL);
        append (texts, natural > gtk_widget_get_allocated_width (view), text);
      }
}

static void
append_texts (GtkWidget *widget,
              gpointer   texts)
{
  g_autofree char *tooltip = gtk_widget_get_tooltip_text (widget);

  if (! gtk_widget_get_mapped (widget))
    return;

  append (texts, FALSE, tooltip);
  if (GTK_IS_LABEL (widget))
    append (texts, is_cut (GTK_LABEL (widget)), gtk_label_get_text (GTK_LABEL (widget)));
  else if (GTK_IS_CELL_VIEW (widget))
    append_cells (texts, widget);
  else if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), append_texts, texts);
}

/* Adds the texts once two looks at them give the same, because widgets may still be moving. */
static gboolean
look (gpointer data)
{
  static char      *last;
  const char       *path    = data;
  g_autofree char  *wanted  = g_strconcat (path, ".wanted", NULL);
  g_autoptr (GList) windows = gtk_window_list_toplevels ();
  GString          *texts   = g_string_new (NULL);

  for (GList *window = windows; window; window = window->next)
    append_texts (window->data, texts);
  if (g_strcmp0 (last, texts->str) == 0 && g_file_test (wanted, G_FILE_TEST_EXISTS))
    {
      FILE *file = g_fopen (path, "a");

      fputs (texts->str, file);
      fclose (file);
      g_unlink (wanted);
    }
  g_free (last);
  last = g_string_free (texts, FALSE);
  return G_SOURCE_CONTINUE;
}

void
gtk_module_init (int    *argc,
                 char ***argv)
{
  /* GIMP itself loads the module, too. */
  if (g_getenv ("P2P_TEXTS") && g_strcmp0 (g_get_prgname (), "pix2pix") == 0)
    g_timeout_add_full (G_PRIORITY_LOW, 100, look, (gpointer) g_getenv ("P2P_TEXTS"), NULL);
}
