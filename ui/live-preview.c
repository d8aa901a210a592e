/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "live-preview.h"

#include <math.h>

#include "base/intl.h"
#include "follow.h"
#include "status.h"
#include "text.h"
#include "worker.h"
#include "zoom.h"

/* The longest side of a detail in pixels, and the number of selected pixels above which the preview
 * begins with a detail. */
#define DETAIL        512
#define WHOLE_PIXELS  (1 << 20)

/* Milliseconds without a change before a result is computed, and before the exact result follows a
 * quick one. */
#define SETTLE        80
#define REST          700

struct _P2pLivePreview
{
  P2pDialogLayer       layer;
  GimpProcedureConfig *config;
  P2pWorker           *worker;
  P2pFollow           *follow;       /* the layers' pixels */
  guint                serial;       /* of the layer's pixels that preview shows */
  char                *model;        /* its path; NULL: none */
  int                  fit;          /* the model's default scale, as in P2pModelInfo */
  gboolean             hints;        /* the model takes color hints */
  gboolean             paused;
  gboolean             chosen;       /* the user has chosen between whole and detail */

  GtkWidget           *box, *preview, *whole, *detail;
  P2pStatus           *status;
  GtkLabel            *plan;
  guint                settling, resting;   /* timeout sources; 0: none */
  char                *key;          /* of the last request; NULL: none */
  int                  factor;       /* reduction of the last request's pixels; 1: none */
  gboolean             exact;        /* the next request must have pixels that are not reduced */
  gboolean             fresh;        /* a result has come and is not drawn yet */
  double               chroma;       /* of the last request */
};

/* ---- What is told ------------------------------------------------------------------- */

static void
planned (const P2pApplyPlan *plan,
         double              seconds,
         gpointer            data)
{
  P2pLivePreview  *live   = data;
  g_autofree char *memory = g_format_size_full (plan->memory, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *time   = seconds > 0.0
                            ? p2p_text_seconds (seconds * live->layer.n_layers) : NULL;
  g_autofree char *size   = plan->tiles > 1
                            ? g_strdup_printf (_("%d × %d pixels in %d parts"), plan->width,
                                               plan->height, plan->tiles)
                            : g_strdup_printf (_("%d × %d pixels"), plan->width, plan->height);
  g_autofree char *text   = time ? g_strdup_printf (_("%s, %s of memory, %s"), size, memory, time)
                                 : g_strdup_printf (_("%s, %s of memory"), size, memory);

  gtk_label_set_text (live->plan, text);
}

static void
progress (double   fraction,
          gpointer data)
{
  p2p_status_progress (((P2pLivePreview *) data)->status, fraction);
}

static gboolean
shows_whole (P2pLivePreview *live)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (live->whole));
}

static gboolean ask (gpointer data);

/* Nobody has painted for a while, so the exact result follows the reduced one. */
static gboolean
rested (gpointer data)
{
  P2pLivePreview *live = data;

  live->resting = 0;
  live->exact   = TRUE;

  return ask (live);
}

static void
set_resting (P2pLivePreview *live,
             gboolean        resting)
{
  if (live->resting)
    g_source_remove (live->resting);
  live->resting = resting ? g_timeout_add (REST, rested, live) : 0;
}

static void
done (P2pPixels *result,
      P2pRect    area,
      guint      n_runs,
      gpointer   data)
{
  P2pLivePreview  *live        = data;
  int              factor      = live->factor;
  g_autofree char *description = g_strdup_printf (_("Result %u"), n_runs);

  p2p_status_end (live->status);
  p2p_preview_set_after (P2P_PREVIEW (live->preview), result,
                         (P2pRect) { area.x * factor, area.y * factor, area.width * factor,
                                     area.height * factor }, ! shows_whole (live));
  p2p_preview_set_description (P2P_PREVIEW (live->preview), description);
  live->fresh = TRUE;
  set_resting (live, factor > 1);

  if (p2p_follow_scale (live->follow) < 1.0)
    p2p_status_say (live->status, _("The layer is so large that the preview uses a reduced copy."));
  else if (! shows_whole (live))
    p2p_status_say (live->status, _("In a detail the model sees less, so the whole layer may come "
                                    "out differently."));
  else if (live->layer.n_layers > 1)
    {
      g_autofree char *text = g_strdup_printf (_("This is one of %d layers that are selected: all "
                                                 "will be translated."), live->layer.n_layers);

      p2p_status_say (live->status, text);
    }
  else
    p2p_status_say (live->status, "");
}

