/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "model-chooser.h"

#include "advice.h"
#include "base/intl.h"
#include "dialog.h"
#include "model-buttons.h"
#include "model-list.h"
#include "model-row.h"
#include "text.h"

/* With this many models or more there is a search entry. */
#define SEARCHED 9

/* Least and largest height of the list, in pixels.  In between, the list is as high as its rows. */
#define LEAST_LIST 100
#define MOST_LIST  240

/* Of the files that are no models, at most this many are named below the list. */
#define MOST_BROKEN 3

/* Milliseconds without a change in the folder before it is read again, because files are copied
 * piece by piece. */
#define QUIET 400

struct _P2pChooser
{
  GimpProcedureConfig *config;
  P2pChooserFunc       func;
  gpointer             data;

  GPtrArray           *models;
  GFileMonitor        *monitor;
  guint                loading, refreshing;   /* sources */
  gboolean             changing;              /* we change list or config: ignore their signals */
  gboolean             decided;               /* from now on only the user changes the model */
  gboolean             read;                  /* the layer has been read, so kind is known */
  P2pPictureKind       kind;                  /* of the layer */

  P2pModelButtons     *buttons;
  GtkWidget           *box, *search, *list, *empty, *broken, *advice, *about;
};

static gboolean
is_searched (GtkListBoxRow *row,
             gpointer       data)
{
  return p2p_model_row_has (row, gtk_entry_get_text (GTK_ENTRY (((P2pChooser *) data)->search)));
}

/* ---- The choice --------------------------------------------------------------------- */

static const P2pModelInfo *
chosen (P2pChooser *chooser)
{
  return p2p_model_row_info (gtk_list_box_get_selected_row (GTK_LIST_BOX (chooser->list)));
}

static void
show_advice (P2pChooser *chooser)
{
  const P2pModelInfo *info  = chosen (chooser);
  GtkListBoxRow      *first = gtk_list_box_get_row_at_index (GTK_LIST_BOX (chooser->list), 0);
  g_autofree char    *text  = NULL;

  if (info)
    text = p2p_advice_text (chooser->kind, info,
                            p2p_model_row_suits (first) ? p2p_model_row_info (first) : NULL);
  gtk_label_set_text (GTK_LABEL (chooser->advice), text);
}

static void
show_choice (P2pChooser *chooser)
{
  const P2pModelInfo *info = chosen (chooser);

  if (info)
    p2p_model_about (GTK_CONTAINER (chooser->about), info);
  p2p_model_buttons_set_model (chooser->buttons, info);
  show_advice (chooser);
  chooser->func (info, FALSE, chooser->data);
}

/* Selects the row of the config's model.  If there is no such model, for example after Reset or
 * with an old setting, selects the first row and puts its model into the config. */
static void
model_changed (GObject    *config,
               GParamSpec *pspec,
               P2pChooser *chooser)
{
  g_autofree char *model = NULL;
  GtkListBoxRow   *row;

  if (! chooser->models || chooser->changing)
    return;

  g_object_get (config, "model", &model, NULL);
  row = p2p_model_list_find (GTK_LIST_BOX (chooser->list), model);
  if (! row)
    row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (chooser->list), 0);

  chooser->changing = TRUE;
  gtk_list_box_select_row (GTK_LIST_BOX (chooser->list), row);
  if (row && g_strcmp0 (model, p2p_model_row_info (row)->id) != 0)
    g_object_set (config, "model", p2p_model_row_info (row)->id, NULL);
  if (row)
    p2p_model_list_scroll_to (row);
  chooser->changing = FALSE;
  show_choice (chooser);
}

static void
row_selected (GtkListBox    *list,
              GtkListBoxRow *row,
              P2pChooser    *chooser)
{
  if (! row || chooser->changing)
    return;

  chooser->decided  = TRUE;
  chooser->changing = TRUE;
  g_object_set (chooser->config, "model", p2p_model_row_info (row)->id, NULL);
  chooser->changing = FALSE;
  show_choice (chooser);
}

/* ---- The list ----------------------------------------------------------------------- */

/* Applies the search.  Assistive technology does not see the text in an empty list, so it gets that
 * text as the list's description. */
