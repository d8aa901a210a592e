/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "dialog.h"

#include <libgimp/gimpui.h>

#include "base/intl.h"
#include "foreground.h"
#include "hint-chooser.h"
#include "kind.h"
#include "live-preview.h"
#include "model-chooser.h"
#include "options.h"
#include "pulse.h"
#include "text.h"
#include "window-size.h"

/* Default size of the window in pixels.  A window narrower than NARROW shows the preview above the
 * settings instead of beside them; its default height is NARROW_HEIGHT instead of HEIGHT. */
#define WIDTH         1060
#define HEIGHT        660
#define NARROW        900
#define NARROW_HEIGHT 800

/* Heights in pixels.  In a wide window the least height of the scrolled settings is LEAST_SETTINGS.
 * In a narrow window their least height is the window's height minus ALL_ELSE, but at least
 * LEAST_SETTINGS and at most MOST_SETTINGS.  ALL_ELSE is the height of all other widgets when the
 * preview is smallest. */
#define LEAST_SETTINGS 150
#define MOST_SETTINGS  200
#define ALL_ELSE       570

/* The progress bar shows the time left once an apply has run for TOLD_AFTER seconds and has done
 * TOLD_SHARE of its work. */
#define TOLD_AFTER 0.5
#define TOLD_SHARE 0.02

typedef struct
{
  const P2pDialogLayer *layer;
  GtkWidget            *dialog;
  P2pChooser           *chooser;
  P2pLivePreview       *live;
  P2pHintChooser       *hints;
  P2pPulse             *pulse;                    /* NULL until the dialog is first drawn */
  P2pOptions           *options;
  GtkWidget            *content;                  /* is insensitive while an apply runs */
  GtkWidget            *message, *message_text;   /* show the last error */
  GtkWidget            *words;                    /* shows either the advice or bar */
  GtkWidget            *bar;                      /* shows the progress of an apply */
  gboolean              has_model;

  GCancellable         *cancellable;              /* of the running apply; NULL: none runs */
  gint64                started;                  /* when the apply began, in microseconds */
} Dialog;

char *
p2p_dialog_no_models (void)
{
  g_autofree char *folder = p2p_models_user_folder ();

  return g_strdup_printf (_("No model was found. Put a model, a file ending in .safetensors or "
                            ".pth, into the folder %s and try again."), folder);
}

/* ---- Applying ----------------------------------------------------------------------- */

static void
show_progress (double   fraction,
               gpointer data)
{
  Dialog          *dialog  = data;
  double           elapsed = (g_get_monotonic_time () - dialog->started) / (double) G_USEC_PER_SEC;
  g_autofree char *left    = NULL;
  g_autofree char *text    = NULL;

  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (dialog->bar), fraction);
  if (g_cancellable_is_cancelled (dialog->cancellable))
    text = g_strdup (_("Stopping"));
  else if (fraction >= 1.0)
    text = g_strdup (_("Writing the result"));
  else if (elapsed < TOLD_AFTER || fraction < TOLD_SHARE)
    text = g_strdup (_("Translating"));
  else
    {
      left = p2p_text_seconds (elapsed * (1.0 - fraction) / fraction);
      text = g_strdup_printf (_("Translating: %s left"), left);
    }
  gtk_progress_bar_set_text (GTK_PROGRESS_BAR (dialog->bar), text);
}

static void
set_busy (Dialog   *dialog,
          gboolean  busy)
{
  GtkDialog *window = GTK_DIALOG (dialog->dialog);

  gtk_widget_set_sensitive (dialog->content, ! busy);
  gtk_widget_set_sensitive (p2p_options_get_output (dialog->options), ! busy);
  p2p_place_show (dialog->words, busy ? dialog->bar : p2p_chooser_get_advice (dialog->chooser));
  gtk_dialog_set_response_sensitive (window, GTK_RESPONSE_OK, ! busy && dialog->has_model);
  if (! busy)
    return;

  gtk_widget_hide (dialog->message);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (dialog->bar), 0.0);
  gtk_progress_bar_set_text (GTK_PROGRESS_BAR (dialog->bar), _("Reading the layer"));
}

static void
show_error (Dialog     *dialog,
            const char *text)
{
  gtk_label_set_text (GTK_LABEL (dialog->message_text), text);
  gtk_widget_show (dialog->message);
}

