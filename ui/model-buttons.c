/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "model-buttons.h"

#include "add-model.h"
#include "base/intl.h"
#include "remove-model.h"
#include "text.h"

struct _P2pModelButtons
{
  P2pModelButtonsFunc  func;
  gpointer             data;

  const P2pModelInfo  *info;      /* the chosen model; NULL: none */
  char                *path;      /* of the file to add; NULL: the user is asked for one */
  guint                running;   /* idle source that opens a dialog; 0: none */

  GtkWidget           *box, *edit, *remove, *folder;
  GtkWidget           *popover;   /* shows the folder's path; NULL until it is needed */
};

static GtkWindow *
window_of (P2pModelButtons *buttons)
{
  return GTK_WINDOW (gtk_widget_get_toplevel (buttons->box));
}

/* Calls func, which runs a dialog, from an idle source.  A dialog that ran inside of a signal
 * handler would block its caller: assistive technology that has pressed a button, or the program
 * that waits for the end of a drop, would get no answer until the dialog is closed. */
static void
run_soon (P2pModelButtons *buttons,
          GSourceFunc      func)
{
  if (! buttons->running)
    buttons->running = g_idle_add (func, buttons);
}

/* ---- Adding and correcting ---------------------------------------------------------------- */

static gboolean
add (gpointer data)
{
  P2pModelButtons *buttons = data;
  g_autofree char *path    = g_steal_pointer (&buttons->path);
  g_autofree char *id      = NULL;

  if (! path)
    path = p2p_add_model_choose (window_of (buttons));
  if (path)
    id = p2p_add_model_run (window_of (buttons), path);
  buttons->running = 0;
  if (id)
    buttons->func (id, buttons->data);

  return G_SOURCE_REMOVE;
}

static void
add_clicked (P2pModelButtons *buttons)
{
  run_soon (buttons, add);
}

void
p2p_model_buttons_add (P2pModelButtons *buttons,
                       const char      *path)
{
  if (buttons->running)
    return;
  buttons->path = g_strdup (path);
  run_soon (buttons, add);
}

/* A model is edited with the dialog that adds models.  A file that already lies in the user's
 * folder stays in its place. */
static void
edit_clicked (P2pModelButtons *buttons)
{
  p2p_model_buttons_add (buttons, buttons->info->path);
}

/* ---- Removing ----------------------------------------------------------------------------- */

/* Reads an info of its own, because the list may be filled anew while the user is asked, which
 * frees buttons->info. */
static gboolean
remove_model (gpointer data)
{
  P2pModelButtons         *buttons = data;
  g_autoptr (P2pModelInfo) info    = buttons->info
                                     ? p2p_model_info_new (buttons->info->path, NULL, NULL) : NULL;
  const gboolean           removed = info && p2p_remove_model_run (window_of (buttons), info);

  buttons->running = 0;
  if (removed)
    buttons->func (NULL, buttons->data);

  return G_SOURCE_REMOVE;
}

static void
remove_clicked (P2pModelButtons *buttons)
{
  run_soon (buttons, remove_model);
}

/* ---- The folder --------------------------------------------------------------------------- */

/* Shows the folder's path as a text that can be copied, in a popover that moves no other widget. */
static void
tell_folder (P2pModelButtons *buttons,
             const char      *path)
{
  g_autofree char *text = g_strdup_printf (_("No program to show folders was found. Models belong "
                                             "in this folder:\n%s"), path);

  if (! buttons->popover)
    {
      GtkWidget *label = p2p_text_new (text);

      buttons->popover = gtk_popover_new (buttons->folder);
      gtk_label_set_selectable (GTK_LABEL (label), TRUE);
      gtk_container_set_border_width (GTK_CONTAINER (buttons->popover), 12);
      gtk_container_add (GTK_CONTAINER (buttons->popover), label);
      gtk_widget_show (label);
    }
  gtk_popover_popup (GTK_POPOVER (buttons->popover));
}

/* GTK reports success even if there is no program that can show a folder, so we search for such a
 * program ourselves.  We call GTK in any case, because in a sandbox a portal may show the
 * folder. */
static void
open_folder (P2pModelButtons *buttons)
{
  g_autofree char      *path  = p2p_models_user_folder ();
  g_autofree char      *uri   = g_filename_to_uri (path, NULL, NULL);
  g_autoptr (GAppInfo)  shows = g_app_info_get_default_for_type ("inode/directory", FALSE);

  g_mkdir_with_parents (path, 0700);   /* if this fails, showing the folder fails, too */
  if (! gtk_show_uri_on_window (window_of (buttons), uri, GDK_CURRENT_TIME, NULL) || ! shows)
    tell_folder (buttons, path);
}

/* ---- The widgets -------------------------------------------------------------------------- */

void
p2p_model_buttons_set_model (P2pModelButtons    *buttons,
                             const P2pModelInfo *info)
{
  const gboolean own = info && p2p_model_is_own (info);

  buttons->info = info;
  gtk_widget_set_sensitive (buttons->edit, own);
  gtk_widget_set_sensitive (buttons->remove, own);
  gtk_widget_set_tooltip_text (buttons->edit, own ? _("Change the model's title and what it is for")
                               : _("Only your own models can be changed"));
  gtk_widget_set_tooltip_text (buttons->remove, own ? _("Move the model to the trash")
                               : _("Only your own models can be removed"));
}

static GtkWidget *
button_new (P2pModelButtons *buttons,
            const char      *text,
            GCallback        clicked)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (text);

  g_signal_connect_swapped (button, "clicked", clicked, buttons);
  gtk_box_pack_start (GTK_BOX (buttons->box), button, FALSE, FALSE, 0);

  return button;
}

P2pModelButtons *
p2p_model_buttons_new (P2pModelButtonsFunc func,
                       gpointer            data)
{
  P2pModelButtons *buttons = g_new0 (P2pModelButtons, 1);
  GtkWidget       *added;

  buttons->func   = func;
  buttons->data   = data;
  buttons->box    = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));
  added           = button_new (buttons, _("Add _Model…"), G_CALLBACK (add_clicked));
  buttons->edit   = button_new (buttons, _("Edit…"), G_CALLBACK (edit_clicked));
  buttons->remove = button_new (buttons, _("Remove…"), G_CALLBACK (remove_clicked));
  buttons->folder = button_new (buttons, _("Open _Folder"), G_CALLBACK (open_folder));
  gtk_widget_set_tooltip_text (added, _("A model (.safetensors) or trained weights (.pth). You can "
                                        "also drop the file onto the list."));
  p2p_model_buttons_set_model (buttons, NULL);

  return buttons;
}

void
p2p_model_buttons_free (P2pModelButtons *buttons)
{
  if (buttons->running)
    g_source_remove (buttons->running);
  g_object_unref (buttons->box);
  g_free (buttons->path);
  g_free (buttons);
}

GtkWidget *
p2p_model_buttons_get_widget (P2pModelButtons *buttons)
{
  return buttons->box;
}
