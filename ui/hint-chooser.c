/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "hint-chooser.h"

#include "base/intl.h"
#include "text.h"

/* Rows of a layer that are read at once. */
#define STRIP 128

enum
{
  COLUMN_ID,     /* of the layer; 0 in the row "None" */
  COLUMN_NAME,
  N_COLUMNS,
};

struct _P2pHintChooser
{
  const P2pDialogLayer *layer;
  GimpProcedureConfig  *config;
  GimpLayer            *made;       /* the layer that we have added; NULL: none */
  gboolean              converted;  /* we have converted a grayscale image to RGB for that layer */
  GimpLayer            *shown;      /* a hidden layer that we have made visible; NULL: none */
  int                   unused;     /* id of the chosen layer, kept while the model takes no hints;
                                     * 0: none */
  gboolean              filling;    /* the list is being filled, which is no choice of the user */
  gboolean              warned;     /* the advice says that strokes go into the drawing */

  GtkWidget            *box, *combo, *button, *advice;
  GtkListStore         *store;
};

static void
advise (P2pHintChooser *chooser,
        const char     *text)
{
  gtk_label_set_text (GTK_LABEL (chooser->advice), text);
}

/* ---- The list ----------------------------------------------------------------------- */

/* Appends the items to the array layers, in their order.  Appends groups and the items inside them,
 * too, but not the drawing itself. */
static void
collect (P2pHintChooser *chooser,
         GimpItem      **items,
         GPtrArray      *layers)
{
  for (; items && *items; items++)
    {
      if (*items != GIMP_ITEM (chooser->layer->drawable))
        g_ptr_array_add (layers, *items);
      if (gimp_item_is_group (*items))
        {
          g_autofree GimpItem **children = gimp_item_get_children (*items);

          collect (chooser, children, layers);
        }
    }
}

/* Does the list show just these layers, with the names that they have now? */
static gboolean
is_list_of (P2pHintChooser *chooser,
            GPtrArray      *layers)
{
  GtkTreeModel *model = GTK_TREE_MODEL (chooser->store);
  GtkTreeIter   iter;
  gboolean      more  = gtk_tree_model_get_iter_first (model, &iter);

  more = more && gtk_tree_model_iter_next (model, &iter);    /* passes over the row "None" */
  for (guint i = 0; i < layers->len; i++)
    {
      g_autofree char *name   = NULL;
      g_autofree char *listed = NULL;
      int              id;

      if (! more)
        return FALSE;
      gtk_tree_model_get (model, &iter, COLUMN_ID, &id, COLUMN_NAME, &listed, -1);
      name = gimp_item_get_name (layers->pdata[i]);
      if (id != gimp_item_get_id (layers->pdata[i]) || strcmp (name, listed) != 0)
        return FALSE;
      more = gtk_tree_model_iter_next (model, &iter);
    }

  return ! more && gtk_tree_model_iter_n_children (model, NULL) > 0;
}

static int
chosen_id (P2pHintChooser *chooser)
{
  GimpItem *hints = NULL;
  int       id;

  g_object_get (chooser->config, "hints", &hints, NULL);
  id = hints ? gimp_item_get_id (hints) : 0;
  g_clear_object (&hints);

  return id;
}

/* Shows the advice for the case that nothing is wrong. */
static void
advise_usual (P2pHintChooser *chooser)
{
  advise (chooser, chosen_id (chooser) ? NULL
                   : _("Without hints the model guesses the colors."));
}

static void
add_row (P2pHintChooser *chooser,
         int             id,
         const char     *name)
{
  GtkTreeIter iter;

  gtk_list_store_insert_with_values (chooser->store, &iter, -1, COLUMN_ID, id, COLUMN_NAME, name,
                                     -1);
  if (id == chosen_id (chooser))
    gtk_combo_box_set_active_iter (GTK_COMBO_BOX (chooser->combo), &iter);
}

