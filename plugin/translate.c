/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "translate.h"

#include "base/intl.h"
#include "drawable.h"
#include "seen.h"
#include "write.h"

/* How often progress is reported.  Each report to GIMP is a message to another process. */
#define PROGRESS_MILLISECONDS 100

/* What the worker thread works on.  While it runs, only that thread uses image and model. */
typedef struct
{
  P2pModel              *model;
  P2pApplyOptions        options;
  const P2pImage        *image;
  P2pHints               hints;         /* used if options.hints points to it */
  gboolean               layered;       /* colors and lines are wanted as separate layers */
  gboolean               mended;        /* some samples were NaN or infinite */
  P2pLayers              made;          /* the result; unless layered is TRUE, made.colors is all of
                                         * it */
  int                    permille;      /* atomic: written by the worker, read by the main thread */

  P2pProgress            progress;      /* called on the main thread */
  gpointer               data;
  double                 first, share;  /* parts of all the work, 0 to 1: done before this run, in
                                         * this run */
  GCancellable          *cancellable;   /* NULL: it cannot be stopped */
} Job;

/* Returns NULL when nothing of drawable is selected.  filtered: it is translated with its live
 * filters. */
static P2pTarget *
target_new (GimpDrawable *drawable,
            gboolean      filtered)
{
  g_autofree P2pTarget *target = g_new0 (P2pTarget, 1);

  if (! p2p_drawable_get_area (drawable, &target->area))
    return NULL;

  target->drawable = drawable;
  target->width    = gimp_drawable_get_width (drawable);
  target->height   = gimp_drawable_get_height (drawable);
  target->gray     = gimp_drawable_is_gray (drawable);
  target->filters  = filtered && p2p_has_filters (drawable);

  return g_steal_pointer (&target);
}

static void
note_progress (double   fraction,
               gpointer data)
{
  Job *job = data;

  g_atomic_int_set (&job->permille, (int) (fraction * 1000));
}

static gboolean
show_progress (gpointer data)
{
  Job *job = data;

  job->progress (job->first + job->share * g_atomic_int_get (&job->permille) / 1000, job->data);

  return G_SOURCE_CONTINUE;
}

static gboolean
make (Job           *job,
      GCancellable  *cancellable,
      GError       **error)
{
  g_autoptr (P2pComputed) computed = NULL;

  if (! job->layered)
    {
      job->made.colors = p2p_apply (job->model, job->image, &job->options, note_progress, job,
                                    cancellable, error);
      return job->made.colors != NULL;
    }

  computed = p2p_apply_compute (job->model, job->image, &job->options, note_progress, job,
                                cancellable, error);

  return computed && p2p_apply_layers (computed, job->options.strength, cancellable, &job->made,
                                       error);
}

