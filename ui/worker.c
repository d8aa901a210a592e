/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "worker.h"

#include "cache.h"

/* The shortest time between two reports of progress. */
#define PROGRESS_MICROSECONDS 100000

struct _P2pWorker
{
  gatomicrefcount       n_refs;
  const P2pWorkerFuncs *funcs;
  gpointer              data;
  GThread              *thread;

  GMutex                mutex;
  GCond                 cond;
  P2pRequest           *waiting;      /* the newest request; NULL when the thread has taken it */
  GCancellable         *cancellable;  /* of the newest request */
  guint                 serial;       /* of the newest request */
  gboolean              forget, quit;

  /* Only the thread uses these. */
  P2pCache              cache;
  guint                 n_runs;
};

/* Something to report on the main thread, by one of the functions of P2pWorkerFuncs. */
typedef struct
{
  P2pWorker    *worker;
  guint         serial;
  void       (* tell) (P2pWorker *worker, const void *event);
  P2pApplyPlan  plan;
  double        number;     /* seconds for planned, fraction for progress */
  P2pPixels    *result;
  P2pRect       area;
  guint         n_runs;
  GError       *error;
} Event;

/* The request that the thread works on. */
typedef struct
{
  P2pWorker        *worker;
  const P2pRequest *request;
  guint             serial;
  GCancellable     *cancellable;
  gint64            last_progress;  /* when progress was last sent, in microseconds */
  P2pRun            run;            /* the network's run, for p2p_pace_note () */
  double            gflop;          /* the work of that run */
} Job;

void
p2p_request_free (P2pRequest *request)
{
  if (! request)
    return;

  p2p_pixels_unref (request->pixels);
  p2p_pixels_unref (request->hints);
  g_free (request->model);
  g_free (request->network);
  g_free (request->scale);
  g_free (request);
}

static void
worker_unref (P2pWorker *worker)
{
  if (! g_atomic_ref_count_dec (&worker->n_refs))
    return;

  g_mutex_clear (&worker->mutex);
  g_cond_clear (&worker->cond);
  g_free (worker);
}

/* ---- To the main thread --------------------------------------------------------------------- */

static void
event_free (gpointer data)
{
  Event *event = data;

  worker_unref (event->worker);
  p2p_pixels_unref (event->result);
  g_clear_error (&event->error);
  g_free (event);
}

static gboolean
event_arrives (gpointer data)
{
  Event *event = data;

  /* Reading serial needs no lock here, because only the main thread changes it. */
  if (event->serial == event->worker->serial)
    event->tell (event->worker, event);

  return G_SOURCE_REMOVE;
}

static Event *
event_new (const Job  *job,
           void      (*tell) (P2pWorker *worker, const void *event))
{
  Event *event = g_new0 (Event, 1);

  g_atomic_ref_count_inc (&job->worker->n_refs);
  event->worker = job->worker;
  event->serial = job->serial;
  event->tell   = tell;

  return event;
}

static void
send_event (Event *event)
{
  /* A lower priority than GTK's drawing has, so that reports do not hold up drawing. */
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, event_arrives, event, event_free);
}

static void
tell_planned (P2pWorker  *worker,
              const void *data)
{
  const Event *event = data;

  worker->funcs->planned (&event->plan, event->number, worker->data);
}

static void
tell_progress (P2pWorker  *worker,
               const void *data)
{
  worker->funcs->progress (((const Event *) data)->number, worker->data);
}

static void
tell_done (P2pWorker  *worker,
           const void *data)
{
  const Event *event = data;

  worker->funcs->done (event->result, event->area, event->n_runs, worker->data);
}

static void
tell_failed (P2pWorker  *worker,
             const void *data)
{
  worker->funcs->failed (((const Event *) data)->error, worker->data);
}

/* ---- The thread ------------------------------------------------------------------------------ */

static void
send_plan (const Job          *job,
           const P2pApplyPlan *plan,
           P2pRect             context,
           const P2pOpenModel *model)
{
  Event *event = event_new (job, tell_planned);

  event->plan   = *plan;
  event->number = p2p_pace_seconds (&model->pace, plan->gflop,
                                    (double) context.width * context.height);
  send_event (event);
}

static void
note_progress (double   fraction,
               gpointer data)
{
  Job    *job = data;
  gint64  now = g_get_monotonic_time ();
  Event  *event;

  p2p_run_progress (&job->run, fraction, now);
  if (now - job->last_progress < PROGRESS_MICROSECONDS)
    return;

  job->last_progress = now;

  event         = event_new (job, tell_progress);
  event->number = fraction;
  send_event (event);
}