/* Fills the list if the layers have changed.  Chooses "None" if the image no longer has the chosen
 * layer. */
static void
fill (P2pHintChooser *chooser)
{
  GimpImage             *image  = gimp_item_get_image (GIMP_ITEM (chooser->layer->drawable));
  g_autofree GimpLayer **top    = image ? gimp_image_get_layers (image) : NULL;
  g_autoptr (GPtrArray)  layers = g_ptr_array_new ();

  collect (chooser, (GimpItem **) top, layers);
  if (is_list_of (chooser, layers))
    return;

  chooser->filling = TRUE;
  gtk_list_store_clear (chooser->store);
  add_row (chooser, 0, _("None"));
  for (guint i = 0; i < layers->len; i++)
    {
      g_autofree char *name = gimp_item_get_name (layers->pdata[i]);

      add_row (chooser, gimp_item_get_id (layers->pdata[i]), name);
    }
  chooser->filling = FALSE;
  if (gtk_combo_box_get_active (GTK_COMBO_BOX (chooser->combo)) >= 0)
    return;

  gtk_combo_box_set_active (GTK_COMBO_BOX (chooser->combo), 0);
  advise (chooser, _("The layer of color hints is no longer there."));
}

static void
select_layer (GimpItem *layer)
{
  gimp_image_set_selected_layers (gimp_item_get_image (layer),
                                  (const GimpLayer *[]) { GIMP_LAYER (layer), NULL });
  gimp_displays_flush ();
}

/* Hides the layer that show () has made visible. */
static void
unshow (P2pHintChooser *chooser)
{
  if (chooser->shown && gimp_item_is_valid (GIMP_ITEM (chooser->shown)))
    gimp_item_set_visible (GIMP_ITEM (chooser->shown), FALSE);
  g_clear_object (&chooser->shown);
}

/* Makes the chosen layer ready for painting, that is visible and selected in GIMP. */
static void
show (P2pHintChooser *chooser)
{
  GimpItem *item = NULL;

  unshow (chooser);
  g_object_get (chooser->config, "hints", &item, NULL);
  if (item && gimp_item_is_valid (item) && GIMP_IS_LAYER (item))
    {
      if (! gimp_item_get_visible (item))
        {
          gimp_item_set_visible (item, TRUE);
          chooser->shown = GIMP_LAYER (g_object_ref (item));
        }
      select_layer (item);
    }
  g_clear_object (&item);
}

/* Warns while the drawing is selected in GIMP, because strokes that are meant as hints would go
 * into it. */
static void
warn (P2pHintChooser *chooser)
{
  GimpItem              *drawing  = GIMP_ITEM (chooser->layer->drawable);
  g_autofree GimpLayer **selected = gimp_image_get_selected_layers (gimp_item_get_image (drawing));
  gboolean               wrong    = chosen_id (chooser) > 0 && selected && selected[0] &&
                                    GIMP_ITEM (selected[0]) == drawing;

  if (wrong)
    advise (chooser, _("The drawing itself is selected in GIMP, so your strokes would go into it: "
                       "select the layer of color hints in GIMP."));
  else if (chooser->warned)
    advise_usual (chooser);
  chooser->warned = wrong;
}

void
p2p_hint_chooser_look (P2pHintChooser *chooser)
{
  if (! gtk_widget_get_mapped (chooser->box) ||
      ! gimp_item_is_valid (GIMP_ITEM (chooser->layer->drawable)))
    return;

  fill (chooser);
  warn (chooser);
}

static void
layer_chosen (P2pHintChooser *chooser)
{
  GimpItem    *item = NULL;
  GtkTreeIter  iter;
  int          id;

  if (chooser->filling || ! gtk_combo_box_get_active_iter (GTK_COMBO_BOX (chooser->combo), &iter))
    return;

  gtk_tree_model_get (GTK_TREE_MODEL (chooser->store), &iter, COLUMN_ID, &id, -1);
  item = id ? gimp_item_get_by_id (id) : NULL;
  g_object_set (chooser->config, "hints", item, NULL);
  advise_usual (chooser);
}