static void
compute (GTask        *task,
         gpointer      source,
         gpointer      data,
         GCancellable *cancellable)
{
  GError *error = NULL;

  if (make (data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
quit_loop (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_main_loop_quit (data);
}

/* Runs the apply in a thread, while the main loop shows the progress. */
static gboolean
run_job (Job     *job,
         GError **error)
{
  g_autoptr (GMainLoop) loop  = g_main_loop_new (NULL, FALSE);
  g_autoptr (GTask)     task  = g_task_new (NULL, job->cancellable, quit_loop, loop);
  guint                 timer = g_timeout_add (PROGRESS_MILLISECONDS, show_progress, job);

  g_task_set_task_data (task, job, NULL);
  g_task_run_in_thread (task, compute);
  g_main_loop_run (loop);
  g_source_remove (timer);

  return g_task_propagate_boolean (task, error);
}

/* Reads the part of the hints' layer that lies over rect of the target's drawable, and makes
 * job->options.hints point to it.  If nothing of the layer lies there, the hints are one
 * transparent pixel.  Returns the image with the hints' pixels, which the caller owns; it must
 * outlive the run. */
static P2pImage *
read_hints (Job           *job,
            GimpDrawable  *hints,
            P2pTarget     *target,
            P2pRect        rect,
            GError       **error)
{
  P2pImage     *image;
  GeglRectangle part;
  int           x, y, hints_x, hints_y;

  gimp_drawable_get_offsets (target->drawable, &x, &y);
  gimp_drawable_get_offsets (hints, &hints_x, &hints_y);
  x += rect.x - hints_x;
  y += rect.y - hints_y;
  if (! gegl_rectangle_intersect (&part, GEGL_RECTANGLE (x, y, rect.width, rect.height),
                                  GEGL_RECTANGLE (0, 0, gimp_drawable_get_width (hints),
                                                  gimp_drawable_get_height (hints))))
    {
      image = p2p_image_new (1, 1, 2);
      image->pixels[0] = image->pixels[1] = 0.0f;
      part = *GEGL_RECTANGLE (x, y, 1, 1);
    }
  else
    image = p2p_drawable_read (hints, (P2pRect) { part.x, part.y, part.width, part.height },
                               TRUE, &job->mended, job->cancellable, error);

  job->hints         = (P2pHints) { image, part.x - x, part.y - y, part.width, part.height };
  job->options.hints = &job->hints;

  return image;
}

/* Copies the results into GEGL buffers, which may be swapped to disk. */
static gboolean
keep_made (P2pTarget        *target,
           const P2pLayers  *made,
           P2pRect           rect,
           GCancellable     *cancellable,
           GError          **error)
{
  target->color      = made->colors->channels >= 3;
  target->gets_alpha = made->colors->channels % 2 == 0 &&
                       ! gimp_drawable_has_alpha (target->drawable);
  target->light      = made->light;
  target->result     = p2p_drawable_keep (made->colors, rect, target->area, cancellable, error);
  if (made->lines && target->result)
    target->lines = p2p_drawable_keep (made->lines, rect, target->area, cancellable, error);

  return target->result && (target->lines || ! made->lines);
}

static gboolean
compute_target (P2pTarget     *target,
                GimpDrawable  *hints,
                Job           *job,
                GError       **error)
{
  P2pRect              rect  = p2p_apply_context (job->model, &job->options, target->width,
                                                  target->height, target->area);
  g_autoptr (P2pImage) image = p2p_drawable_read (target->drawable, rect, target->filters,
                                                  &job->mended, job->cancellable, error);
  g_autoptr (P2pImage) dots  = NULL;
  gboolean             success;

  if (! image)
    return FALSE;
  if (hints)
    {
      dots = read_hints (job, hints, target, rect, error);
      if (! dots)
        return FALSE;
    }

  job->image    = image;
  job->permille = 0;
  success       = run_job (job, error) &&
                  keep_made (target, &job->made, rect, job->cancellable, error);
  p2p_layers_clear (&job->made);

  return success;
}

/* The hints must be a layer of their own that exists and has alpha and color. */
static gboolean
check_hints (GimpDrawable  *hints,
             GPtrArray     *targets,
             GError       **error)
{
  if (hints && ! gimp_item_is_valid (GIMP_ITEM (hints)))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("The layer of color hints is no longer there: choose another one, or none."));
      return FALSE;
    }

  if (hints && ! gimp_drawable_has_alpha (hints))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("The layer of color hints has no transparency, so every pixel would be a "
                     "hint: paint the hints on a new transparent layer."));
      return FALSE;
    }

  if (hints && gimp_drawable_is_gray (hints))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("The image is grayscale, so the hints have no color: change it with Image ▸ "
                     "Mode ▸ RGB first, then paint the hints."));
      return FALSE;
    }

  for (guint i = 0; hints && i < targets->len; i++)
    if (((P2pTarget *) targets->pdata[i])->drawable == hints)
      {
        g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                     _("The color hints are in the layer that is to be translated: paint them on a "
                       "transparent layer of their own."));
        return FALSE;
      }

  return TRUE;
}

gboolean
p2p_translate (P2pModel              *model,
               const P2pApplyOptions *options,
               GimpImage             *image,
               GimpDrawable         **drawables,
               GimpDrawable          *hints,
               P2pDestination         output,
               gboolean               merge_filters,
               P2pProgress            progress,
               gpointer               data,
               GCancellable          *cancellable,
               gboolean              *nothing_selected,
               GimpImage            **new_image,
               GError               **error)
{
  g_autoptr (GPtrArray)  targets = g_ptr_array_new_with_free_func (
    (GDestroyNotify) p2p_target_free);
  Job                    job     = { model, *options, .progress = progress, .data = data,
                                     .cancellable = cancellable };
  const char            *title   = p2p_model_get (model, "title");

  for (GimpDrawable **drawable = drawables; *drawable; drawable++)
    {
      P2pTarget *target = target_new (*drawable, output != P2P_IN_PLACE || merge_filters);

      if (! target)
        continue;
      target->layering = p2p_model_layering (model);
      g_ptr_array_add (targets, target);
    }

  *nothing_selected = targets->len == 0;
  if (*nothing_selected)
    return TRUE;

  if (! check_hints (hints, targets, error))
    return FALSE;

  job.layered = output == P2P_NEW_LAYER && p2p_model_layering (model) == P2P_LAYERING_UNDER;
  job.share   = 1.0 / targets->len;
  for (guint i = 0; i < targets->len; i++)
    {
      job.first = i * job.share;
      if (! compute_target (targets->pdata[i], hints, &job, error))
        return FALSE;
    }

  if (job.mended)
    gimp_message (_("Some pixels had values that are not numbers (NaN or infinity). They were "
                    "replaced by the mean of their neighbors."));
  progress (1.0, data);

  return p2p_write (targets, image, hints, output, title ? title : "pix2pix", cancellable,
                    new_image, error);
}