/* error is NULL when nothing can be shown because no model is chosen. */
static void
failed (const GError *error,
        gpointer      data)
{
  P2pLivePreview *live = data;

  p2p_status_end (live->status);
  p2p_preview_set_after (P2P_PREVIEW (live->preview), NULL, (P2pRect) { 0 }, FALSE);
  p2p_preview_set_description (P2P_PREVIEW (live->preview), error ? error->message : NULL);
  gtk_label_set_text (live->plan, "");
  p2p_status_say (live->status, error ? error->message : "");
}

static const P2pWorkerFuncs funcs = { planned, progress, done, failed };

static void
ask_soon (P2pLivePreview *live)
{
  live->exact = FALSE;
  set_resting (live, FALSE);
  if (live->settling)
    g_source_remove (live->settling);
  live->settling = g_timeout_add (SETTLE, ask, live);
}

static void
view_changed (P2pPreview     *preview,
              P2pLivePreview *live)
{
  if (! shows_whole (live))
    ask_soon (live);
}

static void
part_chosen (GtkToggleButton *button,
             P2pLivePreview  *live)
{
  live->chosen = TRUE;
  if (! shows_whole (live))
    p2p_zoom_to (P2P_PREVIEW (live->preview), DETAIL);
  ask_soon (live);
}

/* ---- Asking ------------------------------------------------------------------------- */

/* The selected part of the layer, in the pixels of p2p_follow_pixels () reduced by factor. */
static P2pRect
selected_pixels (P2pLivePreview *live,
                 int             factor)
{
  const P2pPixels *pixels = p2p_follow_pixels (live->follow);
  double           scale  = p2p_follow_scale (live->follow) / factor;
  P2pRect          rect   = live->layer.selected;
  int              left   = floor (rect.x * scale);
  int              right  = ceil ((rect.x + rect.width) * scale);
  int              top    = floor (rect.y * scale);
  int              bottom = ceil ((rect.y + rect.height) * scale);

  return p2p_rect_intersect ((P2pRect) { left, top, right - left, bottom - top },
                             (P2pRect) { 0, 0, (pixels->width + factor - 1) / factor,
                                         (pixels->height + factor - 1) / factor });
}

/* The part around the middle of what is visible and selected, at most DETAIL pixels a side. */
static P2pRect
detail_area (P2pLivePreview *live)
{
  P2pRect seen = p2p_rect_intersect (p2p_preview_get_visible (P2P_PREVIEW (live->preview)),
                                     selected_pixels (live, 1));
  int     width  = MIN (seen.width, DETAIL);
  int     height = MIN (seen.height, DETAIL);

  return (P2pRect) { seen.x + (seen.width - width) / 2, seen.y + (seen.height - height) / 2, width,
                     height };
}

/* Sets the buttons for whole and detail.  There is no detail for a network that works on the whole
 * layer at a fixed size. */
static void
choose_part (P2pLivePreview *live,
             const char     *scale)
{
  P2pRect  selected = selected_pixels (live, 1);
  gboolean fitted   = p2p_dialog_get_fit (scale, live->fit) > 0;
  gboolean whole    = shows_whole (live);

  g_signal_handlers_block_by_func (live->whole, part_chosen, live);
  if (fitted)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (live->whole), TRUE);
  else if (! live->chosen)
    gtk_toggle_button_set_active (
      GTK_TOGGLE_BUTTON ((gint64) selected.width * selected.height > WHOLE_PIXELS
                         ? live->detail : live->whole), TRUE);
  g_signal_handlers_unblock_by_func (live->whole, part_chosen, live);
  gtk_widget_set_sensitive (live->detail, ! fitted);
  if (whole && ! shows_whole (live))
    p2p_zoom_to (P2P_PREVIEW (live->preview), DETAIL);
}

/* Takes ownership of request and sends it to the worker.  A request that equals the last one is
 * dropped instead, so that the computation of the last one goes on. */
