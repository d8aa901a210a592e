/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "agree.h"
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

/* What is measured, added up over pictures.  All zeros is the start. */
typedef struct
{
  P2pMetrics  metrics;
  guint       n_ssim;                    /* pictures that are large enough for SSIM */
  double      chroma, target_chroma;     /* sums of the pictures' mean chroma */
  P2pTexture  texture;
  P2pStyle    style;
} Sums;

/* Buffers for one picture, and what is measured. */
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
  Sums        one, all;                  /* of this picture, and of all so far */
  P2pStyle    like;                      /* of the pictures of evaluation->like */
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

/* Sets the metrics about hints, if the picture has any. */
static gboolean
measure_hints (const P2pEvaluation  *evaluation,
               Work                 *work,
               GError              **error)
{
  const P2pDataKind *kind = &evaluation->kind;
  const P2pSeen      seen = { &kind->inputs, work->a, work->w, work->h };
  P2pMetrics        *found = &work->one.metrics;
  guint              obeyed;

  if (! p2p_inputs_take_hints (&kind->inputs) || ! evaluation->n_dots)
    return TRUE;
  if (! p2p_metric_nearest (&seen, work->target, &found->nearest_error, error)
      || ! p2p_metric_spreading (&seen, work->target, &found->spread_error, error)
      || ! p2p_metric_obeyed (work->output, work->target, work->w, work->h, work->places,
                              evaluation->n_dots, &obeyed, error))
    return FALSE;
  found->obeyed = (double) obeyed / evaluation->n_dots;
  return TRUE;
}

/* Whether b gets what the result is translated back to. */
static gboolean
has_cycle (const P2pEvaluation *evaluation)
{
  return evaluation->answer || evaluation->back;
}

/* Measures a picture that has no target.  b is what the result is translated back to, with the
 * channels of the input. */
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
  work->one.metrics.n = 1;
  if (! has_cycle (evaluation))
    memcpy (work->target, work->input, 3 * work->pixels * sizeof (float));
  else
    {
      p2p_rgb_of_input (kind, work->b, work->pixels, work->target);
      work->one.metrics.cycle = p2p_metric_l1 (work->a, work->b, work->pixels
                                               * p2p_inputs_channels (&kind->inputs));
    }
  p2p_texture_add (&work->one.texture, &textured);
  return p2p_style_add (&work->one.style, work->output, work->w, work->h, error);
}

