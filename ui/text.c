/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "text.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "p2p.h"

/* Characters in a line of running text. */
#define TEXT_WIDTH 44

GtkWidget *
p2p_text_new (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), TEXT_WIDTH);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0);

  return label;
}

GtkWidget *
p2p_text_new_dim (const char *text)
{
  GtkWidget *label = p2p_text_new (text);

  gtk_style_context_add_class (gtk_widget_get_style_context (label), GTK_STYLE_CLASS_DIM_LABEL);

  return label;
}

void
p2p_text_reserve (GtkWidget *label,
                  int        lines)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (label, "X");
  int          height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  g_object_unref (layout);
  gtk_widget_set_size_request (label, -1, lines * height);
  gtk_label_set_yalign (GTK_LABEL (label), 0.0);
}

GtkWidget *
p2p_place_new (void)
{
  GtkWidget *place = gtk_stack_new ();

  gtk_stack_add_named (GTK_STACK (place), gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "none");

  return place;
}

void
p2p_place_show (GtkWidget *place,
                GtkWidget *widget)
{
  if (widget)
    gtk_stack_set_visible_child (GTK_STACK (place), widget);
  else
    gtk_stack_set_visible_child_name (GTK_STACK (place), "none");
}

char *
p2p_text_seconds (double seconds)
{
  g_autofree char *duration = p2p_duration_text (ceil (seconds));

  return seconds < 1.0 ? g_strdup (_("less than a second"))
                       : g_strdup_printf (_("about %s"), duration);
}

GtkWidget *
p2p_button_new (const char *icon_name,
                const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name, GTK_ICON_SIZE_BUTTON);

  gtk_widget_set_tooltip_text (button, name);
  atk_object_set_name (gtk_widget_get_accessible (button), name);

  return button;
}

void
p2p_container_clear (GtkContainer *container)
{
  GList *children = gtk_container_get_children (container);

  for (GList *child = children; child; child = child->next)
    gtk_widget_destroy (child->data);
  g_list_free (children);
}

void
p2p_style_set (GtkWidget  *widget,
               const char *name,
               const char *css)
{
  GdkScreen *screen = gtk_widget_get_screen (widget);

  if (! g_object_get_data (G_OBJECT (screen), name))
    {
      GtkCssProvider *provider = gtk_css_provider_new ();

      gtk_css_provider_load_from_data (provider, css, -1, NULL);
      gtk_style_context_add_provider_for_screen (screen, GTK_STYLE_PROVIDER (provider),
                                                 GTK_STYLE_PROVIDER_PRIORITY_USER);
      g_object_set_data_full (G_OBJECT (screen), name, provider, g_object_unref);
    }
  gtk_style_context_add_class (gtk_widget_get_style_context (widget), name);
}

/* Skips widget's own handler for the scroll event, and lets the event go on to the widgets around
 * it. */
static gboolean
pass_on (GtkWidget *widget)
{
  g_signal_stop_emission_by_name (widget, "scroll-event");

  return GDK_EVENT_PROPAGATE;
}

static void
ignore_wheel (GtkWidget *widget,
              gpointer   unused)
{
  if (GTK_IS_RANGE (widget) || GTK_IS_SPIN_BUTTON (widget) || GTK_IS_COMBO_BOX (widget))
    g_signal_connect (widget, "scroll-event", G_CALLBACK (pass_on), NULL);
  else if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), ignore_wheel, NULL);
}

void
p2p_ignore_wheel (GtkWidget *widget)
{
  ignore_wheel (widget, NULL);
}

void
p2p_show_error (GtkWindow    *parent,
                const char   *what,
                const GError *error)
{
  GtkWidget *dialog = gtk_message_dialog_new (parent, GTK_DIALOG_MODAL, GTK_MESSAGE_ERROR,
                                              GTK_BUTTONS_CLOSE, "%s", what);

  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog), "%s", error->message);
  gtk_dialog_run (GTK_DIALOG (dialog));
  gtk_widget_destroy (dialog);
}