/* Returns FALSE when the apply failed or was canceled, so that the dialog must stay. */
static gboolean
apply (Dialog *dialog)
{
  const P2pDialogLayer     *layer       = dialog->layer;
  g_autoptr (GCancellable)  cancellable = g_cancellable_new ();
  g_autoptr (GError)        error       = NULL;
  gboolean                  success;

  p2p_live_preview_pause (dialog->live);
  set_busy (dialog, TRUE);
  dialog->cancellable = cancellable;
  dialog->started     = g_get_monotonic_time ();
  success = layer->apply (show_progress, dialog, cancellable, &error, layer->data);
  dialog->cancellable = NULL;
  if (success)
    return TRUE;

  set_busy (dialog, FALSE);
  p2p_live_preview_resume (dialog->live);
  if (! g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_error (dialog, error->message);

  return FALSE;
}

/* While an apply runs, Cancel and closing the window stop the apply, and the dialog stays. */
static void
responded (GtkDialog *window,
           int        response,
           Dialog    *dialog)
{
  if (! dialog->cancellable)
    return;

  g_signal_stop_emission_by_name (window, "response");
  if (response == GTK_RESPONSE_CANCEL || response == GTK_RESPONSE_DELETE_EVENT)
    g_cancellable_cancel (dialog->cancellable);
}

/* Closing must not destroy the window, because p2p_dialog_run () does that. */
static gboolean
closed (void)
{
  return GDK_EVENT_STOP;
}

/* ---- The widgets -------------------------------------------------------------------- */

static void
model_chosen (const P2pModelInfo *info,
              gboolean            refreshed,
              gpointer            data)
{
  Dialog *dialog = data;

  dialog->has_model = info != NULL;
  p2p_options_set_model (dialog->options, info);
  p2p_hint_chooser_set_model (dialog->hints, info);
  p2p_live_preview_set_model (dialog->live, info);
  if (refreshed)
    p2p_live_preview_refresh (dialog->live);
  gtk_dialog_set_response_sensitive (GTK_DIALOG (dialog->dialog), GTK_RESPONSE_OK,
                                     info && ! dialog->cancellable);
}

/* Now that the layer is read, its kind of picture decides which models come first. */
static void
layer_read (P2pPreview *preview,
            P2pPixels  *pixels,
            Dialog     *dialog)
{
  P2pRect rect  = dialog->layer->selected;
  double  scale = (double) pixels->width / dialog->layer->width;

  rect = (P2pRect) { rect.x * scale, rect.y * scale, rect.width * scale, rect.height * scale };
  p2p_chooser_set_kind (dialog->chooser, p2p_picture_kind (pixels, rect));
}

static gboolean
fill (gpointer data)
{
  p2p_chooser_fill (((Dialog *) data)->chooser);

  return G_SOURCE_REMOVE;
}

static void
look (gpointer data,
      gpointer unused)
{
  Dialog *dialog = data;

  if (dialog->cancellable)
    return;
  p2p_live_preview_look (dialog->live);
  p2p_hint_chooser_look (dialog->hints);
}

/* If the preview is above the settings, pins the divider between them, so that a widget that
 * appears below the preview takes its height from the preview, not from the settings.  A larger
 * window still makes both halves larger. */
static void
keep_division (GtkPaned *paned)
{
  if (gtk_orientable_get_orientation (GTK_ORIENTABLE (paned)) != GTK_ORIENTATION_VERTICAL)
    return;

  gtk_paned_set_position (paned, gtk_paned_get_position (paned));
  gtk_container_child_set (GTK_CONTAINER (paned), gtk_paned_get_child2 (paned), "resize", TRUE,
                           NULL);
}

/* Searches for models only after the first drawing, so that the dialog appears sooner. */
static gboolean
first_drawn (GtkWidget *widget,
             cairo_t   *cr,
             Dialog    *dialog)
{
  g_signal_handlers_disconnect_by_func (widget, first_drawn, dialog);
  g_debug ("first drawn at %" G_GINT64_FORMAT, g_get_monotonic_time ());
  keep_division (GTK_PANED (dialog->content));
  g_idle_add (fill, dialog);
  dialog->pulse = p2p_pulse_new (widget, look, dialog);

  return FALSE;
}

static void
add_message (Dialog *dialog,
             GtkBox *box)
{
  dialog->message      = gtk_info_bar_new ();
  dialog->message_text = p2p_text_new (NULL);
  gtk_label_set_max_width_chars (GTK_LABEL (dialog->message_text), 100);
  gtk_label_set_selectable (GTK_LABEL (dialog->message_text), TRUE);
  gtk_widget_show (dialog->message_text);
  gtk_info_bar_set_message_type (GTK_INFO_BAR (dialog->message), GTK_MESSAGE_ERROR);
  gtk_info_bar_set_show_close_button (GTK_INFO_BAR (dialog->message), TRUE);
  gtk_container_add (GTK_CONTAINER (gtk_info_bar_get_content_area (GTK_INFO_BAR (dialog->message))),
                     dialog->message_text);
  g_signal_connect (dialog->message, "response", G_CALLBACK (gtk_widget_hide), NULL);
  gtk_widget_set_no_show_all (dialog->message, TRUE);
  gtk_box_pack_start (box, dialog->message, FALSE, FALSE, 0);
}

/* The file that keeps the window's size.  It lies in the folder where GIMP keeps the last values of
 * plug-ins; GIMP itself does not keep the size of a plug-in's window. */
static char *
size_file (void)
{
  return g_build_filename (gimp_directory (), "plug-in-settings", "pix2pix-window", NULL);
}

/* Returns the window's size and place, at the right of the screen.  The window is as large as the
 * user last left it.  At first it takes no more than half of the screen's width, because the user
 * paints in the other half. */
static GdkRectangle
find_place (const P2pWindowSize *left)
{
  GdkDisplay   *display = gdk_display_get_default ();
  GdkMonitor   *monitor = gdk_display_get_primary_monitor (display);
  GdkRectangle  screen, place;

  gdk_monitor_get_workarea (monitor ? monitor : gdk_display_get_monitor (display, 0), &screen);
  place.width  = left->width ? MIN (left->width, screen.width) : MIN (WIDTH, screen.width / 2);
  place.height = left->height ? left->height : place.width < NARROW ? NARROW_HEIGHT : HEIGHT;
  place.height = MIN (place.height, screen.height);
  place.x      = screen.x + screen.width - place.width;
  place.y      = screen.y + (screen.height - place.height) / 2;

  return place;
}

static void
add_content (Dialog *dialog,
             GtkBox *box,
             int     width,
             int     height)
{
  GtkWidget *seen     = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *column   = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *scrolled = gtk_scrolled_window_new (NULL, NULL);
  gboolean   narrow   = width < NARROW;

  gtk_box_pack_start (GTK_BOX (column), p2p_chooser_get_widget (dialog->chooser), TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (column), p2p_options_get_widget (dialog->options), FALSE, FALSE, 0);
  gtk_widget_set_margin_end (column, 6);   /* a gap before the scroll bar */
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_overlay_scrolling (GTK_SCROLLED_WINDOW (scrolled), FALSE);
  gtk_widget_set_hexpand (scrolled, FALSE);   /* although the rows inside expand */
  gtk_container_add (GTK_CONTAINER (scrolled), column);
  /* With the natural policy the settings get their natural height, in which the list of models is
   * as high as its rows.  The default policy would give them the least height. */
  gtk_scrollable_set_vscroll_policy (GTK_SCROLLABLE (gtk_bin_get_child (GTK_BIN (scrolled))),
                                     GTK_SCROLL_NATURAL);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled),
                                              narrow ? CLAMP (height - ALL_ELSE, LEAST_SETTINGS,
                                                              MOST_SETTINGS) : LEAST_SETTINGS);

  dialog->content = gtk_paned_new (narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_paned_set_wide_handle (GTK_PANED (dialog->content), TRUE);
  gtk_box_pack_start (GTK_BOX (seen), p2p_live_preview_get_widget (dialog->live), TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (seen), p2p_hint_chooser_get_widget (dialog->hints), FALSE, FALSE, 0);
  gtk_paned_pack1 (GTK_PANED (dialog->content), seen, TRUE, FALSE);
  gtk_paned_pack2 (GTK_PANED (dialog->content), scrolled, FALSE, FALSE);
  gtk_box_pack_start (box, dialog->content, TRUE, TRUE, 0);
}

