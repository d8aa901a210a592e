/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "model-row.h"

#include <glib/gi18n-lib.h>

#include "legend.h"
#include "text.h"
#include "thumbnail.h"

#define THUMB_WIDTH  72
#define THUMB_HEIGHT 36

const P2pKind p2p_kinds[] = {
  { "labels",   N_("Label colors") },
  { "photo",    N_("Photo") },
  { "gray",     N_("Gray picture") },
  { "color",    N_("Color picture") },
  { "lineart",  N_("Line drawing") },
  { "sketch",   N_("Sketch") },
  { "edges",    N_("Outlines") },
  { "aerial",   N_("Aerial photo") },
  { "map",      N_("Map") },
  { "day",      N_("Day") },
  { "night",    N_("Night") },
  { "summer",   N_("Summer") },
  { "winter",   N_("Winter") },
  { "painting", N_("Painting") },
  { NULL },
};

static const char *
kind_name (const char *id)
{
  for (const P2pKind *kind = p2p_kinds; kind->id; kind++)
    if (strcmp (id, kind->id) == 0)
      return _(kind->name);

  return id;
}

char *
p2p_model_task_text (const char *task)
{
  g_auto (GStrv) ends = g_strsplit (task, "-to-", 2);

  if (g_strv_length (ends) != 2)
    return g_strdup (*task ? task : _("Other"));

  /* Translators: a model's task: the kind of picture that it takes, and the kind that it gives. */
  return g_strdup_printf (_("%s to %s"), kind_name (ends[0]), kind_name (ends[1]));
}

GtkWidget *
p2p_model_row_new (const P2pModelInfo *info)
{
  GtkWidget       *row    = gtk_list_box_row_new ();
  GtkWidget       *box    = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget       *texts  = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget       *image  = gtk_image_new_from_icon_name ("image-x-generic-symbolic",
                                                          GTK_ICON_SIZE_DND);
  GtkWidget       *title  = gtk_label_new (NULL);
  GtkWidget       *line   = gtk_label_new (info->description);
  g_autofree char *markup = g_markup_printf_escaped ("<b>%s</b>", info->title);

  gtk_label_set_markup (GTK_LABEL (title), markup);
  gtk_label_set_xalign (GTK_LABEL (title), 0.0);
  gtk_label_set_xalign (GTK_LABEL (line), 0.0);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_label_set_ellipsize (GTK_LABEL (line), PANGO_ELLIPSIZE_END);
  gtk_widget_set_size_request (image, THUMB_WIDTH, THUMB_HEIGHT);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_container_set_border_width (GTK_CONTAINER (box), 4);

  gtk_box_pack_start (GTK_BOX (texts), title, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (texts), line, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), image, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), texts, TRUE, TRUE, 0);
  gtk_container_add (GTK_CONTAINER (row), box);

  gtk_widget_set_tooltip_text (row, info->description);
  atk_object_set_name (gtk_widget_get_accessible (row), info->title);
  atk_object_set_description (gtk_widget_get_accessible (row), info->description);
  g_object_set_data (G_OBJECT (row), "info", (gpointer) info);
  g_object_set_data (G_OBJECT (row), "image", image);
  gtk_widget_show_all (row);

  return row;
}

const P2pModelInfo *
p2p_model_row_info (GtkListBoxRow *row)
{
  return row ? g_object_get_data (G_OBJECT (row), "info") : NULL;
}

void
p2p_model_row_load (GtkListBoxRow *row)
{
  const P2pModelInfo   *info   = p2p_model_row_info (row);
  GtkImage             *image  = g_object_get_data (G_OBJECT (row), "image");
  g_autoptr (GdkPixbuf) pixbuf = p2p_thumbnail_load (info->path, THUMB_WIDTH, THUMB_HEIGHT);

  if (pixbuf)
    gtk_image_set_from_pixbuf (image, pixbuf);
}

gboolean
p2p_model_row_suits (GtkListBoxRow *row)
{
  return row && g_object_get_data (G_OBJECT (row), "suits");
}

void
p2p_model_row_set_suits (GtkListBoxRow *row,
                         gboolean       suits)
{
  g_object_set_data (G_OBJECT (row), "suits", GINT_TO_POINTER (suits));
}

static gboolean
contains (const char *text,
          const char *folded)
{
  g_autofree char *other = g_utf8_casefold (text, -1);

  return strstr (other, folded) != NULL;
}

gboolean
p2p_model_row_has (GtkListBoxRow *row,
                   const char    *words)
{
  const P2pModelInfo *info   = p2p_model_row_info (row);
  g_autofree char    *folded = g_utf8_casefold (words, -1);
  g_autofree char    *task   = p2p_model_task_text (info->task);

  return contains (info->title, folded) || contains (info->description, folded) ||
         contains (task, folded) || contains (info->id, folded);
}

/* ---- About a model ------------------------------------------------------------------ */

/* The description and origin that the model's card tells.  A card may lack any of them. */
static char *
origin_text (const P2pModelInfo *info)
{
  const struct { const char *key, *name; } facts[] = {
    { "good_at", _("Good at") },
    { "bad_at",  _("Not so good at") },
    { "suits",   _("Wants") },
    { "authors", _("Made by") },
    { "data",    _("Trained on") },
    { "licence", _("Terms") },
  };
  GString *text = g_string_new (info->description);

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      const char *value = p2p_model_info_get (info, facts[i].key);

      if (! value || ! *value)
        continue;
      if (text->len)
        g_string_append_c (text, '\n');
      g_string_append_printf (text, _("%s: %s"), facts[i].name, value);
    }
  if (! text->len)
    g_string_append (text, _("The file does not tell where it comes from."));

  return g_string_free (text, FALSE);
}

/* Shows the figures that were measured in training: how close the model's results came to the
 * target pictures.  Only people who train models need these numbers, so they are folded away. */
static GtkWidget *
figures_new (const char *metrics)
{
  GtkWidget *expander = gtk_expander_new (_("Figures"));
  GtkWidget *label    = p2p_text_new_dim (metrics);

  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_container_add (GTK_CONTAINER (expander), label);

  return expander;
}

void
p2p_model_about (GtkContainer       *box,
                 const P2pModelInfo *info)
{
  const char      *palette = p2p_model_info_get (info, "palette");
  g_autofree char *origin  = origin_text (info);
  const char      *metrics = p2p_model_info_get (info, "metrics");
  GtkWidget       *label   = p2p_text_new (origin);

  p2p_container_clear (box);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  if (palette)
    gtk_container_add (box, p2p_legend_new (palette));
  gtk_container_add (box, label);
  if (metrics && *metrics)
    gtk_container_add (box, figures_new (metrics));
  gtk_widget_show_all (GTK_WIDGET (box));
}