static void
send (P2pLivePreview *live,
      P2pRequest     *request)
{
  g_autofree char *key = p2p_request_key (request);

  if (g_strcmp0 (key, live->key) == 0 && request->options.chroma == live->chroma)
    {
      p2p_request_free (request);
      return;
    }

  g_free (live->key);
  live->key    = g_steal_pointer (&key);
  live->chroma = request->options.chroma;
  if (request->pixels)
    p2p_status_begin (live->status);
  else
    p2p_status_end (live->status);
  p2p_worker_ask (live->worker, request);
}

static gboolean
ask (gpointer data)
{
  P2pLivePreview        *live    = data;
  P2pFollow             *follow  = live->follow;
  g_autoptr (P2pRequest) request = g_new0 (P2pRequest, 1);

  live->settling = 0;
  if (! live->model || live->paused)
    return G_SOURCE_REMOVE;

  p2p_dialog_get_options (live->config, &request->options, &request->scale);
  choose_part (live, request->scale);
  /* A network that works at a fixed size gives nearly the same result for a reduced layer, so the
   * layer is reduced until an exact result is wanted. */
  live->factor = p2p_dialog_get_fit (request->scale, live->fit) > 0 && ! live->exact
                 ? p2p_follow_quick (follow) : 1;
  request->model    = g_strdup (live->model);
  request->width    = live->layer.width;
  request->height   = live->layer.height;
  request->channels = live->layer.channels;
  request->selected = live->layer.selected;
  request->area     = shows_whole (live) ? selected_pixels (live, live->factor)
                                         : detail_area (live);
  if (p2p_follow_is_read (follow) && request->area.width && request->area.height)
    p2p_follow_fill (follow, live->factor, live->hints, request);
  else if (p2p_follow_is_read (follow))
    p2p_status_say (live->status, live->layer.selected.width
                                  ? _("The part shown here is not selected.")
                                  : _("The selection does not touch the layer."));

  if (live->layer.selected.width)
    send (live, g_steal_pointer (&request));

  return G_SOURCE_REMOVE;
}

static void
show_strength (P2pLivePreview *live)
{
  double strength;

  g_object_get (live->config, "strength", &strength, NULL);
  p2p_preview_set_strength (P2P_PREVIEW (live->preview), strength);
}

static void
setting_changed (GObject        *config,
                 GParamSpec     *pspec,
                 P2pLivePreview *live)
{
  if (strcmp (pspec->name, "strength") == 0)
    show_strength (live);
  else if (strcmp (pspec->name, "output") != 0 && strcmp (pspec->name, "model") != 0)
    ask_soon (live);
}

/* Asks without waiting for SETTLE, because the effect of a stroke should show at once. */
static void
ask_now (P2pLivePreview *live)
{
  ask_soon (live);
  g_source_remove (live->settling);
  ask (live);
}

/* ---- Following the layers ----------------------------------------------------------- */

static void
followed (P2pFollowEvent event,
          gpointer       data)
{
  P2pLivePreview *live   = data;
  P2pPixels      *pixels = p2p_follow_pixels (live->follow);

  if (event == P2P_FOLLOW_GONE)
    {
      p2p_worker_stop (live->worker);
      p2p_status_end (live->status);
      p2p_status_say (live->status, _("The layer was deleted or has another size now: close this "
                                      "dialog and open it again."));
      return;
    }

  if (event != P2P_FOLLOW_PAINTED || pixels->serial != live->serial)
    p2p_preview_set_before (P2P_PREVIEW (live->preview), pixels);
  live->serial = pixels->serial;
  if (event != P2P_FOLLOW_ROWS)
    ask_now (live);
}

/* Begins to read the layer once the dialog is visible, and logs when a result is drawn.
 * tests/bench --strokes reads that debug message. */
static gboolean
drawn (GtkWidget      *widget,
       cairo_t        *cr,
       P2pLivePreview *live)
{
  p2p_follow_start (live->follow);
  if (live->fresh)
    g_debug ("result drawn at %" G_GINT64_FORMAT ", reduced by %d", g_get_monotonic_time (),
             live->factor);
  live->fresh = FALSE;

  return FALSE;
}

