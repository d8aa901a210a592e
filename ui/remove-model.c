/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "remove-model.h"

#include "base/intl.h"
#include "text.h"

static int
ask (GtkWindow          *parent,
     const P2pModelInfo *info)
{
  GtkWidget *dialog = gtk_message_dialog_new (parent, GTK_DIALOG_MODAL, GTK_MESSAGE_QUESTION,
                                              GTK_BUTTONS_NONE, _("Move “%s” to the trash?"),
                                              info->title);
  int        answer;

  gtk_message_dialog_format_secondary_text (
    GTK_MESSAGE_DIALOG (dialog), _("The file %s stays in the trash until you empty it."),
    info->path);
  gtk_dialog_add_buttons (GTK_DIALOG (dialog), _("_Cancel"), GTK_RESPONSE_CANCEL,
                          _("Move to _Trash"), GTK_RESPONSE_OK, NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_OK);
  answer = gtk_dialog_run (GTK_DIALOG (dialog));
  gtk_widget_destroy (dialog);

  return answer;
}

gboolean
p2p_remove_model_run (GtkWindow          *parent,
                      const P2pModelInfo *info)
{
  g_autoptr (GError) error = NULL;

  if (ask (parent, info) != GTK_RESPONSE_OK)
    return FALSE;
  if (! p2p_model_remove (info, &error))
    p2p_show_error (parent, _("The model was not removed."), error);

  return TRUE;
}
