/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "dialog.h"

#include <libgimp/gimpui.h>

#include "intl.h"
#include "p2p.h"

/* Characters in a line of running text. */
#define TEXT_WIDTH 48

enum
{
  COLUMN_ID,
  COLUMN_LABEL,
  COLUMN_DESCRIPTION,
  N_COLUMNS,
};

char *
p2p_dialog_no_models (void)
{
  g_autofree char *folder = p2p_models_user_folder ();

  return g_strdup_printf (_("No model was found. Put a model, a file ending in .safetensors, into "
                            "the folder %s and try again."), folder);
}

static gboolean
find_row (GtkTreeModel *store,
          const char   *id,
          GtkTreeIter  *iter)
{
  gboolean valid = gtk_tree_model_get_iter_first (store, iter);

  while (id && valid)
    {
      g_autofree char *row_id = NULL;

      gtk_tree_model_get (store, iter, COLUMN_ID, &row_id, -1);
      if (strcmp (id, row_id) == 0)
        return TRUE;
      valid = gtk_tree_model_iter_next (store, iter);
    }

  return FALSE;
}

static void
add_row (GtkListStore *store,
         const char   *id,
         const char   *label,
         const char   *description)
{
  gtk_list_store_insert_with_values (store, NULL, -1,
                                     COLUMN_ID,          id,
                                     COLUMN_LABEL,       label,
                                     COLUMN_DESCRIPTION, description,
                                     -1);
}

/* The models found and, where the last call was given a file elsewhere, that one. */
static GtkListStore *
list_models (GimpProcedureConfig *config,
             GPtrArray           *models)
{
  GtkListStore    *store  = gtk_list_store_new (N_COLUMNS, G_TYPE_STRING, G_TYPE_STRING,
                                                G_TYPE_STRING);
  g_autofree char *chosen = NULL;
  GtkTreeIter      iter;

  for (guint i = 0; i < models->len; i++)
    {
      P2pModelInfo *info = models->pdata[i];

      add_row (store, info->id, info->title, info->description);
    }

  g_object_get (config, "model", &chosen, NULL);
  if (chosen && ! find_row (GTK_TREE_MODEL (store), chosen, &iter) &&
      g_file_test (chosen, G_FILE_TEST_IS_REGULAR))
    {
      g_autofree char *name = g_path_get_basename (chosen);

      add_row (store, chosen, name, "");
    }

  return store;
}

/* Also where Reset or an older setting leaves a model that is not there: the first one then. */
static void
model_changed (GObject    *config,
               GParamSpec *pspec,
               GtkLabel   *label)
{
  GtkTreeModel    *store       = g_object_get_data (G_OBJECT (label), "store");
  g_autofree char *id          = NULL;
  g_autofree char *description = NULL;
  GtkTreeIter      iter;

  g_object_get (config, "model", &id, NULL);

  if (find_row (store, id, &iter))
    {
      gtk_tree_model_get (store, &iter, COLUMN_DESCRIPTION, &description, -1);
      gtk_label_set_text (label, description);
      gtk_widget_set_visible (GTK_WIDGET (label), *description != '\0');
    }
  else if (gtk_tree_model_get_iter_first (store, &iter))
    {
      g_autofree char *first = NULL;

      gtk_tree_model_get (store, &iter, COLUMN_ID, &first, -1);
      g_object_set (config, "model", first, NULL);
    }
}

static GtkWidget *
text_new (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), TEXT_WIDTH);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0);

  return label;
}

static GtkWidget *
grid_new (void)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);

  return grid;
}

/* A row with a label, the property's own. */
static void
attach (GtkGrid             *grid,
        int                  row,
        GimpProcedureConfig *config,
        const char          *property,
        GtkWidget           *widget)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (config), property);
  GtkWidget  *label = gtk_label_new_with_mnemonic (g_param_spec_get_nick (pspec));

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), widget);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_grid_attach (grid, label, 0, row, 1, 1);
  gtk_grid_attach (grid, widget, 1, row, 1, 1);
}

static void
add_model_rows (GtkGrid             *grid,
                GimpProcedureConfig *config,
                GPtrArray           *models)
{
  GtkListStore *store       = list_models (config, models);
  GtkWidget    *description = text_new (NULL);
  GtkWidget    *combo;

  gtk_style_context_add_class (gtk_widget_get_style_context (description), "dim-label");
  gtk_widget_set_no_show_all (description, TRUE);
  g_object_set_data_full (G_OBJECT (description), "store", store, g_object_unref);
  g_signal_connect_object (config, "notify::model", G_CALLBACK (model_changed), description, 0);
  g_object_notify (G_OBJECT (config), "model");

  combo = gimp_prop_string_combo_box_new (G_OBJECT (config), "model", GTK_TREE_MODEL (store),
                                          COLUMN_ID, COLUMN_LABEL);
  attach (grid, 0, config, "model", combo);
  gtk_grid_attach (grid, description, 1, 1, 1, 1);
}