char *
p2p_request_key (const P2pRequest *request)
{
  const P2pApplyOptions *options = &request->options;

  return g_strdup_printf ("%s|%s|%s|%d|%d|%" G_GUINT64_FORMAT "|%d|%d|%g|%" G_GUINT64_FORMAT
                          "|%d|%d|%u|%d,%d,%d,%d|%u,%d,%g,%g", request->model,
                          request->network ? request->network : "", options->scale,
                          options->statistics, options->noise,
                          options->noise ? options->seed : 0, options->snap_labels,
                          options->keep_paper, options->line_strength, options->memory,
                          options->tile, options->overlap,
                          request->pixels ? request->pixels->serial : 0, request->area.x,
                          request->area.y, request->area.width, request->area.height,
                          request->hints ? request->hints->serial : 0, request->opaque,
                          request->hints_x, request->hints_y);
}

/* Makes *hints for the core from the painted part of the request's layer of hints.  context is the
 * part of the picture that the core sees, to which the place of the hints is relative.  *painted
 * gets the image that *hints points to, which the caller frees; it becomes NULL when nothing was
 * painted. */
static gboolean
read_hints (const P2pRequest  *request,
            P2pRect            context,
            P2pHints          *hints,
            P2pImage         **painted,
            GError           **error)
{
  P2pRect bounds = { 0 };

  *painted = NULL;
  if (request->hints)
    bounds = p2p_pixels_bounds (request->hints);
  if (! bounds.width)
    return TRUE;

  *painted = p2p_pixels_to_image (request->hints, bounds, request->opaque ? 3 : 4, error);
  *hints = (P2pHints) { *painted, request->hints_x + bounds.x - context.x,
                        request->hints_y + bounds.y - context.y, bounds.width, bounds.height };

  return *painted != NULL;
}

/* Runs the network on image, which is the part context of the request's pixels. */
static P2pComputed *
compute (Job             *job,
         P2pOpenModel    *model,
         const P2pImage  *image,
         P2pRect          context,
         GError         **error)
{
  P2pApplyOptions       options  = job->request->options;
  P2pHints              hints;
  g_autoptr (P2pImage)  painted  = NULL;
  P2pApplyPlan          plan;

  if (! p2p_apply_plan (model->model, image->width, image->height, image->channels, &options,
                        &plan, error) ||
      ! read_hints (job->request, context, &hints, &painted, error))
    return NULL;

  if (painted)
    options.hints = &hints;
  job->gflop = plan.gflop;
  job->worker->n_runs++;

  return p2p_apply_compute (model->model, image, &options, note_progress, job, job->cancellable,
                            error);
}

/* Blends the network's output with the picture, unless entry has a result with the same chroma.
 * inside is the requested area within the part that was computed. */
static gboolean
blend (Job            *job,
       P2pCacheEntry  *entry,
       P2pRect         inside,
       GError        **error)
{
  double               chroma  = job->request->options.chroma;
  g_autoptr (P2pImage) blended = NULL;

  if (entry->result && (! entry->computed || entry->chroma == chroma))
    return TRUE;

  blended = p2p_apply_blend (entry->computed, 1.0, chroma, job->cancellable, error);
  if (! blended)
    return FALSE;

  g_clear_pointer (&entry->result, p2p_pixels_unref);
  entry->result = p2p_pixels_from_image (blended, inside, entry->pixels, job->request->area,
                                         error);
  if (! entry->result)
    return FALSE;
  entry->chroma = chroma;

  /* Chroma has an effect only on models that give Lab colors alone.  The results of all other
   * models are never blended again. */
  if (g_strcmp0 (p2p_model_get (entry->model->model, "output"), "lab-ab") != 0)
    {
      g_clear_pointer (&entry->computed, p2p_computed_free);
      g_clear_pointer (&entry->image, p2p_image_free);
    }

  return TRUE;
}

static P2pPixels *
get_result (Job           *job,
            P2pOpenModel  *model,
            GError       **error)
{
  const P2pRequest *request = job->request;
  P2pPixels        *pixels  = request->pixels;
  P2pCache         *cache   = &job->worker->cache;
  P2pRect           context = p2p_apply_context (model->model, &request->options, pixels->width,
                                                 pixels->height, request->area);
  P2pRect           inside  = { request->area.x - context.x, request->area.y - context.y,
                                request->area.width, request->area.height };
  g_autofree char  *key     = p2p_request_key (request);
  P2pCacheEntry    *entry   = p2p_cache_find (cache, key);
  P2pImage         *image;
  P2pComputed      *computed;

  if (entry)
    return blend (job, entry, inside, error) ? entry->result : NULL;

  job->run = (P2pRun) { g_get_monotonic_time () };
  image    = p2p_pixels_to_image (pixels, context, request->channels, error);
  computed = image ? compute (job, model, image, context, error) : NULL;
  if (! computed)
    {
      p2p_image_free (image);
      return NULL;
    }
  entry = p2p_cache_add (cache, g_steal_pointer (&key), model, pixels, image, computed);
  if (! blend (job, entry, inside, error))
    return NULL;
  p2p_pace_note (&model->pace, &job->run, job->gflop, (double) context.width * context.height,
                 g_get_monotonic_time ());

  return entry->result;
}

