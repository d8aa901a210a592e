/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "model-list.h"

#include "advice.h"
#include "base/intl.h"
#include "model-row.h"
#include "text.h"

/* Whether any model with the row's task is made for the layer. */
static gboolean
task_suits (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "task-suits") != NULL;
}

static int
compare (GtkListBoxRow *a,
         GtkListBoxRow *b,
         gpointer       data)
{
  const P2pModelInfo *first       = p2p_model_row_info (a);
  const P2pModelInfo *second      = p2p_model_row_info (b);
  g_autofree char    *first_task  = p2p_model_task_text (first->task);
  g_autofree char    *second_task = p2p_model_task_text (second->task);
  int                 order       = task_suits (b) - task_suits (a);

  if (order == 0)
    order = (*first->task == '\0') - (*second->task == '\0');
  if (order == 0)
    order = g_utf8_collate (first_task, second_task);
  if (order == 0)
    order = p2p_model_row_suits (b) - p2p_model_row_suits (a);

  return order ? order : g_utf8_collate (first->title, second->title);
}

/* Whether some task has several models.  The list is sorted, so they follow each other. */
static gboolean
shares_tasks (GtkListBox *list)
{
  GtkListBoxRow *row;
  const char    *task = NULL;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)); i++)
    {
      if (g_strcmp0 (task, p2p_model_row_info (row)->task) == 0)
        return TRUE;
      task = p2p_model_row_info (row)->task;
    }

  return FALSE;
}

/* Puts a heading with the task above the first model of each task.  If no two models have the same
 * task, there are no headings: the titles say enough, and more models are visible. */
static void
head (GtkListBoxRow *row,
      GtkListBoxRow *before,
      gpointer       data)
{
  const P2pModelInfo *info     = p2p_model_row_info (row);
  const P2pModelInfo *previous = p2p_model_row_info (before);
  g_autofree char    *task     = p2p_model_task_text (info->task);
  GtkWidget          *label    = NULL;

  if (shares_tasks (GTK_LIST_BOX (gtk_widget_get_parent (GTK_WIDGET (row)))) &&
      (! previous || strcmp (previous->task, info->task) != 0))
    {
      label = p2p_text_new_dim (task);
      gtk_widget_set_margin_start (label, 4);
      gtk_widget_set_margin_top (label, 4);
    }
  gtk_list_box_row_set_header (row, label);
}

static void
mark (GtkListBox     *list,
      P2pPictureKind  kind)
{
  g_autoptr (GHashTable)  tasks = g_hash_table_new (g_str_hash, g_str_equal);
  GtkListBoxRow          *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)); i++)
    {
      const P2pModelInfo *info = p2p_model_row_info (row);

      p2p_model_row_set_suits (row, p2p_advice_suits (kind, info));
      if (p2p_model_row_suits (row))
        g_hash_table_add (tasks, info->task);
    }
  for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)); i++)
    g_object_set_data (G_OBJECT (row), "task-suits", GINT_TO_POINTER (
      g_hash_table_contains (tasks, p2p_model_row_info (row)->task)));
}

void
p2p_model_list_sort (GtkListBox     *list,
                     P2pPictureKind  kind)
{
  mark (list, kind);
  gtk_list_box_invalidate_sort (list);
  gtk_list_box_invalidate_headers (list);
}

GtkListBoxRow *
p2p_model_list_find (GtkListBox *list,
                     const char *model)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)); i++)
    {
      const P2pModelInfo *info = p2p_model_row_info (row);

      if (model && (strcmp (info->id, model) == 0 || strcmp (info->path, model) == 0))
        return row;
    }

  return NULL;
}

void
p2p_model_list_scroll_to (GtkListBoxRow *row)
{
  GtkWidget *scrolled = gtk_widget_get_ancestor (GTK_WIDGET (row), GTK_TYPE_SCROLLED_WINDOW);
  int        height   = gtk_widget_get_allocated_height (GTK_WIDGET (row)), x, y;

  while (scrolled && height > 1)
    {
      GtkWidget *viewport = gtk_bin_get_child (GTK_BIN (scrolled));
      GtkWidget *content  = gtk_bin_get_child (GTK_BIN (viewport));

      if (gtk_widget_translate_coordinates (GTK_WIDGET (row), content, 0, 0, &x, &y))
        gtk_adjustment_clamp_page (
          gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled)), y, y + height);
      scrolled = gtk_widget_get_ancestor (gtk_widget_get_parent (scrolled),
                                          GTK_TYPE_SCROLLED_WINDOW);
    }
}

/* Corrects two faults of GIMP's themes.  They paint a background behind labels, which hides that a
 * row is selected.  They paint an entry's placeholder text in nearly the color of the entry's
 * background. */
static const char style[] =
  "@define-color placeholder_text_color @dimmed-fg-color;"
  ".pix2pix-models row * { background: none; }"
  ".pix2pix-models row:selected { background-color: alpha(currentColor, 0.2); }";

GtkWidget *
p2p_model_list_new (void)
{
  GtkWidget *list = gtk_list_box_new ();

  p2p_style_set (list, "pix2pix-models", style);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_BROWSE);
  gtk_list_box_set_sort_func (GTK_LIST_BOX (list), compare, NULL, NULL);
  gtk_list_box_set_header_func (GTK_LIST_BOX (list), head, NULL, NULL);
  atk_object_set_name (gtk_widget_get_accessible (list), _("Models"));

  return list;
}