static void
filter (P2pChooser *chooser)
{
  g_autofree char *text = chooser->models->len ? g_strdup (_("No model matches these words."))
                                               : p2p_dialog_no_models ();

  gtk_list_box_invalidate_filter (GTK_LIST_BOX (chooser->list));
  gtk_label_set_text (GTK_LABEL (chooser->empty), text);
  atk_object_set_description (gtk_widget_get_accessible (chooser->list),
                              gtk_widget_get_child_visible (chooser->empty) ? text : "");
}

/* GTK emits the signal with a delay, perhaps before the models are listed. */
static void
search_changed (P2pChooser *chooser)
{
  if (chooser->models)
    filter (chooser);
}

/* Chooses the first model that suits the layer, unless the user has chosen a model, or the model of
 * the last time suits the layer as well.  This happens only once, so that the model does not change
 * while the user paints.  A script cannot choose the model of an interactive run, because GIMP
 * replaces the script's value by that of the last time; so no choice of a script is overridden
 * here. */
static void
suggest (P2pChooser *chooser)
{
  GtkListBox      *list  = GTK_LIST_BOX (chooser->list);
  GtkListBoxRow   *first = gtk_list_box_get_row_at_index (list, 0);
  GtkListBoxRow   *row;
  g_autofree char *model = NULL;
  GObject         *hints = NULL;
  gboolean         goes_on;

  if (chooser->decided || ! chooser->read || ! first)
    return;

  /* Hints mean that the user has begun to color this picture with the last model: it stays. */
  chooser->decided = TRUE;
  g_object_get (chooser->config, "model", &model, "hints", &hints, NULL);
  goes_on = hints != NULL;
  g_clear_object (&hints);
  row = p2p_model_list_find (list, model);
  if (goes_on || ! p2p_model_row_suits (first) || p2p_model_row_suits (row))
    return;

  chooser->changing = TRUE;
  g_object_set (chooser->config, "model", p2p_model_row_info (first)->id, NULL);
  chooser->changing = FALSE;
}

void
p2p_chooser_set_kind (P2pChooser     *chooser,
                      P2pPictureKind  kind)
{
  if (chooser->read && kind == chooser->kind)
    return;

  chooser->read = TRUE;
  chooser->kind = kind;
  if (! chooser->models)
    return;
  p2p_model_list_sort (GTK_LIST_BOX (chooser->list), chooser->kind);
  if (chooser->decided)
    {
      show_advice (chooser);
      return;
    }
  suggest (chooser);
  model_changed (G_OBJECT (chooser->config), NULL, chooser);
}

/* Loads one thumbnail at each call.  Once all are loaded, the rows do not move any more, so the
 * chosen row can be scrolled into view. */
static gboolean
load_thumbnail (gpointer data)
{
  P2pChooser    *chooser = data;
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (chooser->list), i)); i++)
    if (! g_object_get_data (G_OBJECT (row), "loaded"))
      {
        g_object_set_data (G_OBJECT (row), "loaded", row);
        p2p_model_row_load (row);
        return G_SOURCE_CONTINUE;
      }

  chooser->loading = 0;
  row = gtk_list_box_get_selected_row (GTK_LIST_BOX (chooser->list));
  if (row)
    p2p_model_list_scroll_to (row);

  return G_SOURCE_REMOVE;
}

/* Adds the model file path, which a script or the last call may have named though it lies outside
 * of the folders for models. */
static void
add_stranger (GPtrArray  *models,
              const char *path)
{
  P2pModelInfo *info;

  if (! path || ! g_path_is_absolute (path))
    return;
  for (guint i = 0; i < models->len; i++)
    if (strcmp (((P2pModelInfo *) models->pdata[i])->path, path) == 0)
      return;

  info = p2p_model_info_new (path, NULL, NULL);
  if (! info)
    return;
  g_free (info->id);
  info->id = g_strdup (path);
  g_ptr_array_add (models, info);
}

/* Names the files in the user's folder that are no models, so that the user does not search the
 * list for them. */
