/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "options.h"

#include "base/intl.h"
#include "text.h"

/* If the layer's longer side exceeds the model's default scale by this factor, a hint advises
 * against the scale "native". */
#define FAR_FROM_TRAINED 2

/* When GIMP 3.2 changes the mode of an image, it also rasterizes vector layers and cuts link layers
 * off from their files. */
#if GIMP_CHECK_VERSION (3, 2, 0)
#define CONVERTED _("The result is in color, so the grayscale image becomes an RGB image. Its " \
                    "vector layers, if it has any, become pixels, and its link layers no longer " \
                    "follow their files.")
#else
#define CONVERTED _("The result is in color, so the grayscale image becomes an RGB image.")
#endif

enum
{
  COLUMN_ID,
  COLUMN_LABEL,
  N_COLUMNS,
};

struct _P2pOptions
{
  GimpProcedureDialog *dialog;
  GimpProcedureConfig *config;
  int                  longer_side;   /* of the layer */
  gboolean             gray;          /* the layer is gray */
  gboolean             converts;      /* the result is in color, and the layer is gray */
  gboolean             filters;       /* at least one layer has live filters */

  int                  fit;           /* the model's default scale, as in P2pModelInfo */
  GtkSizeGroup        *labels, *numbers;  /* keep all labels of rows, and all numbers of sliders,
                                           * equally wide */
  GtkWidget           *box, *chroma, *labels_row, *noise, *statistics, *plan, *hint, *convert,
                      *merge;         /* convert and merge are notes, each in a container from
                                       * place_new () */
  GtkWidget           *vary;          /* the check button in noise */
  GtkWidget           *lines;         /* the settings for line art alone */
  GtkWidget           *output;        /* is not inside of box */
};

void
p2p_dialog_get_options (GimpProcedureConfig  *config,
                        P2pApplyOptions      *options,
                        char                **scale)
{
  int seed, memory;

  *options = (P2pApplyOptions) P2P_APPLY_DEFAULTS;
  g_object_get (config,
                "strength",    &options->strength,
                "scale",       scale,
                "chroma",      &options->chroma,
                "snap-labels", &options->snap_labels,
                "keep-paper",  &options->keep_paper,
                "line-strength", &options->line_strength,
                "noise",       &options->noise,
                "seed",        &seed,
                "memory",      &memory,
                "tile",        &options->tile,
                "overlap",     &options->overlap,
                NULL);
  options->seed       = seed;
  options->memory     = (guint64) memory << 20;
  options->statistics = gimp_procedure_config_get_choice_id (config, "statistics");

  /* GIMP passes an empty string as NULL when it comes from the dialog or the last values. */
  if (! *scale || ! **scale)
    {
      g_free (*scale);
      *scale = g_strdup (options->scale);
    }
  options->scale = *scale;
}

int
p2p_dialog_get_fit (const char *scale,
                    int         fit)
{
  if (! scale || strcmp (scale, "default") == 0)
    return fit;

  return g_str_has_prefix (scale, "fit:") ? atoi (scale + strlen ("fit:")) : 0;
}

/* ---- Rows --------------------------------------------------------------------------- */

static const char *
nick (P2pOptions *options,
      const char *property)
{
  return g_param_spec_get_nick (
    g_object_class_find_property (G_OBJECT_GET_CLASS (options->config), property));
}

static void
explain (P2pOptions *options,
         const char *property,
         GtkWidget  *widget)
{
  gtk_widget_set_tooltip_text (widget, g_param_spec_get_blurb (
    g_object_class_find_property (G_OBJECT_GET_CLASS (options->config), property)));
}

/* A row with the property's label and a widget. */
static GtkWidget *
row_new (P2pOptions *options,
         const char *property,
         GtkWidget  *widget)
{
  GtkWidget *row   = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new_with_mnemonic (nick (options, property));

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), widget);
  gtk_size_group_add_widget (options->labels, label);
  explain (options, property, row);
  gtk_box_pack_start (GTK_BOX (row), label, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), widget, TRUE, TRUE, 0);

  return row;
}

static GtkWidget *
number_new (P2pOptions *options,
            const char *property)
{
  return row_new (options, property,
                  gimp_prop_spin_button_new (G_OBJECT (options->config), property, 1.0, 64.0, 0));
}

