/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "translate.h"

#include "base/intl.h"
#include "drawable.h"

/* How often progress is told: GIMP hears of it by a message to another process. */
#define PROGRESS_MILLISECONDS 100

/* One layer on its way, with what must still hold when its result is written. */
typedef struct
{
  GimpDrawable *drawable;
  int           width, height;
  gboolean      gray;
  P2pRect       area;
  GeglBuffer   *result;
  gboolean      color;       /* the result is in colour */
  gboolean      gets_alpha;  /* the result has alpha, and the layer none */
} Target;

/* What the worker thread works on.  It alone touches image and model meanwhile. */
typedef struct
{
  P2pModel              *model;
  P2pApplyOptions        options;
  const P2pImage        *image;
  P2pHints               hints;         /* over image, if there are any */
  int                    permille;      /* atomic: written by the worker, read by the main thread */

  P2pProgress            progress;      /* what is told on the main thread */
  gpointer               data;
  double                 first, share;  /* of all that is done */
  GCancellable          *cancellable;   /* NULL: it cannot be stopped */
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

  job->progress (job->first + job->share * g_atomic_int_get (&job->permille) / 1000, job->data);

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
  P2pImage *result = p2p_apply (job->model, job->image, &job->options, note_progress, job,
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
  g_autoptr (GTask)     task  = g_task_new (NULL, job->cancellable, quit_loop, loop);
  guint                 timer = g_timeout_add (PROGRESS_MILLISECONDS, show_progress, job);

  g_task_set_task_data (task, job, NULL);
  g_task_run_in_thread (task, compute);
  g_main_loop_run (loop);
  g_source_remove (timer);

  return g_task_propagate_pointer (task, error);
}

/* Reads what of the hints' layer lies over a part of the target; a pixel without a hint where that
 * is nothing.  Gives the pixels (newly allocated), which the job's hints point to. */
static P2pImage *
read_hints (Job           *job,
            GimpDrawable  *hints,
            Target        *target,
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
                               job->cancellable, error);

  job->hints         = (P2pHints) { image, part.x - x, part.y - y, part.width, part.height };
  job->options.hints = &job->hints;

  return image;
}

static gboolean
compute_target (Target        *target,
                GimpDrawable  *hints,
                Job           *job,
                GError       **error)
{
  P2pRect              rect   = p2p_apply_context (job->model, &job->options, target->width,
                                                   target->height, target->area);
  g_autoptr (P2pImage) image  = p2p_drawable_read (target->drawable, rect, job->cancellable, error);
  g_autoptr (P2pImage) dots   = NULL;
  g_autoptr (P2pImage) result = NULL;

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
  result        = run_job (job, error);
  if (! result)
    return FALSE;

  target->color      = result->channels >= 3;
  target->gets_alpha = result->channels % 2 == 0 && ! gimp_drawable_has_alpha (target->drawable);

  target->result = p2p_drawable_keep (result, rect, target->area, job->cancellable, error);

  return target->result != NULL;
}

/* The user may go on working while we compute; GIMP does not stop them. */
static gboolean
target_is_unchanged (Target         *target,
                     P2pDestination  output,
                     GError        **error)
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

  return p2p_drawable_check (target->drawable, output != P2P_IN_PLACE, error);
}

static char *
result_name (Target     *target,
             const char *title)
{
  g_autofree char *layer = gimp_item_get_name (GIMP_ITEM (target->drawable));

  return g_strdup_printf ("%s – %s", layer, title);
}

/* Into the layers' shadows: until they are merged nothing has changed. */
static gboolean
send_all (GPtrArray     *targets,
          GCancellable  *cancellable,
          GError       **error)
{
  for (guint i = 0; i < targets->len; i++)
    {
      Target *target = targets->pdata[i];

      if (! p2p_drawable_send (target->drawable, target->result, cancellable, error))
        {
          while (i-- > 0)
            gimp_drawable_free_shadow (((Target *) targets->pdata[i])->drawable);
          return FALSE;
        }
    }

  return TRUE;
}

/* Undoing takes a new layer away as a whole. */
static gboolean
write_layer (Target      *target,
             const char  *title,
             GError     **error)
{
  g_autofree char *name  = result_name (target, title);
  GimpDrawable    *layer = p2p_drawable_add_above (target->drawable, name, error);

  return layer && p2p_drawable_send (layer, target->result, NULL, error) &&
         p2p_drawable_merge (layer, target->area, FALSE, error);
}

/* Where the target's area lies in its image. */
static GeglRectangle
place_of (const Target *target)
{
  int x, y;

  gimp_drawable_get_offsets (target->drawable, &x, &y);

  return *GEGL_RECTANGLE (x + target->area.x, y + target->area.y, target->area.width,
                          target->area.height);
}