/* The property "hints" has changed, perhaps by the dialog's Reset. */
static void
hints_changed (P2pHintChooser *chooser)
{
  GtkTreeModel *model = GTK_TREE_MODEL (chooser->store);
  int           id    = chosen_id (chooser);
  GtkTreeIter   iter;
  gboolean      more;

  show (chooser);

  for (more = gtk_tree_model_get_iter_first (model, &iter); more;
       more = gtk_tree_model_iter_next (model, &iter))
    {
      int listed;

      gtk_tree_model_get (model, &iter, COLUMN_ID, &listed, -1);
      if (listed == id)
        gtk_combo_box_set_active_iter (GTK_COMBO_BOX (chooser->combo), &iter);
    }
}

/* ---- A new layer -------------------------------------------------------------------- */

/* Adds a hint layer.  Converts a grayscale image to RGB first, because hints would have no color
 * there. */
static void
make (P2pHintChooser *chooser)
{
  GimpDrawable        *drawable = chooser->layer->drawable;
  GimpDrawable        *layer    = NULL;
  g_autoptr (GError)   error    = NULL;
  GimpImage           *image;
  gboolean             gray;

  if (! gimp_item_is_valid (GIMP_ITEM (drawable)))
    return;

  image = gimp_item_get_image (GIMP_ITEM (drawable));
  gray  = gimp_image_get_base_type (image) == GIMP_GRAY;
  gimp_image_undo_group_start (image);
  if (! gray || gimp_image_convert_rgb (image))
    layer = chooser->layer->add_above (drawable, _("Color hints"), &error);
  gimp_image_undo_group_end (image);
  if (! layer)
    {
      advise (chooser, error ? error->message
                             : _("GIMP could not turn the grayscale image into a color image."));
      return;
    }

  g_set_object (&chooser->made, GIMP_LAYER (layer));
  chooser->converted |= gray;
  g_object_set (chooser->config, "hints", layer, NULL);
  fill (chooser);
  advise (chooser, _("Now choose a brush and a color in GIMP and paint on the picture there: a "
                     "dab in each region is enough. The preview follows."));
}

/* Whether nothing was painted on a layer. */
static gboolean
is_empty (P2pHintChooser *chooser,
          GimpDrawable   *drawable)
{
  int               width  = gimp_drawable_get_width (drawable);
  int               height = gimp_drawable_get_height (drawable);
  g_autofree guint8 *rgba  = p2p_try_bytes ((gsize) width * STRIP * 4, NULL);

  /* Without memory to look at the layer, assumes that it was painted on. */
  if (! rgba)
    return FALSE;

  for (int y = 0; y < height; y += STRIP)
    {
      const P2pRect strip = { 0, y, width, MIN (STRIP, height - y) };

      chooser->layer->read (drawable, strip, 1.0, rgba, chooser->layer->data);
      for (gsize i = 0; i < (gsize) width * strip.height; i++)
        if (rgba[4 * i + 3])
          return FALSE;
    }

  return TRUE;
}

/* Removes the layer that we have added, unless it was painted on.  If we had converted a grayscale
 * image to RGB for that layer, converts the image back. */
static void
unmake (P2pHintChooser *chooser)
{
  GimpImage *image;

  if (! chooser->made || ! gimp_item_is_valid (GIMP_ITEM (chooser->made)) ||
      ! is_empty (chooser, GIMP_DRAWABLE (chooser->made)))
    return;

  image = gimp_item_get_image (GIMP_ITEM (chooser->made));
  gimp_image_undo_group_start (image);
  gimp_image_remove_layer (image, chooser->made);
  if (chooser->converted)
    gimp_image_convert_grayscale (image);
  gimp_image_undo_group_end (image);
  gimp_displays_flush ();
}