/* gimp_prop_check_button_new () of GIMP 3.0.4 would leave a label of 4 kB behind. */
static GtkWidget *
check_new (P2pOptions *options,
           const char *property)
{
  GtkWidget *check = gtk_check_button_new_with_mnemonic (nick (options, property));

  g_object_bind_property (options->config, property, check, "active",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  explain (options, property, check);

  return check;
}

static void
set_name (GtkWidget  *widget,
          const char *name)
{
  atk_object_set_name (gtk_widget_get_accessible (widget), name);
}

/* A slider in percent, from 0 to most.  Its label is aligned with the labels of the rows.  The
 * property's blurb is written for scripts, where 1 stands for 100 %.  If the blurb mentions such
 * numbers, tooltip replaces it; otherwise tooltip is NULL. */
static GtkWidget *
slider_new (P2pOptions *options,
            const char *property,
            double      most,
            const char *tooltip)
{
  GtkWidget  *slider = gimp_procedure_dialog_get_scale_entry (options->dialog, property, 100.0);
  GtkWidget  *label  = gimp_labeled_get_label (GIMP_LABELED (slider));
  GtkWidget  *number = gimp_label_spin_get_spin_button (GIMP_LABEL_SPIN (slider));
  const char *name   = gtk_label_get_text (GTK_LABEL (label));

  gtk_size_group_add_widget (options->labels, label);
  gtk_size_group_add_widget (options->numbers, number);
  gtk_grid_set_column_spacing (GTK_GRID (slider), 12);
  gimp_scale_entry_set_bounds (GIMP_SCALE_ENTRY (slider), 0.0, most, TRUE);
  set_name (gimp_scale_entry_get_range (GIMP_SCALE_ENTRY (slider)), name);
  set_name (number, name);
  if (tooltip)
    gtk_widget_set_tooltip_text (slider, tooltip);

  return slider;
}

static void
add_scale (GtkListStore *store,
           const char   *id,
           const char   *label)
{
  gtk_list_store_insert_with_values (store, NULL, -1, COLUMN_ID, id, COLUMN_LABEL, label, -1);
}

/* Offers the usual sizes, and the present one if a script or a saved setting has set another. */
static GtkWidget *
scale_combo_new (P2pOptions *options)
{
  static const int         sizes[] = { 256, 512, 1024, 2048 };
  g_autoptr (GtkListStore) store   = gtk_list_store_new (N_COLUMNS, G_TYPE_STRING, G_TYPE_STRING);
  g_autofree char         *chosen  = NULL;
  gboolean                 known   = FALSE;

  g_object_get (options->config, "scale", &chosen, NULL);
  if (! chosen || ! *chosen)
    {
      g_free (chosen);
      chosen = g_strdup ("default");
      g_object_set (options->config, "scale", chosen, NULL);
    }

  add_scale (store, "default", _("What suits the model"));
  add_scale (store, "native", _("The layer's own size"));
  known = strcmp (chosen, "default") == 0 || strcmp (chosen, "native") == 0;
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *id    = g_strdup_printf ("fit:%d", sizes[i]);
      g_autofree char *label = g_strdup_printf (_("Longer side %d pixels, scaled back"), sizes[i]);

      add_scale (store, id, label);
      known |= strcmp (id, chosen) == 0;
    }
  if (! known)
    add_scale (store, chosen, chosen);

  return gimp_prop_string_combo_box_new (G_OBJECT (options->config), "scale",
                                         GTK_TREE_MODEL (store), COLUMN_ID, COLUMN_LABEL);
}

static void
new_seed (GimpProcedureConfig *config)
{
  g_object_set (config, "noise", TRUE, "seed", g_random_int_range (0, G_MAXINT), NULL);
}

/* The row for results that vary: a check button, a seed, and a button that draws another seed. */
static GtkWidget *
noise_new (P2pOptions *options)
{
  GtkWidget *row  = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *seed = gimp_prop_spin_button_new (G_OBJECT (options->config), "seed", 1.0, 10.0, 0);
  GtkWidget *die  = gtk_button_new_with_mnemonic (_("_Another"));

  options->vary = check_new (options, "noise");
  gtk_widget_set_tooltip_text (die, _("Throw a die: another seed gives another result"));
  gtk_entry_set_width_chars (GTK_ENTRY (seed), 10);   /* as many digits as G_MAXINT has */
  set_name (seed, _("Seed"));
  explain (options, "seed", seed);
  g_object_bind_property (options->config, "noise", seed, "sensitive", G_BINDING_SYNC_CREATE);
  g_signal_connect_swapped (die, "clicked", G_CALLBACK (new_seed), options->config);
  gtk_box_pack_start (GTK_BOX (row), options->vary, FALSE, FALSE, 0);
  gtk_box_pack_end (GTK_BOX (row), die, FALSE, FALSE, 0);
  gtk_box_pack_end (GTK_BOX (row), seed, FALSE, FALSE, 0);

  return row;
}

