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
  char                *path;      /* of what is added; NULL: the user is asked for one */
  guint                running;   /* the source that opens a dialog; 0: there is none */

  GtkWidget           *box, *edit, *remove, *folder;
  GtkWidget           *popover;   /* where the folder is told; NULL: it was not yet */
};

static GtkWindow *
window_of (P2pModelButtons *buttons)
{
  return GTK_WINDOW (gtk_widget_get_toplevel (buttons->box));
}

/* A dialog in a dialog is a loop in a loop.  Begun in the answer to assistive technology, or to the
 * one who waits for the end of a drop, they would wait until it is closed. */
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

/* A model of the user's folder that is added from there stays where it is. */
static void
edit_clicked (P2pModelButtons *buttons)
{
  p2p_model_buttons_add (buttons, buttons->info->path);
}

/* ---- Removing ----------------------------------------------------------------------------- */

/* The list may be made anew while the user is asked, which frees what it tells of its models. */
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

/* In words, which can be copied, and which move nothing. */
static void
tell_folder (P2pModelButtons *buttons,
             const char      *path)
{
  g_autofree char *text = g_strdup_printf (_("No program to show folders was found. Models belong "
                                             "into this one:\n%s"), path);

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

/* Without a program for folders GTK says that it has shown it all the same.  It is asked to
 * nevertheless, since in a sandbox a portal may do so. */
static void
open_folder (P2pModelButtons *buttons)
{
  g_autofree char      *path  = p2p_models_user_folder ();
  g_autofree char      *uri   = g_filename_to_uri (path, NULL, NULL);
  g_autoptr (GAppInfo)  shows = g_app_info_get_default_for_type ("inode/directory", FALSE);

  g_mkdir_with_parents (path, 0700);   /* if it fails, so does showing it */
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
                               : _("Only models of your own can be changed"));
  gtk_widget_set_tooltip_text (buttons->remove, own ? _("Move the model to the trash")
                               : _("Only models of your own can be removed"));
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
  gtk_widget_set_tooltip_text (added, _("A model (.safetensors) or trained weights (.pth), which "
                                        "can be dropped onto the list as well"));
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
