/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "apply/computed.h"
#include "base/intl.h"
#include "base/memory.h"
#include "crop.h"
#include "evaluate.h"
#include "hint-metrics.h"
#include "metrics.h"
#include "sheet.h"
#include "style.h"
#include "texture.h"

/* Buffers for one picture, and sums over all pictures so far. */
typedef struct
{
  int         w, h;                      /* size that the buffers are for; 0: no buffers yet */
  gsize       pixels;                    /* w · h */
  P2pGraph   *graph;                     /* for this size; NULL: the model runs the network */
  P2pNode    *in, *out;                  /* of graph */
  p2p_real   *a, *given;                 /* input, and the output of a model */
  p2p_real   *b;                         /* target, or what the output is translated back to */
  float      *input, *output, *target;   /* the same as RGB [h,w,3] */
  gsize      *places;                    /* centers of the hint dots */
  P2pMetrics  sums;
  guint       n_ssim;                    /* pictures that are large enough for SSIM */
  P2pTexture  texture;
  double      chroma, target_chroma;     /* sums of the pictures' mean chroma */
  P2pStyle   *style, *like;              /* of results and of evaluation->like; NULL: not wanted */
} Work;

static void
free_buffers (Work *work)
{
  g_clear_pointer (&work->a, g_free);
  g_clear_pointer (&work->b, g_free);
  g_clear_pointer (&work->given, g_free);
  g_clear_pointer (&work->input, g_free);
  g_clear_pointer (&work->output, g_free);
  g_clear_pointer (&work->target, g_free);
}