/* ---- The widgets -------------------------------------------------------------------- */

static GtkWidget *
tools_new (P2pLivePreview *live)
{
  GtkWidget *row  = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *zoom = p2p_zoom_buttons_new (P2P_PREVIEW (live->preview));

  live->whole  = gtk_radio_button_new_with_mnemonic (NULL, _("_Whole layer"));
  live->detail = gtk_radio_button_new_with_mnemonic_from_widget (GTK_RADIO_BUTTON (live->whole),
                                                                 _("D_etail"));
  gtk_widget_set_tooltip_text (live->detail, _("Computes only the visible part: zoom in and drag "
                                               "the picture to the part that matters."));
  g_signal_connect (live->whole, "toggled", G_CALLBACK (part_chosen), live);

  gtk_box_pack_start (GTK_BOX (row), live->whole, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), live->detail, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), p2p_status_get_widget (live->status), TRUE, TRUE, 6);
  gtk_box_pack_start (GTK_BOX (row), zoom, FALSE, FALSE, 0);

  return row;
}

P2pLivePreview *
p2p_live_preview_new (const P2pDialogLayer *layer,
                      GimpProcedureConfig  *config,
                      P2pPreview           *preview,
                      GtkLabel             *plan)
{
  P2pLivePreview *live  = g_new0 (P2pLivePreview, 1);
  GtkWidget      *frame = gtk_frame_new (NULL);

  live->layer   = *layer;
  live->config  = g_object_ref (config);
  live->plan    = plan;
  live->factor  = 1;
  live->follow  = p2p_follow_new (&live->layer, config, followed, live);
  live->worker  = p2p_worker_new (&funcs, live);
  live->preview = GTK_WIDGET (preview);
  live->status  = p2p_status_new ();
  live->box     = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_container_add (GTK_CONTAINER (frame), live->preview);
  gtk_box_pack_start (GTK_BOX (live->box), frame, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (live->box), tools_new (live), FALSE, FALSE, 0);
  g_object_ref_sink (live->box);

  show_strength (live);
  p2p_status_say (live->status, _("Reading the layer"));
  g_signal_connect (live->preview, "view-changed", G_CALLBACK (view_changed), live);
  g_signal_connect_after (live->preview, "draw", G_CALLBACK (drawn), live);
  g_signal_connect (config, "notify", G_CALLBACK (setting_changed), live);

  return live;
}

void
p2p_live_preview_free (P2pLivePreview *live)
{
  guint sources[] = { live->settling, live->resting };

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    if (sources[i])
      g_source_remove (sources[i]);
  g_signal_handlers_disconnect_by_data (live->config, live);
  g_signal_handlers_disconnect_by_data (live->preview, live);
  p2p_worker_free (live->worker);
  p2p_follow_free (live->follow);
  g_object_unref (live->config);
  p2p_status_free (live->status);
  g_object_unref (live->box);
  g_free (live->key);
  g_free (live->model);
  g_free (live);
}

GtkWidget *
p2p_live_preview_get_widget (P2pLivePreview *live)
{
  return live->box;
}

void
p2p_live_preview_set_model (P2pLivePreview     *live,
                            const P2pModelInfo *info)
{
  g_free (live->model);
  live->model = info ? g_strdup (info->path) : NULL;
  live->fit   = info ? info->fit : 0;
  live->hints = info && info->hints;
  if (! info)
    {
      p2p_worker_stop (live->worker);
      g_clear_pointer (&live->key, g_free);
      failed (NULL, live);
    }
  ask_soon (live);
}

void
p2p_live_preview_refresh (P2pLivePreview *live)
{
  p2p_worker_forget (live->worker);
  g_clear_pointer (&live->key, g_free);
  ask_soon (live);
}

void
p2p_live_preview_pause (P2pLivePreview *live)
{
  live->paused = TRUE;
  p2p_status_end (live->status);
  p2p_worker_stop (live->worker);
  g_clear_pointer (&live->key, g_free);
}

void
p2p_live_preview_resume (P2pLivePreview *live)
{
  live->paused = FALSE;
  ask_soon (live);
}

void
p2p_live_preview_look (P2pLivePreview *live)
{
  if (! live->paused)
    p2p_follow_look (live->follow);
}