/* A container for note that keeps its height while the note appears and disappears.  used is FALSE
 * if the note never appears for this layer; then the container is hidden and takes no room. */
static GtkWidget *
place_new (GtkWidget *note,
           gboolean   used)
{
  GtkWidget *place = p2p_place_new ();

  gtk_container_add (GTK_CONTAINER (place), note);
  gtk_widget_show_all (place);
  gtk_widget_set_no_show_all (place, TRUE);
  gtk_widget_set_visible (place, used);

  return place;
}

static void
show_note (GtkWidget *note,
           gboolean   visible)
{
  p2p_place_show (gtk_widget_get_parent (note), visible ? note : NULL);
}

static GtkWidget *
output_new (P2pOptions *options)
{
  GtkWidget *output = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *row    = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *frame  = gimp_prop_choice_radio_frame_new (G_OBJECT (options->config), "output");
  GtkWidget *box    = gtk_bin_get_child (GTK_BIN (frame));
  GtkWidget *title  = gtk_frame_get_label_widget (GTK_FRAME (frame));

  /* The three choices are short, so they stand in one line with the title. */
  gtk_orientable_set_orientation (GTK_ORIENTABLE (box), GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_spacing (GTK_BOX (box), 12);
  g_object_ref (title);
  gtk_frame_set_label_widget (GTK_FRAME (frame), NULL);
  gtk_box_pack_start (GTK_BOX (row), title, FALSE, FALSE, 0);
  g_object_unref (title);
  gtk_box_pack_start (GTK_BOX (row), frame, FALSE, FALSE, 0);

  options->merge = p2p_text_new_dim (_("The layer is translated as it looks, so its filters are "
                                       "merged into it."));
  gtk_box_pack_start (GTK_BOX (output), place_new (options->merge, options->filters), FALSE, FALSE,
                      0);
  gtk_box_pack_start (GTK_BOX (output), row, FALSE, FALSE, 0);

  return output;
}

/* The settings for line art alone. */
static GtkWidget *
lines_new (P2pOptions *options)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_box_pack_start (GTK_BOX (box), slider_new (options, "line-strength", 400.0, NULL), FALSE,
                      FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), check_new (options, "keep-paper"), FALSE, FALSE, 0);

  return box;
}

static GtkWidget *
advanced_new (P2pOptions *options)
{
  GtkWidget *expander = gtk_expander_new_with_mnemonic (_("A_dvanced"));
  GtkWidget *box      = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  options->statistics = gimp_prop_choice_radio_frame_new (G_OBJECT (options->config),
                                                          "statistics");
  explain (options, "statistics", options->statistics);
  gtk_widget_set_margin_start (box, 12);
  gtk_box_pack_start (GTK_BOX (box), options->statistics, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), number_new (options, "memory"), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), number_new (options, "tile"), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), number_new (options, "overlap"), FALSE, FALSE, 0);
  gtk_container_add (GTK_CONTAINER (expander), box);

  return expander;
}

/* ---- What the model knows ----------------------------------------------------------- */

/* Shows notes about what the chosen output does to the image besides writing the result: it may
 * convert the image to RGB, or merge filters. */
static void
show_output (P2pOptions *options)
{
  g_autofree char *output = NULL;

  g_object_get (options->config, "output", &output, NULL);
  show_note (options->convert, options->converts && strcmp (output, "new-image") != 0);
  show_note (options->merge, options->filters && strcmp (output, "in-place") == 0);
}

static void
show_hint (P2pOptions *options)
{
  g_autofree char *scale = NULL;
  g_autofree char *text  = NULL;
  gboolean         far;

  g_object_get (options->config, "scale", &scale, NULL);
  far = options->fit && g_strcmp0 (scale, "native") == 0 &&
        options->longer_side > FAR_FROM_TRAINED * options->fit;
  if (far)
    text = g_strdup_printf (_("This model has to see the whole picture, at about %d pixels: choose "
                              "“What suits the model” for a layer this large."),
                            options->fit);
  gtk_label_set_text (GTK_LABEL (options->hint), text);
  gtk_widget_set_visible (options->hint, far);
}