static void
work_clear (Work *work)
{
  free_buffers (work);
  g_free (work->places);
  g_free (work->style);
  g_free (work->like);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

/* Makes graph and buffers for a picture of w × h pixels, unless they have this size already. */
static gboolean
fit_work (const P2pEvaluation  *evaluation,
          Work                 *work,
          int                   w,
          int                   h,
          GError              **error)
{
  const P2pDataKind *kind = &evaluation->kind;
  const gsize        pixels = (gsize) w * h;
  const int          n_in = p2p_inputs_channels (&kind->inputs);
  const int          n_out = p2p_outputs[kind->output].channels;

  if (work->w == w && work->h == h)
    return TRUE;
  free_buffers (work);
  work->w = work->h = 0;
  if (evaluation->graph)
    work->graph = evaluation->graph (w, h, &work->in, &work->out, evaluation->data, error);
  if ((evaluation->graph && ! work->graph)
      || ! (work->a = p2p_try_new (p2p_real, pixels * n_in, error))
      || ! (work->b = p2p_try_new (p2p_real, pixels * MAX (n_in, n_out), error))
      || (! work->graph && ! (work->given = p2p_try_new (p2p_real, pixels * n_out, error)))
      || ! (work->input = p2p_try_new (float, 3 * pixels, error))
      || ! (work->output = p2p_try_new (float, 3 * pixels, error))
      || ! (work->target = p2p_try_new (float, 3 * pixels, error)))
    return FALSE;
  work->w = w;
  work->h = h;
  work->pixels = pixels;
  return TRUE;
}

/* ---- One picture ------------------------------------------------------------------------ */

/* Whether the network's task is to find colors, whose error is then measured. */
static gboolean
finds_colors (const P2pDataKind *kind)
{
  return kind->output == P2P_OUTPUT_LAB_AB || kind->mode == P2P_DATA_SKETCH;
}

/* Adds the metrics about hints, if the picture has any. */
static gboolean
measure_hints (const P2pEvaluation  *evaluation,
               Work                 *work,
               GError              **error)
{
  const P2pDataKind *kind = &evaluation->kind;
  const P2pSeen      seen = { &kind->inputs, work->a, work->w, work->h };
  P2pMetrics        *sums = &work->sums;
  double             nearest, spread;
  guint              obeyed;

  if (! p2p_inputs_take_hints (&kind->inputs) || ! evaluation->n_dots)
    return TRUE;
  if (! p2p_metric_nearest (&seen, work->target, &nearest, error)
      || ! p2p_metric_spreading (&seen, work->target, &spread, error)
      || ! p2p_metric_obeyed (work->output, work->target, work->w, work->h, work->places,
                              evaluation->n_dots, &obeyed, error))
    return FALSE;
  sums->nearest_error += nearest;
  sums->spread_error += spread;
  sums->obeyed += (double) obeyed / evaluation->n_dots;
  return TRUE;
}

/* Whether b gets what the result is translated back to. */
static gboolean
has_cycle (const P2pEvaluation *evaluation)
{
  return evaluation->answer || evaluation->back;
}

/* Adds a picture that has no target.  b is what the result is translated back to, with the channels
 * of the input. */
static gboolean
measure_unpaired (const P2pEvaluation  *evaluation,
                  const p2p_real       *x,
                  Work                 *work,
                  GError              **error)
{
  const P2pDataKind *kind = &evaluation->kind;
  const P2pTextured  textured = { work->w, work->h, work->input, work->output, work->input };

  p2p_rgb_of_input (kind, work->a, work->pixels, work->input);
  p2p_rgb_of_output (kind, work->a, x, work->pixels, work->output);
  work->sums.n++;
  if (! has_cycle (evaluation))
    memcpy (work->target, work->input, 3 * work->pixels * sizeof (float));
  else
    {
      p2p_rgb_of_input (kind, work->b, work->pixels, work->target);
      work->sums.cycle += p2p_metric_l1 (work->a, work->b,
                                         work->pixels * p2p_inputs_channels (&kind->inputs));
    }
  p2p_texture_add (&work->texture, &textured);
  return p2p_style_add (work->style, work->output, work->w, work->h, error);
}

/* Adds the metrics of one picture to the sums.  x [h,w,channels of the output] is what the network
 * has given. */
static gboolean
measure (const P2pEvaluation  *evaluation,
         const p2p_real       *x,
         Work                 *work,
         GError              **error)
{
  const P2pDataKind *kind = &evaluation->kind;
  const P2pTextured  textured = { work->w, work->h,
                                  evaluation->flat_targets ? work->target : work->input,
                                  work->output, work->target, finds_colors (kind) };
  P2pMetrics        *sums = &work->sums;
  double             ssim;

  p2p_rgb_of_input (kind, work->a, work->pixels, work->input);
  p2p_rgb_of_output (kind, work->a, x, work->pixels, work->output);
  p2p_rgb_of_output (kind, work->a, work->b, work->pixels, work->target);
  if (! p2p_metric_ssim (work->output, work->target, work->h, work->w, 3, &ssim, error)
      || ! measure_hints (evaluation, work, error))
    return FALSE;

  sums->n++;
  sums->l1 += p2p_metric_l1 (x, work->b, work->pixels * p2p_outputs[kind->output].channels);
  sums->psnr += p2p_metric_psnr (work->output, work->target, 3 * work->pixels);
  if (! isnan (ssim))
    {
      sums->ssim += ssim;
      work->n_ssim++;
    }
  p2p_texture_add (&work->texture, &textured);
  if (kind->mode == P2P_DATA_SKETCH)
    sums->ab_error += p2p_metric_ab_of_rgb (work->output, work->target, work->pixels);
  if (kind->output == P2P_OUTPUT_LAB_AB)
    {
      sums->ab_error += p2p_metric_ab_error (x, work->b, work->pixels);
      work->chroma += p2p_metric_chroma (x, work->pixels);
      work->target_chroma += p2p_metric_chroma (work->b, work->pixels);
    }
  return TRUE;
}

static const p2p_real *
run_graph (const Work    *work,
           GCancellable  *cancellable,
           GError       **error)
{
  if (! p2p_graph_allocate (work->graph, error))
    return NULL;
  memcpy (work->in->x, work->a, p2p_node_size (work->in) * sizeof (p2p_real));
  return p2p_graph_forward (work->graph, 0, NULL, NULL, cancellable, error) ? work->out->x : NULL;
}

/* Runs a model on x [h,w,c], in the way in which models are applied, and sets y. */
static gboolean
apply (P2pModel        *model,
       const Work      *work,
       int              c,
       const p2p_real  *x,
       p2p_real        *y,
       GCancellable    *cancellable,
       GError         **error)
{
  g_autoptr (P2pPlanes) seen = p2p_planes_new (work->w, work->h, c, error), found = NULL;

  if (! seen)
    return FALSE;
  for (gsize i = 0; i < work->pixels * c; i++)
    seen->values[i] = (x[i] + 1) / 2;
  found = p2p_apply_planes (model, seen, cancellable, error);
  for (gsize i = 0; found && i < work->pixels * found->channels; i++)
    y[i] = 2 * found->values[i] - 1;
  return found != NULL;
}

/* Runs the network on the picture's input, and then the way back, if there is a model for it. */
static const p2p_real *
run (const P2pEvaluation  *evaluation,
     const Work           *work,
     GCancellable         *cancellable,
     GError              **error)
{
  const P2pDataKind *kind = &evaluation->kind;
  const p2p_real    *x = work->given;

  if (work->graph)
    x = run_graph (work, cancellable, error);
  else if (! apply (evaluation->model, work, p2p_inputs_channels (&kind->inputs), work->a,
                    work->given, cancellable, error))
    return NULL;
  return x && (! evaluation->back
               || apply (evaluation->back, work, p2p_outputs[kind->output].channels, x, work->b,
                         cancellable, error)) ? x : NULL;
}

/* Finds the view in which an entry of dataset is evaluated. */
static gboolean
find_view (const P2pEvaluation  *evaluation,
           P2pDataset           *dataset,
           guint                 index,
           P2pView              *view,
           GError              **error)
{
  P2pSize size;

  if (! p2p_dataset_size (dataset, index, &size.width, &size.height, error))
    return FALSE;
  *view = (P2pView) { 0 };
  if (evaluation->graph)
    *view = p2p_view_of_validation (evaluation->options, size);
  else
    {
      p2p_scale_size (evaluation->fit, size.width, size.height, &view->w, &view->h);
      view->load_w = view->w;
      view->load_h = view->h;
    }
  view->stream = index;
  view->n_dots = evaluation->n_dots;
  return TRUE;
}

/* Reads an entry at the size at which it is evaluated: of the data set into a and b, or of the
 * pictures that results should look like into b.  *read tells whether that was possible; if not,
 * the entry is skipped.  FALSE when the evaluation cannot go on. */
static gboolean
read_one (const P2pEvaluation  *evaluation,
          gboolean              like,
          guint                 index,
          Work                 *work,
          gboolean             *read,
          GError              **error)
{
  P2pDataset        *dataset = like ? evaluation->like : evaluation->dataset;
  g_autoptr (GError) problem = NULL;
  P2pView            view;

  *read = FALSE;
  if (find_view (evaluation, dataset, index, &view, &problem))
    {
      view.places = work->places;
      if (! fit_work (evaluation, work, view.w, view.h, error))
        return FALSE;
      *read = p2p_dataset_read (dataset, index, &view, like ? work->b : work->a,
                                like ? NULL : work->b, &problem);
    }
  if (g_error_matches (problem, P2P_ERROR, P2P_ERROR_MEMORY))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  if (problem && evaluation->skip)
    evaluation->skip (problem->message, evaluation->data);
  return TRUE;
}

static gboolean
evaluate_one (const P2pEvaluation  *evaluation,
              guint                 index,
              Work                 *work,
              GCancellable         *cancellable,
              GError              **error)
{
  P2pEvaluated    evaluated = { p2p_dataset_name (evaluation->dataset, index) };
  P2pBatch        batch = { 1 };
  const p2p_real *x;
  gboolean        read;

  if (! read_one (evaluation, FALSE, index, work, &read, error))
    return FALSE;
  if (! read)
    return TRUE;
  batch = (P2pBatch) { 1, work->h, work->w, work->a, work->b };
  if (evaluation->answer && ! evaluation->answer (evaluation->training, evaluation->way,
                                                  &batch, error))
    return FALSE;
  x = run (evaluation, work, cancellable, error);
  if (! x || ! (work->style ? measure_unpaired : measure) (evaluation, x, work, error))
    return FALSE;
  evaluated.w = work->w;
  evaluated.h = work->h;
  evaluated.input = work->input;
  evaluated.output = work->output;
  evaluated.target = work->target;
  return ! evaluation->tell
         || evaluation->tell (&evaluated, work->sums.n - 1, evaluation->data, error);
}

/* ---- All pictures ----------------------------------------------------------------------- */

/* Targets with less mean chroma than this are gray; the rest is rounding. */
#define LEAST_CHROMA 0.1

static gboolean
fail_to_read (GError **error)
{
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE,
                       _("None of the pictures to evaluate with can be read"));
  return FALSE;
}