/* The usual sizes and, where a script or a saved setting has another, that one. */
static GtkWidget *
scale_combo_new (GimpProcedureConfig *config)
{
  static const int         sizes[] = { 256, 512, 1024, 2048 };
  g_autoptr (GtkListStore) store   = gtk_list_store_new (N_COLUMNS, G_TYPE_STRING, G_TYPE_STRING,
                                                         G_TYPE_STRING);
  g_autofree char         *chosen  = NULL;
  GtkTreeIter              iter;

  add_row (store, "default", _("What suits the model"), "");
  add_row (store, "native", _("The layer's own size"), "");
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *id    = g_strdup_printf ("fit:%d", sizes[i]);
      g_autofree char *label = g_strdup_printf (_("Longer side %d pixels, scaled back"), sizes[i]);

      add_row (store, id, label, "");
    }

  g_object_get (config, "scale", &chosen, NULL);
  if (! chosen || ! *chosen)
    g_object_set (config, "scale", "default", NULL);
  else if (! find_row (GTK_TREE_MODEL (store), chosen, &iter))
    add_row (store, chosen, chosen, "");

  return gimp_prop_string_combo_box_new (G_OBJECT (config), "scale", GTK_TREE_MODEL (store),
                                         COLUMN_ID, COLUMN_LABEL);
}

/* GIMP's slider brings its own label, which is lined up with the others here. */
static void
attach_strength (GtkGrid             *grid,
                 int                  row,
                 GimpProcedureDialog *dialog)
{
  g_autoptr (GtkSizeGroup)  labels   = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  GtkWidget                *strength = gimp_procedure_dialog_get_scale_entry (dialog, "strength",
                                                                              100.0);

  for (int i = 0; i < row; i++)
    {
      GtkWidget *label = gtk_grid_get_child_at (grid, 0, i);

      if (label)
        gtk_size_group_add_widget (labels, label);
    }
  gtk_size_group_add_widget (labels, gimp_labeled_get_label (GIMP_LABELED (strength)));

  gtk_grid_set_column_spacing (GTK_GRID (strength), gtk_grid_get_column_spacing (grid));
  gtk_grid_attach (grid, strength, 0, row, 2, 1);
}

static void
fill (GimpProcedureDialog *dialog,
      GimpProcedureConfig *config,
      GPtrArray           *models,
      GtkBox              *box)
{
  GtkWidget *grid       = grid_new ();
  GtkWidget *output     = gimp_prop_choice_radio_frame_new (G_OBJECT (config), "output");
  GtkWidget *statistics = gimp_prop_choice_radio_frame_new (G_OBJECT (config), "statistics");
  GtkWidget *variation  = gimp_procedure_dialog_fill_frame (dialog, "variation", "noise", FALSE,
                                                            "seed");

  add_model_rows (GTK_GRID (grid), config, models);
  attach (GTK_GRID (grid), 2, config, "scale", scale_combo_new (config));
  attach_strength (GTK_GRID (grid), 3, dialog);

  gtk_box_pack_start (box, grid, FALSE, FALSE, 0);
  gtk_box_pack_start (box, output, FALSE, FALSE, 0);
  gtk_box_pack_start (box, statistics, FALSE, FALSE, 0);
  gtk_box_pack_start (box, variation, FALSE, FALSE, 0);
}

gboolean
p2p_dialog_run (GimpProcedure        *procedure,
                GimpProcedureConfig  *config,
                GError              **error)
{
  g_autoptr (GPtrArray)  models = NULL;
  GtkWidget             *dialog, *box;
  gboolean               accepted;

  /* gimp_ui_init () would end the process instead. */
  if (! gtk_init_check (NULL, NULL))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("There is no display to show the dialog on: run the procedure with the run "
                     "mode NONINTERACTIVE."));
      return FALSE;
    }

  gimp_ui_init ("pix2pix");

  dialog = gimp_procedure_dialog_new (procedure, config, _("Image Translation (pix2pix)"));
  box    = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (dialog))), box, TRUE, TRUE,
                      0);

  models = p2p_models_list ();
  if (models->len > 0)
    {
      fill (GIMP_PROCEDURE_DIALOG (dialog), config, models, GTK_BOX (box));
    }
  else
    {
      g_autofree char *text = p2p_dialog_no_models ();

      gtk_container_add (GTK_CONTAINER (box), text_new (text));
      gtk_dialog_set_response_sensitive (GTK_DIALOG (dialog), GTK_RESPONSE_OK, FALSE);
    }

  gtk_widget_show_all (box);
  accepted = gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (dialog));
  gtk_widget_destroy (dialog);

  return accepted;
}
