/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "add-model.h"

#include "base/intl.h"
#include "choose-network.h"
#include "foreground.h"
#include "model-row.h"
#include "preview.h"
#include "sample.h"
#include "text.h"
#include "thumbnail.h"
#include "worker.h"

#define SIDE 256            /* of the test picture, in pixels */
#define PREVIEW_SIDE 280    /* of the preview on the screen, in pixels */

typedef struct
{
  char         *path, *network;
  P2pModelInfo *info;
  P2pWorker    *worker;
  P2pPixels    *before, *after;   /* test picture and result; after is NULL until there is one */
  gboolean      own;              /* the file lies in the user's folder and is edited there */
  char         *replaced;         /* id of the model that the new one replaces; NULL: none */
  char         *id;               /* of the model that was added or edited; NULL: none */
  GError       *error;            /* why adding failed */

  GtkWidget    *dialog, *preview, *status, *title, *from, *to, *running;
} Add;

/* ---- Trying it ---------------------------------------------------------------------- */

static void
planned (const P2pApplyPlan *plan,
         double              seconds,
         gpointer            data)
{
}

static void
progress (double   fraction,
          gpointer data)
{
}

static void
done (P2pPixels *result,
      P2pRect    area,
      guint      n_runs,
      gpointer   data)
{
  Add *add = data;

  g_clear_pointer (&add->after, p2p_pixels_unref);
  add->after = p2p_pixels_ref (result);
  p2p_preview_set_after (P2P_PREVIEW (add->preview), result, area, FALSE);
  gtk_label_set_text (GTK_LABEL (add->status), _("A test picture, and what the model makes of it"));
}

static void
failed (const GError *error,
        gpointer      data)
{
  Add *add = data;

  gtk_label_set_text (GTK_LABEL (add->status), error->message);
  gtk_dialog_set_response_sensitive (GTK_DIALOG (add->dialog), GTK_RESPONSE_OK, FALSE);
}

static const P2pWorkerFuncs funcs = { planned, progress, done, failed };

static gboolean
wants_running (Add *add)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (add->running));
}

static void
try (Add *add)
{
  P2pRequest      *request = g_new0 (P2pRequest, 1);
  P2pApplyOptions  options = P2P_APPLY_DEFAULTS;
  const char      *kind    = gtk_combo_box_get_active_id (GTK_COMBO_BOX (add->from));

  g_clear_pointer (&add->before, p2p_pixels_unref);
  add->before = p2p_sample_new (kind ? kind : "photo", p2p_model_info_get (add->info, "palette"),
                                SIDE);
  p2p_preview_set_before (P2P_PREVIEW (add->preview), add->before);
  p2p_preview_set_after (P2P_PREVIEW (add->preview), NULL, (P2pRect) { 0 }, FALSE);
  gtk_label_set_text (GTK_LABEL (add->status), _("Trying it on a test picture"));

  if (add->info->running)
    options.statistics = wants_running (add) ? P2P_STATISTICS_RUNNING : P2P_STATISTICS_IMAGE;
  request->model    = g_strdup (add->path);
  request->network  = g_strdup (add->network);
  request->options  = options;
  request->scale    = g_strdup ("native");
  request->width    = SIDE;
  request->height   = SIDE;
  request->channels = 3;
  request->selected = request->area = (P2pRect) { 0, 0, SIDE, SIDE };
  request->pixels   = p2p_pixels_ref (add->before);
  p2p_worker_ask (add->worker, request);
}

/* ---- Adding it ---------------------------------------------------------------------- */

typedef struct
{
  Add          *add;
  const char  **texts;
  GMainLoop    *loop;
} Job;