/* Reads the pictures that results should look like. */
static gboolean
read_like (const P2pEvaluation  *evaluation,
           Work                 *work,
           GError              **error)
{
  guint    n = 0;
  gboolean read;

  work->style = g_new0 (P2pStyle, 1);
  work->like = g_new0 (P2pStyle, 1);
  for (guint i = 0; i < p2p_dataset_length (evaluation->like) && n < evaluation->n; i++)
    {
      if (! read_one (evaluation, TRUE, i, work, &read, error))
        return FALSE;
      if (! read)
        continue;
      p2p_rgb_of_output (&evaluation->kind, NULL, work->b, work->pixels, work->target);
      if (! p2p_style_add (work->like, work->target, work->w, work->h, error))
        return FALSE;
      n++;
    }
  return n > 0 || fail_to_read (error);
}

/* Sets the metrics of pictures that have no targets. */
static void
average_unpaired (const P2pEvaluation *evaluation,
                  const Work          *work,
                  P2pMetrics          *metrics)
{
  *metrics = (P2pMetrics) {
    work->sums.n, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, p2p_texture_grid (&work->texture),
    NAN, has_cycle (evaluation) ? work->sums.cycle / work->sums.n : NAN,
    p2p_style_distance (work->style, work->like)
  };
}

static void
average (const P2pEvaluation *evaluation,
         const Work          *work,
         P2pMetrics          *metrics)
{
  const P2pMetrics *sums = &work->sums;
  const gboolean    lab = evaluation->kind.output == P2P_OUTPUT_LAB_AB;
  const gboolean    hints = p2p_inputs_take_hints (&evaluation->kind.inputs)
                            && evaluation->n_dots;

  *metrics = (P2pMetrics) {
    sums->n, sums->l1 / sums->n, sums->psnr / sums->n,
    work->n_ssim ? sums->ssim / work->n_ssim : NAN,
    finds_colors (&evaluation->kind) ? sums->ab_error / sums->n : NAN,
    lab ? work->target_chroma / sums->n : NAN,
    lab && work->target_chroma > LEAST_CHROMA * sums->n ? work->chroma / work->target_chroma : NAN,
    hints ? sums->nearest_error / sums->n : NAN,
    hints ? sums->spread_error / sums->n : NAN,
    hints ? sums->obeyed / sums->n : NAN,
    p2p_texture_grid (&work->texture), p2p_texture_sharpness (&work->texture), NAN, NAN
  };
}

gboolean
p2p_evaluate (const P2pEvaluation  *evaluation,
              GCancellable         *cancellable,
              P2pMetrics           *metrics,
              GError              **error)
{
  const guint   length = p2p_dataset_length (evaluation->dataset);
  g_auto (Work) work = { 0 };

  work.places = p2p_try_new (gsize, evaluation->n_dots, error);
  if (! work.places || (evaluation->like && ! read_like (evaluation, &work, error)))
    return FALSE;
  for (guint i = 0; i < length && work.sums.n < evaluation->n; i++)
    if (! evaluate_one (evaluation, i, &work, cancellable, error))
      return FALSE;

  if (work.sums.n == 0)
    return fail_to_read (error);
  if (evaluation->like)
    average_unpaired (evaluation, &work, metrics);
  else
    average (evaluation, &work, metrics);
  return TRUE;
}