static void
show_broken (P2pChooser *chooser,
             GPtrArray  *broken)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (broken->len, MOST_BROKEN); i++)
    {
      /* Translators: a file, and why it is not in the list of models. */
      g_string_append_printf (text, _("Not listed: %s"), (char *) broken->pdata[i]);
      g_string_append_c (text, '\n');
    }
  if (broken->len > MOST_BROKEN)
    g_string_append_printf (text, _("%u files in all are not listed."), broken->len);
  gtk_label_set_text (GTK_LABEL (chooser->broken), g_strchomp (text->str));
  gtk_widget_set_visible (chooser->broken, broken->len > 0);
}

static void
fill (P2pChooser *chooser)
{
  g_autoptr (GPtrArray) broken = NULL;
  g_autoptr (GPtrArray) models = p2p_models_list (&broken);
  g_autofree char      *model  = NULL;

  g_object_get (chooser->config, "model", &model, NULL);
  add_stranger (models, model);

  chooser->changing = TRUE;
  p2p_container_clear (GTK_CONTAINER (chooser->list));
  g_clear_pointer (&chooser->models, g_ptr_array_unref);
  chooser->models = g_steal_pointer (&models);
  for (guint i = 0; i < chooser->models->len; i++)
    gtk_container_add (GTK_CONTAINER (chooser->list),
                       p2p_model_row_new (chooser->models->pdata[i]));
  p2p_model_list_sort (GTK_LIST_BOX (chooser->list), chooser->kind);
  chooser->changing = FALSE;

  if (chooser->models->len < SEARCHED)
    gtk_entry_set_text (GTK_ENTRY (chooser->search), "");
  filter (chooser);
  show_broken (chooser, broken);
  gtk_widget_set_visible (chooser->search, chooser->models->len >= SEARCHED);
  gtk_widget_set_visible (chooser->about, chooser->models->len > 0);
  if (! chooser->loading)
    chooser->loading = g_idle_add (load_thumbnail, chooser);
}

/* Fills the list again, and tells the owner of the chooser that the file of the chosen model may
 * have changed. */
static void
show_models (P2pChooser *chooser)
{
  fill (chooser);
  model_changed (G_OBJECT (chooser->config), NULL, chooser);
  chooser->func (chosen (chooser), TRUE, chooser->data);
}

static gboolean
refresh (gpointer data)
{
  P2pChooser *chooser = data;

  chooser->refreshing = 0;
  show_models (chooser);

  return G_SOURCE_REMOVE;
}

static void
folder_changed (P2pChooser *chooser)
{
  if (chooser->refreshing)
    g_source_remove (chooser->refreshing);
  chooser->refreshing = g_timeout_add (QUIET, refresh, chooser);
}

void
p2p_chooser_fill (P2pChooser *chooser)
{
  g_autofree char   *path   = p2p_models_user_folder ();
  g_autoptr (GFile)  folder = g_file_new_for_path (path);

  fill (chooser);
  suggest (chooser);
  model_changed (G_OBJECT (chooser->config), NULL, chooser);
  chooser->monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (chooser->monitor)
    g_signal_connect_swapped (chooser->monitor, "changed", G_CALLBACK (folder_changed), chooser);
}

/* ---- What the buttons did --------------------------------------------------------------- */

static void
model_made (const char *id,
            gpointer    data)
{
  P2pChooser *chooser = data;

  gtk_entry_set_text (GTK_ENTRY (chooser->search), "");
  chooser->changing = TRUE;
  if (id)
    g_object_set (chooser->config, "model", id, NULL);
  chooser->changing = FALSE;
  show_models (chooser);
}

static void
dropped (GtkWidget        *widget,
         GdkDragContext   *context,
         int               x,
         int               y,
         GtkSelectionData *selection,
         guint             info,
         guint             when,
         P2pChooser       *chooser)
{
  g_auto (GStrv)   uris = gtk_selection_data_get_uris (selection);
  g_autofree char *path = uris && uris[0] ? g_filename_from_uri (uris[0], NULL, NULL) : NULL;

  gtk_drag_finish (context, path != NULL, FALSE, when);
  if (path)
    p2p_model_buttons_add (chooser->buttons, path);
}