static gboolean
is_added (gpointer loop)
{
  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

static gpointer
copy (gpointer data)
{
  Job *job = data;

  job->add->id = p2p_model_install (job->add->path, job->add->network, job->texts,
                                    job->add->replaced, &job->add->error);
  g_idle_add (is_added, job->loop);

  return NULL;
}

/* Returns the id (newly allocated) of the user's own model with that title, or NULL when there is
 * none. */
static char *
find_title (const char *title)
{
  g_autoptr (GPtrArray) models = p2p_models_list (NULL);

  for (guint i = 0; i < models->len; i++)
    {
      const P2pModelInfo *info = models->pdata[i];

      if (p2p_model_is_own (info) && strcmp (info->title, title) == 0)
        return g_strdup (info->id);
    }

  return NULL;
}

/* If the user already has another model with the new title, asks whether to replace it or keep
 * both.  Returns FALSE when the user cancels. */
static gboolean
settle_title (Add *add)
{
  const char      *title = gtk_entry_get_text (GTK_ENTRY (add->title));
  g_autofree char *old   = add->own ? NULL : find_title (title);
  GtkWidget       *dialog;
  int              answer;

  if (! old)
    return TRUE;

  dialog = gtk_message_dialog_new (GTK_WINDOW (add->dialog), GTK_DIALOG_MODAL,
                                   GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE,
                                   _("You have a model “%s” already."), title);
  gtk_message_dialog_format_secondary_text (
    GTK_MESSAGE_DIALOG (dialog), _("Replace it with this one, or keep both?"));
  gtk_dialog_add_buttons (GTK_DIALOG (dialog), _("_Cancel"), GTK_RESPONSE_CANCEL,
                          _("Keep _Both"), GTK_RESPONSE_NO, _("_Replace"), GTK_RESPONSE_YES, NULL);
  answer = gtk_dialog_run (GTK_DIALOG (dialog));
  gtk_widget_destroy (dialog);
  if (answer == GTK_RESPONSE_YES)
    add->replaced = g_steal_pointer (&old);

  return answer == GTK_RESPONSE_YES || answer == GTK_RESPONSE_NO;
}

/* Copies the model in a thread, because a file may have hundreds of megabytes.  The main loop that
 * runs meanwhile redraws the window. */
static void
add_model (Add *add)
{
  const char      *from    = gtk_combo_box_get_active_id (GTK_COMBO_BOX (add->from));
  const char      *to      = gtk_combo_box_get_active_id (GTK_COMBO_BOX (add->to));
  g_autofree char *task    = from && to ? g_strdup_printf ("%s-to-%s", from, to) : NULL;
  const char      *inputs  = p2p_model_info_get (add->info, "inputs");
  const char      *texts[12];
  int              n       = 0;
  Job              job     = { add, texts, g_main_loop_new (NULL, FALSE) };
  gboolean         labels  = from && strcmp (from, "labels") == 0;

  texts[n++] = "title";
  texts[n++] = gtk_entry_get_text (GTK_ENTRY (add->title));
  if (task)
    {
      texts[n++] = "task";
      texts[n++] = task;
    }
  /* The card's key "inputs" tells how pictures are scaled: label colors by nearest neighbor, others
   * smoothly.  Only a model with color input gets the key here, because for other models the chosen
   * kind does not say what their single input channel means. */
  if (from && add->info->sees_color && labels != (g_strcmp0 (inputs, "labels") == 0))
    {
      texts[n++] = "inputs";
      texts[n++] = labels ? "labels" : "rgb";
    }
  if (add->info->running)
    {
      texts[n++] = "norm_statistics";
      texts[n++] = wants_running (add) ? "running" : "image";
    }
  texts[n] = NULL;

  gtk_widget_set_sensitive (add->dialog, FALSE);
  gtk_label_set_text (GTK_LABEL (add->status), _("Copying the model"));
  g_thread_unref (g_thread_new ("pix2pix-add", copy, &job));
  g_main_loop_run (job.loop);
  g_main_loop_unref (job.loop);
  gtk_widget_set_sensitive (add->dialog, TRUE);
}

/* ---- The widgets -------------------------------------------------------------------- */

/* A combo box with the kinds of pictures.  end is 0 for the kind that the model takes, and 1 for
 * the kind that it gives. */
static GtkWidget *
kind_combo_new (Add *add,
                int  end)
{
  GtkWidget     *combo = gtk_combo_box_text_new ();
  g_auto (GStrv) ends  = g_strsplit (add->info->task, "-to-", 2);

  for (const P2pKind *kind = p2p_kinds; kind->id; kind++)
    gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (combo), kind->id, _(kind->name));
  if (g_strv_length (ends) == 2 && ! gtk_combo_box_set_active_id (GTK_COMBO_BOX (combo), ends[end]))
    {
      gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (combo), ends[end], ends[end]);
      gtk_combo_box_set_active_id (GTK_COMBO_BOX (combo), ends[end]);
    }

  return combo;
}

static void
attach (GtkGrid    *grid,
        int         row,
        const char *text,
        GtkWidget  *widget)
{
  GtkWidget *label = gtk_label_new_with_mnemonic (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), widget);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_grid_attach (grid, label, 0, row, 1, 1);
  gtk_grid_attach (grid, widget, 1, row, 1, 1);
}

/* Two radio buttons for what the batch norm layers use: the statistics of the picture itself, or
 * the running statistics, which are averages from training.  The buttons are insensitive for a
 * model without running statistics. */
static GtkWidget *
statistics_new (Add *add)
{
  GtkWidget  *box     = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget  *image   = gtk_radio_button_new_with_mnemonic (NULL, _("This _picture"));
  const char *default_statistics = p2p_model_info_get (add->info, "norm_statistics");

  add->running = gtk_radio_button_new_with_mnemonic_from_widget (GTK_RADIO_BUTTON (image),
                                                                 _("A_verage in training"));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (add->running),
                                g_strcmp0 (default_statistics, "running") == 0);
  gtk_box_pack_start (GTK_BOX (box), image, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), add->running, FALSE, FALSE, 0);
  gtk_widget_set_sensitive (box, add->info->running);
  g_signal_connect_swapped (add->running, "toggled", G_CALLBACK (try), add);

  return box;
}