/* Measures one picture.  x [h,w,channels of the output] is what the network has given. */
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
  Sums              *one = &work->one;
  P2pMetrics        *found = &one->metrics;
  double             ssim;

  p2p_rgb_of_input (kind, work->a, work->pixels, work->input);
  p2p_rgb_of_output (kind, work->a, x, work->pixels, work->output);
  p2p_rgb_of_output (kind, work->a, work->b, work->pixels, work->target);
  if (! p2p_metric_ssim (work->output, work->target, work->h, work->w, 3, &ssim, error)
      || ! measure_hints (evaluation, work, error))
    return FALSE;

  found->n = 1;
  found->l1 = p2p_metric_l1 (x, work->b, work->pixels * p2p_outputs[kind->output].channels);
  found->psnr = p2p_metric_psnr (work->output, work->target, 3 * work->pixels);
  one->n_ssim = ! isnan (ssim);
  found->ssim = one->n_ssim ? ssim : 0.0;
  p2p_texture_add (&one->texture, &textured);
  if (kind->mode == P2P_DATA_SKETCH)
    found->ab_error = p2p_metric_ab_of_rgb (work->output, work->target, work->pixels);
  if (kind->output == P2P_OUTPUT_LAB_AB)
    {
      found->ab_error = p2p_metric_ab_error (x, work->b, work->pixels);
      one->chroma = p2p_metric_chroma (x, work->pixels);
      one->target_chroma = p2p_metric_chroma (work->b, work->pixels);
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
  if (evaluation->options)
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
    evaluation->skip (dataset, index, problem->message, evaluation->data);
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
  if (! x || ! (evaluation->like ? measure_unpaired : measure) (evaluation, x, work, error))
    return FALSE;
  evaluated.w = work->w;
  evaluated.h = work->h;
  evaluated.input = work->input;
  evaluated.output = work->output;
  evaluated.target = work->target;
  return ! evaluation->tell
         || evaluation->tell (&evaluated, work->all.metrics.n, evaluation->data, error);
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

/* Reads a picture that results should look like. */
static gboolean
read_like (const P2pEvaluation  *evaluation,
           guint                 index,
           Work                 *work,
           GCancellable         *cancellable,
           GError              **error)
{
  gboolean read;

  if (! read_one (evaluation, TRUE, index, work, &read, error))
    return FALSE;
  if (! read)
    return TRUE;
  p2p_rgb_of_output (&evaluation->kind, NULL, work->b, work->pixels, work->target);
  work->one.metrics.n = 1;
  return p2p_style_add (&work->one.style, work->target, work->w, work->h, error);
}

static void
add_sums (Sums       *all,
          const Sums *one)
{
  P2pMetrics       *metrics = &all->metrics;
  const P2pMetrics *found = &one->metrics;

  metrics->n += found->n;
  metrics->l1 += found->l1;
  metrics->psnr += found->psnr;
  metrics->ssim += found->ssim;
  metrics->ab_error += found->ab_error;
  metrics->nearest_error += found->nearest_error;
  metrics->spread_error += found->spread_error;
  metrics->obeyed += found->obeyed;
  metrics->cycle += found->cycle;
  all->n_ssim += one->n_ssim;
  all->chroma += one->chroma;
  all->target_chroma += one->target_chroma;
  p2p_texture_join (&all->texture, &one->texture);
  p2p_style_join (&all->style, &one->style);
}

/* Does something for each entry of dataset, until n pictures are measured, and adds what it has
 * measured in the order of entries.  In each round, every rank does one entry.  So the sums have
 * the same bits however many ranks there are, and no rank works on when another one is stopped. */
static gboolean
measure_all (const P2pEvaluation  *evaluation,
             P2pDataset           *dataset,
             gboolean           (* each) (const P2pEvaluation *, guint, Work *, GCancellable *,
                                          GError **),
             Work                 *work,
             GCancellable         *cancellable,
             GError              **error)
{
  const P2pRanks   *ranks = evaluation->ranks;
  const guint       n_ranks = ranks ? ranks->n : 1, rank = ranks ? ranks->rank : 0;
  const guint       length = p2p_dataset_length (dataset);
  g_autofree Sums  *round = g_new (Sums, n_ranks);
  g_autofree gsize *sizes = g_new (gsize, n_ranks);

  for (guint r = 0; r < n_ranks; r++)
    sizes[r] = sizeof *round;
  work->all = (Sums) { 0 };
  for (guint first = 0; first < length && work->all.metrics.n < evaluation->n; first += n_ranks)
    {
      work->one = (Sums) { 0 };
      if (! p2p_agree (ranks, first + rank >= length
                              || each (evaluation, first + rank, work, cancellable, error), error))
        return FALSE;
      round[rank] = work->one;
      if (ranks)
        p2p_ranks_gather (ranks, round, sizes);
      for (guint r = 0; r < n_ranks && work->all.metrics.n < evaluation->n; r++)
        add_sums (&work->all, &round[r]);
    }
  return work->all.metrics.n > 0 || fail_to_read (error);
}

/* Sets the metrics of pictures that have no targets. */
static void
average_unpaired (const P2pEvaluation *evaluation,
                  const Work          *work,
                  P2pMetrics          *metrics)
{
  const Sums       *all = &work->all;
  const P2pMetrics *sums = &all->metrics;

  *metrics = (P2pMetrics) {
    sums->n, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, p2p_texture_grid (&all->texture),
    NAN, has_cycle (evaluation) ? sums->cycle / sums->n : NAN,
    p2p_style_distance (&all->style, &work->like)
  };
}

static void
average (const P2pEvaluation *evaluation,
         const Work          *work,
         P2pMetrics          *metrics)
{
  const Sums       *all = &work->all;
  const P2pMetrics *sums = &all->metrics;
  const gboolean    lab = evaluation->kind.output == P2P_OUTPUT_LAB_AB;
  const gboolean    hints = p2p_inputs_take_hints (&evaluation->kind.inputs)
                            && evaluation->n_dots;

  *metrics = (P2pMetrics) {
    sums->n, sums->l1 / sums->n, sums->psnr / sums->n,
    all->n_ssim ? sums->ssim / all->n_ssim : NAN,
    finds_colors (&evaluation->kind) ? sums->ab_error / sums->n : NAN,
    lab ? all->target_chroma / sums->n : NAN,
    lab && all->target_chroma > LEAST_CHROMA * sums->n ? all->chroma / all->target_chroma : NAN,
    hints ? sums->nearest_error / sums->n : NAN,
    hints ? sums->spread_error / sums->n : NAN,
    hints ? sums->obeyed / sums->n : NAN,
    p2p_texture_grid (&all->texture), p2p_texture_sharpness (&all->texture), NAN, NAN
  };
}

gboolean
p2p_evaluate (const P2pEvaluation  *evaluation,
              GCancellable         *cancellable,
              P2pMetrics           *metrics,
              GError              **error)
{
  g_auto (Work) work = { 0 };

  work.places = p2p_try_new (gsize, evaluation->n_dots, error);
  if (! p2p_agree (evaluation->ranks, work.places != NULL, error)
      || (evaluation->like && ! measure_all (evaluation, evaluation->like, read_like, &work,
                                             cancellable, error)))
    return FALSE;
  work.like = work.all.style;
  if (! measure_all (evaluation, evaluation->dataset, evaluate_one, &work, cancellable, error))
    return FALSE;
  if (evaluation->like)
    average_unpaired (evaluation, &work, metrics);
  else
    average (evaluation, &work, metrics);
  return TRUE;
}