/* ---- The widgets -------------------------------------------------------------------- */

P2pHintChooser *
p2p_hint_chooser_new (const P2pDialogLayer *layer,
                      GimpProcedureConfig  *config)
{
  P2pHintChooser  *chooser = g_new0 (P2pHintChooser, 1);
  GtkWidget       *row     = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget       *label   = gtk_label_new (_("Color hints"));
  GtkCellRenderer *cell    = gtk_cell_renderer_text_new ();

  chooser->layer  = layer;
  chooser->config = g_object_ref (config);
  chooser->box    = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  chooser->store  = gtk_list_store_new (N_COLUMNS, G_TYPE_INT, G_TYPE_STRING);
  chooser->combo  = gtk_combo_box_new_with_model (GTK_TREE_MODEL (chooser->store));
  chooser->button = gtk_button_new_with_label (_("New hint layer"));
  chooser->advice = p2p_text_new (NULL);

  g_object_set (cell, "ellipsize", PANGO_ELLIPSIZE_MIDDLE, "width-chars", 10, NULL);
  gtk_cell_layout_pack_start (GTK_CELL_LAYOUT (chooser->combo), cell, TRUE);
  gtk_cell_layout_add_attribute (GTK_CELL_LAYOUT (chooser->combo), cell, "text", COLUMN_NAME);
  atk_object_set_name (gtk_widget_get_accessible (chooser->combo), _("Color hints"));
  gtk_widget_set_tooltip_text (chooser->combo,
                               _("A layer with dabs and strokes of the colors that you want, "
                                 "transparent elsewhere"));
  p2p_text_reserve (chooser->advice, 2);

  gtk_box_pack_start (GTK_BOX (row), label, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), chooser->combo, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (row), chooser->button, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (chooser->box), row, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (chooser->box), chooser->advice, FALSE, FALSE, 0);

  gtk_widget_show_all (chooser->box);
  gtk_widget_set_no_show_all (chooser->box, TRUE);
  fill (chooser);
  advise_usual (chooser);
  show (chooser);
  g_signal_connect_swapped (chooser->combo, "changed", G_CALLBACK (layer_chosen), chooser);
  g_signal_connect_swapped (chooser->button, "clicked", G_CALLBACK (make), chooser);
  g_signal_connect_swapped (config, "notify::hints", G_CALLBACK (hints_changed), chooser);

  return chooser;
}

void
p2p_hint_chooser_set_model (P2pHintChooser     *chooser,
                            const P2pModelInfo *info)
{
  const gboolean used   = info && info->hints;
  const int      chosen = chosen_id (chooser);

  gtk_widget_set_visible (chooser->box, used);
  if (! info || used == (chosen > 0))
    return;

  if (! used)
    {
      chooser->unused = chosen;
      g_object_set (chooser->config, "hints", NULL, NULL);
    }
  else if (chooser->unused && gimp_item_id_is_valid (chooser->unused))
    {
      g_object_set (chooser->config, "hints", gimp_item_get_by_id (chooser->unused), NULL);
      chooser->unused = 0;
    }
}

void
p2p_hint_chooser_free (P2pHintChooser *chooser,
                       gboolean        keep)
{
  if (! keep)
    {
      if (chooser->shown && gimp_item_is_valid (GIMP_ITEM (chooser->layer->drawable)))
        select_layer (GIMP_ITEM (chooser->layer->drawable));
      unshow (chooser);
      unmake (chooser);
    }

  g_signal_handlers_disconnect_by_data (chooser->config, chooser);
  g_clear_object (&chooser->made);
  g_clear_object (&chooser->shown);
  g_object_unref (chooser->config);
  g_object_unref (chooser->store);
  g_object_unref (chooser->box);
  g_free (chooser);
}

GtkWidget *
p2p_hint_chooser_get_widget (P2pHintChooser *chooser)
{
  return chooser->box;
}