static gboolean
serve (Job     *job,
       GError **error)
{
  const P2pRequest *request = job->request;
  P2pOpenModel     *model   = p2p_cache_model (&job->worker->cache, request->model,
                                               request->network, error);
  P2pApplyPlan      plan;
  P2pRect           context;
  P2pPixels        *result;
  Event            *event;

  if (! model)
    return FALSE;

  context = p2p_apply_context (model->model, &request->options, request->width, request->height,
                               request->selected);
  if (! p2p_apply_plan (model->model, context.width, context.height, request->channels,
                        &request->options, &plan, error))
    return FALSE;
  send_plan (job, &plan, context, model);
  if (! request->pixels)
    return TRUE;

  result = get_result (job, model, error);
  if (! result)
    return FALSE;

  event         = event_new (job, tell_done);
  event->result = p2p_pixels_ref (result);
  event->area   = request->area;
  event->n_runs = job->worker->n_runs;
  send_event (event);
  send_plan (job, &plan, context, model);
  p2p_cache_shrink (&job->worker->cache);

  return TRUE;
}

static gpointer
work (gpointer data)
{
  P2pWorker *worker = data;

  g_mutex_lock (&worker->mutex);
  while (TRUE)
    {
      g_autoptr (P2pRequest)   request     = NULL;
      g_autoptr (GCancellable) cancellable = NULL;
      g_autoptr (GError)       error       = NULL;
      Job                      job         = { worker };
      gboolean                 forget;

      while (! worker->waiting && ! worker->quit)
        g_cond_wait (&worker->cond, &worker->mutex);
      if (worker->quit)
        break;

      request         = g_steal_pointer (&worker->waiting);
      cancellable     = g_object_ref (worker->cancellable);
      job.request     = request;
      job.cancellable = cancellable;
      job.serial      = worker->serial;
      forget          = worker->forget;
      worker->forget  = FALSE;
      g_mutex_unlock (&worker->mutex);

      if (forget)
        p2p_cache_clear (&worker->cache);
      if (! serve (&job, &error) && ! g_cancellable_is_cancelled (cancellable))
        {
          Event *event = event_new (&job, tell_failed);

          event->error = g_steal_pointer (&error);
          send_event (event);
        }
      g_mutex_lock (&worker->mutex);
    }
  g_mutex_unlock (&worker->mutex);
  p2p_cache_clear (&worker->cache);

  return NULL;
}

/* ---- On the main thread ------------------------------------------------------------- */

P2pWorker *
p2p_worker_new (const P2pWorkerFuncs *funcs,
                gpointer              data)
{
  P2pWorker *worker = g_new0 (P2pWorker, 1);

  g_atomic_ref_count_init (&worker->n_refs);
  worker->funcs       = funcs;
  worker->data        = data;
  worker->cancellable = g_cancellable_new ();
  g_mutex_init (&worker->mutex);
  g_cond_init (&worker->cond);
  worker->thread = g_thread_new ("pix2pix", work, worker);

  return worker;
}

/* Cancels the newest request and puts request, or nothing for NULL, in its place. */
static void
replace (P2pWorker  *worker,
         P2pRequest *request,
         gboolean    forget,
         gboolean    quit)
{
  g_autoptr (P2pRequest) older = NULL;

  g_mutex_lock (&worker->mutex);
  older           = worker->waiting;
  worker->waiting = request;
  worker->forget |= forget;
  worker->quit   |= quit;
  worker->serial++;
  g_cancellable_cancel (worker->cancellable);
  g_object_unref (worker->cancellable);
  worker->cancellable = g_cancellable_new ();
  g_cond_signal (&worker->cond);
  g_mutex_unlock (&worker->mutex);
}

void
p2p_worker_ask (P2pWorker  *worker,
                P2pRequest *request)
{
  request->options.scale = request->scale;
  replace (worker, request, FALSE, FALSE);
}

void
p2p_worker_stop (P2pWorker *worker)
{
  replace (worker, NULL, FALSE, FALSE);
}

void
p2p_worker_forget (P2pWorker *worker)
{
  replace (worker, NULL, TRUE, FALSE);
}

void
p2p_worker_free (P2pWorker *worker)
{
  if (! worker)
    return;

  replace (worker, NULL, FALSE, TRUE);
  g_thread_join (worker->thread);
  g_object_unref (worker->cancellable);
  worker_unref (worker);
}