/* The results in an image of their own, which is as precise as the old one and has its profile. */
static GimpImage *
write_image (GPtrArray     *targets,
             GimpImage     *image,
             const char    *title,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr (GimpColorProfile)  profile = gimp_image_get_color_profile (image);
  GimpImageBaseType             type    = gimp_image_get_base_type (image);
  GeglRectangle                 all     = { 0 };
  GimpImage                    *made;
  gboolean                      success = TRUE;

  for (guint i = 0; i < targets->len; i++)
    {
      Target        *target = targets->pdata[i];
      GeglRectangle  place  = place_of (target);

      gegl_rectangle_bounding_box (&all, &all, &place);
      if (target->color)
        type = GIMP_RGB;
    }

  made = gimp_image_new_with_precision (all.width, all.height, type,
                                        gimp_image_get_precision (image));
  gimp_image_undo_disable (made);
  if (profile && type == gimp_image_get_base_type (image))
    gimp_image_set_color_profile (made, profile);
  for (guint i = 0; success && i < targets->len; i++)
    {
      Target          *target = targets->pdata[i];
      GeglRectangle    place  = place_of (target);
      g_autofree char *name   = result_name (target, title);

      success = p2p_drawable_add (made, target->result, name, place.x - all.x, place.y - all.y,
                                  cancellable, error);
    }
  gimp_image_undo_enable (made);
  gimp_image_clean_all (made);
  if (success)
    return made;

  gimp_image_delete (made);

  return NULL;
}

/* Layers that have no alpha get it for a result that has. */
static void
add_alpha (GPtrArray *targets)
{
  for (guint i = 0; i < targets->len; i++)
    {
      Target *target = targets->pdata[i];

      if (target->gets_alpha)
        gimp_layer_add_alpha (GIMP_LAYER (target->drawable));
    }
}

/* Into the image itself, as one undo step.  sent: the results are in the layers' shadows
 * already. */
static gboolean
write_here (GPtrArray    *targets,
            GimpImage    *image,
            gboolean      in_place,
            gboolean      convert,
            gboolean      sent,
            const char   *title,
            GError      **error)
{
  gboolean success = TRUE;

  gimp_image_undo_group_start (image);
  if (convert && ! gimp_image_convert_rgb (image))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("GIMP could not turn the grayscale image into a color image."));
      success = FALSE;
    }
  if (success && in_place && ! sent)
    {
      add_alpha (targets);
      success = send_all (targets, NULL, error);
    }
  for (guint i = 0; success && i < targets->len; i++)
    {
      Target *target = targets->pdata[i];

      success = in_place ? p2p_drawable_merge (target->drawable, target->area, TRUE, error)
                         : write_layer (target, title, error);
    }
  gimp_image_undo_group_end (image);
  gimp_displays_flush ();

  return success;
}

/* The last moment at which Cancel is heard is before the image is touched. */
static gboolean
write_all (GPtrArray     *targets,
           GimpImage     *image,
           P2pDestination output,
           const char    *title,
           GCancellable  *cancellable,
           GimpImage    **new_image,
           GError       **error)
{
  gboolean in_place = output == P2P_IN_PLACE;
  gboolean convert  = FALSE, late = FALSE;

  for (guint i = 0; i < targets->len; i++)
    {
      Target *target = targets->pdata[i];

      if (! target_is_unchanged (target, output, error))
        return FALSE;
      convert |= target->color && target->gray;
      late |= convert || target->gets_alpha;
    }

  /* A shadow is of the layer's type, so that of a layer whose type changes comes afterwards. */
  if (in_place && ! late && ! send_all (targets, cancellable, error))
    return FALSE;

  /* The Cancel button beside GIMP's bar ends our process: pressed while GIMP takes over the pixels,
   * it would be heard when they have changed already. */
  gimp_progress_end ();

  if (output != P2P_NEW_IMAGE)
    return write_here (targets, image, in_place, convert, ! late, title, error);

  *new_image = write_image (targets, image, title, cancellable, error);

  return *new_image != NULL;
}

gboolean
p2p_translate_check (GimpDrawable   **drawables,
                     P2pDestination   output,
                     GError         **error)
{
  if (! drawables || ! drawables[0])
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED, _("Select a layer first."));
      return FALSE;
    }

  for (GimpDrawable **drawable = drawables; *drawable; drawable++)
    if (! p2p_drawable_check (*drawable, output != P2P_IN_PLACE, error))
      return FALSE;

  return TRUE;
}

/* The hints must lie in another layer than those that are translated. */
static gboolean
check_hints (GimpDrawable  *hints,
             GPtrArray     *targets,
             GError       **error)
{
  for (guint i = 0; hints && i < targets->len; i++)
    if (((Target *) targets->pdata[i])->drawable == hints)
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
               P2pProgress            progress,
               gpointer               data,
               GCancellable          *cancellable,
               gboolean              *nothing_selected,
               GimpImage            **new_image,
               GError               **error)
{
  g_autoptr (GPtrArray)  targets = g_ptr_array_new_with_free_func ((GDestroyNotify) target_free);
  Job                    job     = { model, *options, .progress = progress, .data = data,
                                     .cancellable = cancellable };
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

  if (! check_hints (hints, targets, error))
    return FALSE;

  job.share = 1.0 / targets->len;
  for (guint i = 0; i < targets->len; i++)
    {
      job.first = i * job.share;
      if (! compute_target (targets->pdata[i], hints, &job, error))
        return FALSE;
    }

  progress (1.0, data);

  return write_all (targets, image, output, title ? title : "pix2pix", cancellable, new_image,
                    error);
}
