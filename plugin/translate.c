/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "translate.h"

#include "drawable.h"
#include "intl.h"

/* How often GIMP hears of the progress: each time costs a message to another process. */
#define PROGRESS_MILLISECONDS 100

/* One layer on its way, with what must still hold when its result is written. */
typedef struct
{
  GimpDrawable *drawable;
  int           width, height;
  gboolean      gray;
  P2pRect       area;
  GeglBuffer   *result;
  gboolean      color;   /* the result is in colour */
} Target;

/* What the worker thread works on.  It alone touches image and model meanwhile. */
typedef struct
{
  P2pModel              *model;
  const P2pApplyOptions *options;
  const P2pImage        *image;
  int                    permille;      /* atomic: written by the worker, read by the main thread */
  double                 first, share;  /* of GIMP's progress bar */
} Job;

static void
target_free (Target *target)
{
  g_clear_object (&target->result);
  g_free (target);
}

/* Returns NULL when nothing of drawable is selected. */
static Target *
target_new (GimpDrawable *drawable)
{
  g_autofree Target *target = g_new0 (Target, 1);

  if (! p2p_drawable_get_area (drawable, &target->area))
    return NULL;

  target->drawable = drawable;
  target->width    = gimp_drawable_get_width (drawable);
  target->height   = gimp_drawable_get_height (drawable);
  target->gray     = gimp_drawable_is_gray (drawable);

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

  gimp_progress_update (job->first + job->share * g_atomic_int_get (&job->permille) / 1000);

  return G_SOURCE_CONTINUE;
}

static void
compute (GTask        *task,
         gpointer      source,
         gpointer      data,
         GCancellable *cancellable)
{
  Job      *job    = data;
  GError   *error  = NULL;
  P2pImage *result = p2p_apply (job->model, job->image, job->options, note_progress, job,
                                cancellable, &error);

  if (result)
    g_task_return_pointer (task, result, (GDestroyNotify) p2p_image_free);
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

/* p2p_apply () in a thread of its own, while the main loop shows the progress. */
static P2pImage *
run_job (Job     *job,
         GError **error)
{
  g_autoptr (GMainLoop) loop  = g_main_loop_new (NULL, FALSE);
  g_autoptr (GTask)     task  = g_task_new (NULL, NULL, quit_loop, loop);
  guint                 timer = g_timeout_add (PROGRESS_MILLISECONDS, show_progress, job);

  g_task_set_task_data (task, job, NULL);
  g_task_run_in_thread (task, compute);
  g_main_loop_run (loop);
  g_source_remove (timer);

  return g_task_propagate_pointer (task, error);
}

static gboolean
compute_target (Target  *target,
                Job     *job,
                GError **error)
{
  P2pRect              rect   = p2p_apply_context (job->model, job->options, target->width,
                                                   target->height, target->area);
  g_autoptr (P2pImage) image  = p2p_drawable_read (target->drawable, rect);
  g_autoptr (P2pImage) result = NULL;

  job->image    = image;
  job->permille = 0;
  result        = run_job (job, error);
  if (! result)
    return FALSE;

  target->color  = result->channels >= 3;
  target->result = p2p_drawable_keep (result, rect, target->area);

  return TRUE;
}

/* The user may go on working while we compute; GIMP does not stop them. */
static gboolean
target_is_unchanged (Target   *target,
                     P2pOutput output,
                     GError  **error)
{
  P2pRect area = { 0 };

  if (! gimp_item_is_valid (GIMP_ITEM (target->drawable)) ||
      gimp_drawable_get_width (target->drawable) != target->width ||
      gimp_drawable_get_height (target->drawable) != target->height ||
      gimp_drawable_is_gray (target->drawable) != target->gray ||
      ! p2p_drawable_get_area (target->drawable, &area) ||
      memcmp (&area, &target->area, sizeof area) != 0)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("The layer or the selection was changed in the meantime, so nothing was "
                     "done: please run the filter again."));
      return FALSE;
    }

  return p2p_drawable_check (target->drawable, output == P2P_OUTPUT_NEW_LAYER, error);
}

static gboolean
write_target (Target     *target,
              P2pOutput   output,
              const char *title,
              GError    **error)
{
  GimpDrawable    *drawable = target->drawable;
  g_autofree char *layer    = gimp_item_get_name (GIMP_ITEM (drawable));
  g_autofree char *name     = g_strdup_printf ("%s – %s", layer, title);

  if (output == P2P_OUTPUT_IN_PLACE)
    return p2p_drawable_write (drawable, target->result, TRUE, error);

  /* Undoing takes the new layer away as a whole. */
  drawable = p2p_drawable_add_above (drawable, name, error);

  return drawable && p2p_drawable_write (drawable, target->result, FALSE, error);
}

static gboolean
write_all (GPtrArray  *targets,
           GimpImage  *image,
           P2pOutput   output,
           const char *title,
           GError    **error)
{
  gboolean convert = FALSE;
  gboolean success = TRUE;

  for (guint i = 0; i < targets->len; i++)
    {
      Target *target = targets->pdata[i];

      if (! target_is_unchanged (target, output, error))
        return FALSE;
      convert |= target->color && target->gray;
    }

  gimp_image_undo_group_start (image);
  if (convert && ! gimp_image_convert_rgb (image))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("GIMP could not turn the grayscale image into a color image."));
      success = FALSE;
    }
  for (guint i = 0; success && i < targets->len; i++)
    success = write_target (targets->pdata[i], output, title, error);
  gimp_image_undo_group_end (image);
  gimp_displays_flush ();

  return success;
}

gboolean
p2p_translate_check (GimpDrawable **drawables,
                     P2pOutput      output,
                     GError       **error)
{
  if (! drawables || ! drawables[0])
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED, _("Select a layer first."));
      return FALSE;
    }

  for (GimpDrawable **drawable = drawables; *drawable; drawable++)
    if (! p2p_drawable_check (*drawable, output == P2P_OUTPUT_NEW_LAYER, error))
      return FALSE;

  return TRUE;
}

gboolean
p2p_translate (P2pModel              *model,
               const P2pApplyOptions *options,
               GimpImage             *image,
               GimpDrawable         **drawables,
               P2pOutput              output,
               gboolean              *nothing_selected,
               GError               **error)
{
  g_autoptr (GPtrArray)  targets = g_ptr_array_new_with_free_func ((GDestroyNotify) target_free);
  Job                    job     = { .model = model, .options = options };
  const char            *title   = p2p_model_get (model, "title");

  for (GimpDrawable **drawable = drawables; *drawable; drawable++)
    {
      Target *target = target_new (*drawable);

      if (target)
        g_ptr_array_add (targets, target);
    }

  *nothing_selected = targets->len == 0;
  if (*nothing_selected)
    return TRUE;

  if (title)
    gimp_progress_init_printf (_("Translating: %s"), title);
  else
    gimp_progress_init (_("Translating"));

  job.share = 1.0 / targets->len;
  for (guint i = 0; i < targets->len; i++)
    {
      job.first = i * job.share;
      if (! compute_target (targets->pdata[i], &job, error))
        return FALSE;
    }

  return write_all (targets, image, output, title ? title : "pix2pix", error);
}
