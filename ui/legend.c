/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "legend.h"

#include <glib/gi18n-lib.h>

#include "foreground.h"
#include "text.h"

#define SWATCH 14

static gboolean
draw_swatch (GtkWidget *widget,
             cairo_t   *cr,
             gpointer   data)
{
  gdk_cairo_set_source_rgba (cr, data);
  cairo_paint (cr);
  cairo_rectangle (cr, 0.5, 0.5, SWATCH - 1.0, SWATCH - 1.0);
  cairo_set_source_rgba (cr, 0.5, 0.5, 0.5, 0.8);
  cairo_set_line_width (cr, 1.0);
  cairo_stroke (cr);

  return FALSE;
}

static void
pressed (GtkButton     *button,
         const GdkRGBA *color)
{
  p2p_foreground_set (color);
}

/* Makes the button of a color.  It takes ownership of color. */
static GtkWidget *
button_new (const char *name,
            const char *code,
            GdkRGBA    *color)
{
  GtkWidget       *button = gtk_button_new ();
  GtkWidget       *box    = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget       *swatch = gtk_drawing_area_new ();
  GtkWidget       *label  = gtk_label_new (name);
  g_autofree char *tip    = g_strdup_printf (_("Paint with this color, %s"), code);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_widget_set_size_request (swatch, SWATCH, SWATCH);
  gtk_widget_set_valign (swatch, GTK_ALIGN_CENTER);
  gtk_box_pack_start (GTK_BOX (box), swatch, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), label, FALSE, FALSE, 0);
  gtk_container_add (GTK_CONTAINER (button), box);

  gtk_button_set_relief (GTK_BUTTON (button), GTK_RELIEF_NONE);
  gtk_widget_set_tooltip_text (button, tip);
  atk_object_set_name (gtk_widget_get_accessible (button), name);
  g_object_set_data_full (G_OBJECT (button), "color", color, (GDestroyNotify) gdk_rgba_free);
  g_signal_connect (swatch, "draw", G_CALLBACK (draw_swatch), color);
  g_signal_connect (button, "clicked", G_CALLBACK (pressed), color);

  return button;
}

/* Makes the item for an entry "name=#rrggbb".  Returns NULL when the entry has another form.
 * Writes into the string entry. */
static GtkWidget *
item_new (char *entry)
{
  char      *equals = strrchr (entry, '=');
  GdkRGBA    color;
  GtkWidget *item;

  if (! equals || ! gdk_rgba_parse (&color, g_strstrip (equals + 1)))
    return NULL;

  *equals = '\0';
  item = gtk_flow_box_child_new ();
  gtk_widget_set_can_focus (item, FALSE);   /* the button inside takes the focus */
  gtk_container_add (GTK_CONTAINER (item),
                     button_new (g_strstrip (entry), equals + 1, gdk_rgba_copy (&color)));

  return item;
}

/* GIMP's themes make buttons too large for a list of colors. */
static const char style[] =
  ".pix2pix-legend button { padding: 1px 3px; min-height: 0; min-width: 0; }"
  ".pix2pix-legend flowboxchild { padding: 0; }";

GtkWidget *
p2p_legend_new (const char *palette)
{
  GtkWidget     *flow    = gtk_flow_box_new ();
  g_auto (GStrv) entries = g_strsplit (palette, ",", -1);

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (flow), 3);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (flow), 4);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (flow), TRUE);
  p2p_style_set (flow, "pix2pix-legend", style);
  for (char **entry = entries; *entry; entry++)
    {
      GtkWidget *item = item_new (*entry);

      if (item)
        gtk_container_add (GTK_CONTAINER (flow), item);
    }

  return flow;
}
