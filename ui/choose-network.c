/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "choose-network.h"

#include "base/intl.h"
#include "p2p.h"
#include "text.h"

/* A box with a radio button for each name, in the same order. */
static GtkWidget *
list_new (char **names)
{
  GtkWidget *list  = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *first = NULL;

  for (int i = 0; names[i]; i++)
    {
      const char *name   = *names[i] ? names[i] : _("The file as a whole");
      GtkWidget  *button = gtk_radio_button_new_with_label_from_widget (
        first ? GTK_RADIO_BUTTON (first) : NULL, name);

      first = first ? first : button;
      gtk_container_add (GTK_CONTAINER (list), button);
    }

  return list;
}

static const char *
chosen (GtkWidget  *list,
        char      **names)
{
  g_autoptr (GList) buttons = gtk_container_get_children (GTK_CONTAINER (list));
  int               i       = 0;

  for (GList *link = buttons; link; link = link->next, i++)
    if (gtk_toggle_button_get_active (link->data))
      return names[i];

  g_return_val_if_reached (names[0]);
}

/* Returns the name that the user chooses (newly allocated), or NULL when the user cancels. */
static char *
ask (GtkWindow   *parent,
     const char  *path,
     char       **names)
{
  GtkWidget       *dialog = gtk_dialog_new_with_buttons (_("Choose Network"), parent,
                                                         GTK_DIALOG_MODAL,
                                                         _("_Cancel"), GTK_RESPONSE_CANCEL,
                                                         _("C_ontinue"), GTK_RESPONSE_OK, NULL);
  GtkWidget       *box    = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget       *list   = list_new (names);
  g_autofree char *file   = g_path_get_basename (path);
  g_autofree char *text   = g_strdup_printf (
    _("%s holds several networks. Which one translates pictures?"), file);
  char            *name   = NULL;

  gtk_container_add (GTK_CONTAINER (box), p2p_text_new (text));
  gtk_container_add (GTK_CONTAINER (box), list);
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_container_add (GTK_CONTAINER (gtk_dialog_get_content_area (GTK_DIALOG (dialog))), box);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_OK);
  gtk_widget_show_all (box);
  if (gtk_dialog_run (GTK_DIALOG (dialog)) == GTK_RESPONSE_OK)
    name = g_strdup (chosen (list, names));
  gtk_widget_destroy (dialog);

  return name;
}

gboolean
p2p_choose_network_run (GtkWindow   *parent,
                        const char  *path,
                        char       **network)
{
  /* Errors are ignored here, because opening the model reports them later. */
  g_auto (GStrv) names = p2p_model_networks (path, NULL);

  *network = NULL;
  if (! names || g_strv_length (names) < 2)
    return TRUE;
  *network = ask (parent, path, names);

  return *network != NULL;
}