void
p2p_options_set_model (P2pOptions         *options,
                       const P2pModelInfo *info)
{
  gboolean palette = info && p2p_model_info_get (info, "palette");
  gboolean running = info && info->running;
  gboolean varies  = info && info->noise;

  options->fit = info ? info->fit : 0;
  gtk_widget_set_sensitive (options->box, info != NULL);
  gtk_widget_set_sensitive (options->output, info != NULL);
  gtk_widget_set_sensitive (options->chroma, info && info->chroma);
  gtk_widget_set_sensitive (options->labels_row, palette);
  gtk_widget_set_sensitive (options->noise, varies);
  if (varies)
    explain (options, "noise", options->vary);
  else
    gtk_widget_set_tooltip_text (options->vary, _("This model gives the same result every time, "
                                                  "or nearly so: another seed would change next to "
                                                  "nothing."));
  gtk_widget_set_sensitive (options->statistics, running);
  gtk_widget_set_visible (options->lines, info && info->sees_lines);
  options->converts = options->gray && info && info->color;
  show_output (options);
  show_hint (options);

  /* The core refuses these settings for a model without palette or without running statistics, so
   * they are reset. */
  if (info && ! palette)
    g_object_set (options->config, "snap-labels", FALSE, NULL);
  if (info && ! running)
    g_object_set (options->config, "statistics", "model", NULL);
}

P2pOptions *
p2p_options_new (GimpProcedureDialog  *dialog,
                 GimpProcedureConfig  *config,
                 const P2pDialogLayer *layer)
{
  P2pOptions *options = g_new0 (P2pOptions, 1);
  GtkWidget  *rows[12];
  guint       n       = 0;

  options->dialog      = dialog;
  options->config      = g_object_ref (config);
  options->longer_side = MAX (layer->width, layer->height);
  options->gray        = layer->channels < 3;
  options->filters     = layer->filters;
  options->labels      = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  options->numbers     = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  options->box         = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  options->plan        = p2p_text_new_dim (NULL);
  options->hint        = p2p_text_new (NULL);
  options->convert     = p2p_text_new_dim (CONVERTED);
  options->chroma      = slider_new (options, "chroma", 200.0,
                                     _("For models that only add color: below 100 the colors are "
                                       "paler, above 100 stronger"));
  options->labels_row  = check_new (options, "snap-labels");
  options->lines       = lines_new (options);
  options->output      = g_object_ref_sink (output_new (options));
  options->noise       = noise_new (options);
  gtk_widget_set_no_show_all (options->hint, TRUE);

  rows[n++] = options->lines;
  rows[n++] = slider_new (options, "strength", 100.0,
                          _("How much of the result is seen: 0 leaves the picture as it is, 100 "
                            "is the result alone"));
  rows[n++] = options->chroma;
  rows[n++] = row_new (options, "scale", scale_combo_new (options));
  rows[n++] = options->plan;
  rows[n++] = options->hint;
  rows[n++] = options->labels_row;
  rows[n++] = options->noise;
  rows[n++] = place_new (options->convert, options->gray);
  rows[n++] = advanced_new (options);
  for (guint i = 0; i < n; i++)
    gtk_box_pack_start (GTK_BOX (options->box), rows[i], FALSE, FALSE, 0);
  p2p_ignore_wheel (options->box);
  g_signal_connect_swapped (config, "notify::output", G_CALLBACK (show_output), options);
  g_signal_connect_swapped (config, "notify::scale", G_CALLBACK (show_hint), options);

  return options;
}

void
p2p_options_free (P2pOptions *options)
{
  g_signal_handlers_disconnect_by_data (options->config, options);
  g_object_unref (options->labels);
  g_object_unref (options->numbers);
  g_object_unref (options->config);
  g_object_unref (options->output);
  g_object_unref (options->box);
  g_free (options);
}

GtkWidget *
p2p_options_get_widget (P2pOptions *options)
{
  return options->box;
}

GtkWidget *
p2p_options_get_output (P2pOptions *options)
{
  return options->output;
}

GtkLabel *
p2p_options_get_plan (P2pOptions *options)
{
  return GTK_LABEL (options->plan);
}