/* ---- The widgets -------------------------------------------------------------------- */

static GtkWidget *
list_new (P2pChooser *chooser)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (NULL, NULL);

  chooser->list  = p2p_model_list_new ();
  chooser->empty = p2p_text_new (NULL);
  gtk_widget_set_margin_start (chooser->empty, 6);
  gtk_widget_set_margin_end (chooser->empty, 6);
  gtk_label_set_selectable (GTK_LABEL (chooser->empty), TRUE);
  gtk_widget_show (chooser->empty);
  gtk_list_box_set_placeholder (GTK_LIST_BOX (chooser->list), chooser->empty);
  gtk_list_box_set_filter_func (GTK_LIST_BOX (chooser->list), is_searched, chooser, NULL);
  g_signal_connect (chooser->list, "row-selected", G_CALLBACK (row_selected), chooser);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), LEAST_LIST);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), MOST_LIST);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (scrolled), GTK_SHADOW_IN);
  gtk_container_add (GTK_CONTAINER (scrolled), chooser->list);
  gtk_list_box_set_adjustment (
    GTK_LIST_BOX (chooser->list),
    gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled)));

  return scrolled;
}

P2pChooser *
p2p_chooser_new (GimpProcedureConfig *config,
                 P2pChooserFunc       func,
                 gpointer             data)
{
  P2pChooser *chooser  = g_new0 (P2pChooser, 1);
  GtkWidget  *expander = gtk_expander_new_with_mnemonic (_("About the model"));

  chooser->config = g_object_ref (config);
  chooser->func   = func;
  chooser->data   = data;
  chooser->box    = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  chooser->search = gtk_search_entry_new ();
  chooser->advice = g_object_ref_sink (p2p_text_new (NULL));
  chooser->broken = p2p_text_new_dim (NULL);
  chooser->about  = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  chooser->buttons = p2p_model_buttons_new (model_made, chooser);
  p2p_text_reserve (chooser->advice, 2);
  gtk_widget_set_no_show_all (chooser->search, TRUE);
  gtk_widget_set_no_show_all (chooser->broken, TRUE);
  gtk_entry_set_placeholder_text (GTK_ENTRY (chooser->search), _("Search models"));
  atk_object_set_name (gtk_widget_get_accessible (chooser->search), _("Search models"));
  gtk_container_add (GTK_CONTAINER (expander), chooser->about);

  gtk_box_pack_start (GTK_BOX (chooser->box), chooser->search, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (chooser->box), list_new (chooser), TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (chooser->box), p2p_model_buttons_get_widget (chooser->buttons),
                      FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (chooser->box), chooser->broken, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (chooser->box), expander, FALSE, FALSE, 0);
  g_signal_connect_swapped (chooser->search, "search-changed", G_CALLBACK (search_changed),
                            chooser);
  g_signal_connect (config, "notify::model", G_CALLBACK (model_changed), chooser);
  gtk_drag_dest_set (chooser->box, GTK_DEST_DEFAULT_ALL, NULL, 0, GDK_ACTION_COPY);
  gtk_drag_dest_add_uri_targets (chooser->box);
  g_signal_connect (chooser->box, "drag-data-received", G_CALLBACK (dropped), chooser);

  return chooser;
}

void
p2p_chooser_free (P2pChooser *chooser)
{
  if (chooser->loading)
    g_source_remove (chooser->loading);
  if (chooser->refreshing)
    g_source_remove (chooser->refreshing);
  p2p_model_buttons_free (chooser->buttons);
  g_clear_object (&chooser->monitor);
  g_signal_handlers_disconnect_by_data (chooser->config, chooser);
  g_signal_handlers_disconnect_by_data (chooser->list, chooser);
  g_object_unref (chooser->config);
  g_object_unref (chooser->advice);
  g_object_unref (chooser->box);
  g_clear_pointer (&chooser->models, g_ptr_array_unref);
  g_free (chooser);
}

GtkWidget *
p2p_chooser_get_widget (P2pChooser *chooser)
{
  return chooser->box;
}

GtkWidget *
p2p_chooser_get_advice (P2pChooser *chooser)
{
  return chooser->advice;
}