static GtkWidget *
form_new (Add *add)
{
  GtkWidget       *grid       = gtk_grid_new ();
  g_autofree char *name       = g_path_get_basename (add->path);
  g_autofree char *recognised = g_strdup_printf (_("%s: %s"), name, add->info->network);

  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  add->title = gtk_entry_new ();
  gtk_entry_set_text (GTK_ENTRY (add->title), add->info->title);
  gtk_entry_set_activates_default (GTK_ENTRY (add->title), TRUE);
  add->from = kind_combo_new (add, 0);
  add->to   = kind_combo_new (add, 1);
  g_signal_connect_swapped (add->from, "changed", G_CALLBACK (try), add);

  gtk_grid_attach (GTK_GRID (grid), p2p_text_new (recognised), 0, 0, 2, 1);
  attach (GTK_GRID (grid), 1, _("_Title"), add->title);
  attach (GTK_GRID (grid), 2, _("Turns _from"), add->from);
  attach (GTK_GRID (grid), 3, _("_into"), add->to);
  attach (GTK_GRID (grid), 4, _("Normalization"), statistics_new (add));

  return grid;
}

static void
build (Add       *add,
       GtkWindow *parent)
{
  GtkWidget *box  = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *left = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  add->dialog  = gtk_dialog_new_with_buttons (add->own ? _("Edit Model") : _("Add Model"), parent,
                                              GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
                                              _("_Cancel"), GTK_RESPONSE_CANCEL,
                                              add->own ? _("_Save") : _("_Add"), GTK_RESPONSE_OK,
                                              NULL);
  add->preview = p2p_preview_new ();
  p2p_foreground_follow (P2P_PREVIEW (add->preview));
  add->status  = p2p_text_new_dim (NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (add->dialog), GTK_RESPONSE_OK);
  gtk_widget_set_size_request (add->preview, PREVIEW_SIDE, PREVIEW_SIDE);
  gtk_label_set_max_width_chars (GTK_LABEL (add->status), 32);
  gtk_box_pack_start (GTK_BOX (left), add->preview, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (left), add->status, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), left, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (box), form_new (add), FALSE, FALSE, 0);
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  gtk_box_pack_start (GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (add->dialog))), box, TRUE,
                      TRUE, 0);
  gtk_widget_show_all (box);
}

char *
p2p_add_model_choose (GtkWindow *parent)
{
  GtkWidget     *dialog = gtk_file_chooser_dialog_new (_("Add Model"), parent,
                                                       GTK_FILE_CHOOSER_ACTION_OPEN,
                                                       _("_Cancel"), GTK_RESPONSE_CANCEL,
                                                       _("_Open"), GTK_RESPONSE_OK, NULL);
  GtkFileFilter *filter = gtk_file_filter_new ();
  const char    *folder = g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD);
  char          *path   = NULL;

  gtk_file_filter_set_name (filter, _("Models and trained weights"));
  gtk_file_filter_add_pattern (filter, "*.safetensors");
  gtk_file_filter_add_pattern (filter, "*.pth");
  gtk_file_filter_add_pattern (filter, "*.pt");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog),
                                       folder ? folder : g_get_home_dir ());
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_OK);
  if (gtk_dialog_run (GTK_DIALOG (dialog)) == GTK_RESPONSE_OK)
    path = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (dialog));
  gtk_widget_destroy (dialog);

  return path;
}

char *
p2p_add_model_run (GtkWindow  *parent,
                   const char *path)
{
  Add add = { .path = g_strdup (path) };

  if (! p2p_choose_network_run (parent, path, &add.network))
    {
      g_free (add.path);
      return NULL;
    }
  add.info = p2p_model_info_new (path, add.network, &add.error);
  if (add.info)
    {
      add.own    = p2p_model_is_own (add.info);
      add.worker = p2p_worker_new (&funcs, &add);
      build (&add, parent);
      try (&add);
      while (gtk_dialog_run (GTK_DIALOG (add.dialog)) == GTK_RESPONSE_OK)
        if (settle_title (&add))
          {
            add_model (&add);
            break;
          }
      p2p_worker_free (add.worker);
      gtk_widget_destroy (add.dialog);
    }
  if (add.id && add.after)
    p2p_thumbnail_save (add.id, add.before, add.after);
  if (add.error)
    p2p_show_error (parent, _("This file cannot be added."), add.error);

  g_clear_error (&add.error);
  p2p_model_info_free (add.info);
  p2p_pixels_unref (add.before);
  p2p_pixels_unref (add.after);
  g_free (add.replaced);
  g_free (add.path);
  g_free (add.network);

  return add.id;
}