/* Advice and progress bar share one place, because nobody needs advice while an apply runs. */
static void
add_words (Dialog *dialog,
           GtkBox *box)
{
  GtkWidget *advice = p2p_chooser_get_advice (dialog->chooser);

  dialog->words = p2p_place_new ();
  dialog->bar   = gtk_progress_bar_new ();
  gtk_progress_bar_set_show_text (GTK_PROGRESS_BAR (dialog->bar), TRUE);
  gtk_widget_set_valign (dialog->bar, GTK_ALIGN_END);
  gtk_container_add (GTK_CONTAINER (dialog->words), advice);
  gtk_container_add (GTK_CONTAINER (dialog->words), dialog->bar);
  gtk_box_pack_start (box, dialog->words, FALSE, FALSE, 0);
  gtk_widget_show_all (dialog->words);
  p2p_place_show (dialog->words, advice);
}

/* Gives the window the procedure's icon.  A window without it works as well. */
static void
set_icon (GtkWindow     *window,
          GimpProcedure *procedure)
{
  GFile *icon = gimp_procedure_get_icon_file (procedure);

  if (icon)
    gtk_window_set_icon_from_file (window, g_file_peek_path (icon), NULL);
}

static void
build (Dialog              *dialog,
       GimpProcedure       *procedure,
       GimpProcedureConfig *config)
{
  GtkWidget          *box     = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget          *preview = p2p_preview_new ();
  g_autofree char    *file    = size_file ();
  const P2pWindowSize left    = p2p_window_size_read (file);
  const GdkRectangle  place   = find_place (&left);

  dialog->dialog  = gimp_procedure_dialog_new (procedure, config, _("Image Translation (pix2pix)"));
  dialog->options = p2p_options_new (GIMP_PROCEDURE_DIALOG (dialog->dialog), config,
                                     dialog->layer);
  dialog->hints   = p2p_hint_chooser_new (dialog->layer, config);
  dialog->live    = p2p_live_preview_new (dialog->layer, config, P2P_PREVIEW (preview),
                                          p2p_options_get_plan (dialog->options));
  dialog->chooser = p2p_chooser_new (config, model_chosen, dialog);

  add_message (dialog, GTK_BOX (box));
  add_content (dialog, GTK_BOX (box), place.width, place.height);
  add_words (dialog, GTK_BOX (box));
  gtk_box_pack_start (GTK_BOX (box), p2p_options_get_output (dialog->options), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (dialog->dialog))), box,
                      TRUE, TRUE, 0);
  set_icon (GTK_WINDOW (dialog->dialog), procedure);
  gtk_window_set_default_size (GTK_WINDOW (dialog->dialog), place.width, place.height);
  gtk_window_move (GTK_WINDOW (dialog->dialog), place.x, place.y);
  if (left.maximized)
    gtk_window_maximize (GTK_WINDOW (dialog->dialog));
  p2p_window_size_keep (GTK_WINDOW (dialog->dialog), file);
  gtk_widget_show_all (box);

  model_chosen (NULL, FALSE, dialog);
  p2p_foreground_follow (P2P_PREVIEW (preview));
  g_signal_connect (preview, "before-read", G_CALLBACK (layer_read), dialog);
  g_signal_connect (dialog->dialog, "response", G_CALLBACK (responded), dialog);
  g_signal_connect (dialog->dialog, "delete-event", G_CALLBACK (closed), NULL);
  g_signal_connect_after (dialog->dialog, "draw", G_CALLBACK (first_drawn), dialog);
}

gboolean
p2p_dialog_run (GimpProcedure         *procedure,
                GimpProcedureConfig   *config,
                const P2pDialogLayer  *layer,
                GError               **error)
{
  Dialog   dialog = { layer };
  gboolean done;

  /* Without a display gimp_ui_init () would end the process. */
  if (! gtk_init_check (NULL, NULL))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("There is no display to show the dialog on: run the procedure with the run "
                     "mode NONINTERACTIVE."));
      return FALSE;
    }

  gimp_ui_init ("pix2pix");

  build (&dialog, procedure, config);
  do
    done = ! gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (dialog.dialog));
  while (! done && ! apply (&dialog));

  p2p_pulse_free (dialog.pulse);
  p2p_chooser_free (dialog.chooser);
  p2p_live_preview_free (dialog.live);
  p2p_options_free (dialog.options);
  p2p_hint_chooser_free (dialog.hints, ! done);
  gtk_widget_destroy (dialog.dialog);

  return ! done;
}
