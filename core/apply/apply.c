/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A picture in, a picture out: plan (plan.c), compose the network's planes and scale them, find the
 * tiles' common statistics, run the network on each tile and merge (or on the whole in strips),
 * scale back, blend with the picture.
 *
 * Every loop over pixels is a parallel-for that watches the cancellable; what it skipped is
 * garbage, which nobody sees since each stage ends with a look at the cancellable. */

#include "base/intl.h"
#include "base/mirror.h"
#include "base/random.h"
#include "blend.h"
#include "compose.h"
#include "pictures/guided-filter.h"
#include "plan.h"

/* What is computed, and while it is. */
struct _P2pComputed
{
  P2pModel              *model;
  const P2pImage        *image;
  const P2pApplyOptions *options;      /* the caller's, while the network runs */
  GCancellable          *cancellable;  /* of the call that runs */
  P2pPlan                plan;

  P2pPalette            *palette;    /* NULL: labels are not snapped */
  P2pCompose            *compose;
  P2pResize             *reduced;    /* the composed planes at the working size; NULL: they are */
  P2pSource              composed;   /* the network's planes in [0, 1], of the picture's size */
  P2pSource              input;      /* the same of the working size */
  P2pPlanes             *merged;     /* what the network gives, in [0, 1], of the working size */

  P2pProgress            progress;
  gpointer               data;
  double                 total, done, running;   /* FLOPs: of all, before this graph, of it */
};

void
p2p_computed_free (P2pComputed *computed)
{
  if (! computed)
    return;
  p2p_planes_free (computed->merged);
  p2p_resize_free (computed->reduced);
  p2p_compose_free (computed->compose);
  g_free (computed->palette);
  g_free (computed);
}

/* A loop over pixels. */
static void
for_rows (P2pComputed  *run,
          int           n_rows,
          P2pChunkFunc  func,
          gpointer      data)
{
  p2p_parallel_watch (run->model->parallel, run->cancellable, NULL, NULL);
  p2p_parallel_for (run->model->parallel, n_rows, func, data);
  p2p_parallel_watch (run->model->parallel, NULL, NULL, NULL);
}

/* ---- Composing -------------------------------------------------------------------------- */

static gboolean
find_palette (P2pComputed *run,
              GError     **error)
{
  const char *text = g_hash_table_lookup (run->model->card->texts, "palette");

  if (! run->options->snap_labels)
    return TRUE;
  if (! text)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("The model has no palette that labels could be snapped to"));
      return FALSE;
    }
  run->palette = p2p_palette_new (text);
  return TRUE;
}

static gboolean
compose (P2pComputed *run,
         GError     **error)
{
  const P2pCard  *card = run->model->card;
  const P2pSizes *sizes = &run->plan.sizes;
  P2pParallel    *parallel = run->model->parallel;

  p2p_parallel_watch (parallel, run->cancellable, NULL, NULL);
  run->compose = p2p_compose_new (card, run->image, run->palette, parallel);
  run->composed = run->input = p2p_compose_source (run->compose);
  if (p2p_is_scaled (sizes))
    {
      run->reduced = p2p_resize_new (&run->composed, sizes->work_w, sizes->work_h,
                                     p2p_compose_filter (card, run->palette != NULL), parallel);
      run->input = p2p_resize_source (run->reduced);
    }
  p2p_parallel_watch (parallel, NULL, NULL, NULL);
  return ! g_cancellable_set_error_if_cancelled (run->cancellable, error);
}

/* ---- The network ------------------------------------------------------------------------ */

/* Where a graph's picture i lies in the picture. */
typedef struct
{
  const P2pComputed *run;
  int             (* left) (const P2pComputed *run, int i);
  int             (* top)  (const P2pComputed *run, int i);
  int                first;           /* tile that the graph's picture 0 is; of a strip its top */
  P2pNode           *input;           /* that is filled */
  const P2pNode     *output;          /* that is merged, */
  float             *across, *down;   /* with these weights */
} Place;

static int
tile_left (const P2pComputed *run,
           int                i)
{
  return p2p_tile_start (&run->plan.across, i % run->plan.across.n);
}

static int
tile_top (const P2pComputed *run,
          int                i)
{
  return p2p_tile_start (&run->plan.down, i / run->plan.across.n);
}

static int
sample_left (const P2pComputed *run,
             int                i)
{
  const P2pPlan *plan = &run->plan;

  return p2p_tile_sample (&plan->across, plan->sample_w, plan->sample_columns,
                          i % plan->sample_columns);
}

static int
sample_top (const P2pComputed *run,
            int                i)
{
  const P2pPlan *plan = &run->plan;

  return p2p_tile_sample (&plan->down, plan->sample_h, plan->sample_rows,
                          i / plan->sample_columns);
}

/* Planes in [0, 1] → a row of the network's input in [−1, 1], mirrored at the right and the
 * bottom. */
static void
fill_row (int      row,
          int      worker,
          gpointer data)
{
  const Place      *place = data;
  const P2pSource  *source = &place->run->input;
  const P2pNode    *input = place->input;
  const int         i = place->first + row / input->h, c = input->c;
  const int         left = place->left (place->run, i);
  const int         y = p2p_mirror (place->top (place->run, i) + row % input->h, source->height);
  const int         n = MIN (input->w, source->width - left);
  g_autofree float *values = g_new (float, (gsize) n * c);
  p2p_real         *to = input->x + (gsize) row * input->w * c;

  source->read (source->data, y, left, n, values);
  for (int x = 0; x < input->w; x++)
    {
      const float *from = values + (x < n ? x : p2p_mirror (left + x, source->width) - left) * c;

      for (int k = 0; k < c; k++)
        *to++ = (CLAMP (from[k], 0.0f, 1.0f) - (p2p_real) 0.5) / (p2p_real) 0.5;
    }
}

static void
tell_progress (double   fraction,
               gpointer data)
{
  const P2pComputed *run = data;

  run->progress ((run->done + fraction * run->running) / run->total, run->data);
}

/* Runs a graph whose input is filled. */
static gboolean
run_graph (P2pComputed  *run,
           P2pGraph  *graph,
           guint64    seed,
           GError   **error)
{
  run->running = graph->flops;
  if (! p2p_graph_forward (graph, seed, run->progress ? tell_progress : NULL, run,
                           run->cancellable, error))
    return FALSE;
  run->done += graph->flops;
  return TRUE;
}

/* Runs the model's graph on places. */
static gboolean
forward (P2pComputed  *run,
         Place    *place,
         guint64   seed,
         GError  **error)
{
  const P2pModel *model = run->model;

  p2p_graph_allocate (model->graph);
  place->input = model->input;
  place->output = model->output;
  for_rows (run, model->input->n * model->input->h, fill_row, place);
  return run_graph (run, model->graph, seed, error);
}

/* Noise of its own for each tile, and that of the whole for the first. */
static guint64
part_seed (const P2pComputed *run,
           const char *part,
           int         i)
{
  return i ? p2p_random (run->options->seed, p2p_random_stream (part), i) : run->options->seed;
}

/* One set of statistics for all tiles, from samples that are spread over the picture and run as one
 * batch. */
static gboolean
collect_statistics (P2pComputed *run,
                    GError     **error)
{
  P2pPlan *plan = &run->plan;
  Place    place = { run, sample_left, sample_top };
  int      n = plan->sample_columns * plan->sample_rows;

  if (! n)
    return TRUE;

  plan->mode.parts = P2P_STATS_COLLECT;
  if (! p2p_model_batch (run->model, n, plan->sample_w, plan->sample_h, plan->mode, error)
      || ! forward (run, &place, part_seed (run, "statistics", 1), error))
    return FALSE;
  p2p_graph_release (run->model->graph);
  plan->mode.parts = P2P_STATS_GIVEN;
  return TRUE;
}

/* A row of the network's output in [−1, 1], weighted, onto the merged planes. */
static void
merge_row (int      row,
           int      worker,
           gpointer data)
{
  const Place    *place = data;
  const P2pNode  *output = place->output;
  P2pPlanes      *merged = place->run->merged;
  const int       left = place->left (place->run, place->first);
  const int       y = place->top (place->run, place->first) + row;
  const int       n = MIN (output->w, merged->width - left);
  const p2p_real *from = output->x + (gsize) row * output->w * output->c;
  float          *to = merged->values + ((gsize) y * merged->width + left) * output->c;

  if (y >= merged->height)
    return;
  for (int x = 0; x < n; x++)
    {
      float weight = place->across[x] * place->down[row];

      for (int k = 0; k < output->c; k++)
        *to++ += weight * (float) ((*from++ + 1) / 2);
    }
}

static gboolean
run_tiles (P2pComputed *run,
           GError     **error)
{
  const P2pPlan    *plan = &run->plan;
  const int         n = p2p_plan_tiles (plan);
  g_autofree float *across = g_new (float, plan->across.size);
  g_autofree float *down = g_new (float, plan->down.size);

  if (! p2p_model_graph (run->model, plan->across.size, plan->down.size, plan->mode, error))
    return FALSE;
  run->merged = p2p_planes_new (plan->sizes.work_w, plan->sizes.work_h, run->model->output->c);
  for (int i = 0; i < n; i++)
    {
      Place place = { run, tile_left, tile_top, i, .across = across, .down = down };

      if (! forward (run, &place, part_seed (run, "tile", i), error))
        return FALSE;
      p2p_tile_weights (&plan->across, i % plan->across.n, across);
      p2p_tile_weights (&plan->down, i / plan->across.n, down);
      for_rows (run, run->model->output->h, merge_row, &place);
    }
  p2p_graph_release (run->model->graph);
  return ! g_cancellable_set_error_if_cancelled (run->cancellable, error);
}

/* ---- Strips ----------------------------------------------------------------------------- */

static int
strip_left (const P2pComputed *run,
            int                i)
{
  return 0;
}

static int
strip_top (const P2pComputed *run,
           int                i)
{
  return i;
}

static void
fill_strip (P2pNode  *picture,
            int       top,
            gpointer  data)
{
  P2pComputed  *run = data;
  Place         place = { run, strip_left, strip_top, top, picture };

  for_rows (run, picture->h, fill_row, &place);
}

static gboolean
run_strip (P2pGraph  *graph,
           gpointer   data,
           GError   **error)
{
  P2pComputed *run = data;

  return run_graph (run, graph, run->options->seed, error);
}

static void
merge_strip (const P2pNode *output,
             int            top,
             int            first,
             int            end,
             gpointer       data)
{
  P2pComputed      *run = data;
  g_autofree float *across = g_new (float, output->w), *down = g_new (float, output->h);
  Place             place = { run, strip_left, strip_top, top, NULL, output, across, down };

  for (int x = 0; x < output->w; x++)
    across[x] = 1.0f;
  for (int y = 0; y < output->h; y++)
    down[y] = top + y >= first && top + y < end;
  for_rows (run, output->h, merge_row, &place);
}

static gboolean
run_strips (P2pComputed *run,
            GError     **error)
{
  const P2pPlan       *plan = &run->plan;
  const P2pStripsUser  user = { fill_strip, run_strip, merge_strip, run,
                                run->cancellable };

  run->merged = p2p_planes_new (plan->sizes.work_w, plan->sizes.work_h,
                                run->model->card->options.output_nc);
  return p2p_strips_run (run->model, &plan->strips, plan->mode, &user, error)
         && ! g_cancellable_set_error_if_cancelled (run->cancellable, error);
}

/* ---- The result ------------------------------------------------------------------------- */

P2pImage *
p2p_apply_blend (P2pComputed   *run,
                 double         strength,
                 double         chroma,
                 GCancellable  *cancellable,
                 GError       **error)
{
  P2pParallel                *parallel = run->model->parallel;
  const P2pImage             *image = run->image;
  const P2pSizes             *sizes = &run->plan.sizes;
  const P2pOutput             output = run->model->card->output;
  P2pSource                   merged = p2p_planes_source (run->merged);
  g_autoptr (P2pResize)       enlarged = NULL;
  g_autoptr (P2pGuidedFilter) filter = NULL;
  g_autoptr (P2pImage)        result = NULL;
  P2pBlend                    blend = { image, output, strength, chroma, merged };

  run->cancellable = cancellable;
  p2p_parallel_watch (parallel, cancellable, NULL, NULL);
  if (p2p_is_scaled (sizes) && output == P2P_OUTPUT_LAB_AB)
    {
      filter = p2p_guided_filter_new (run->merged, &run->input, &run->composed, parallel);
      blend.after = p2p_guided_filter_source (filter);
    }
  else if (p2p_is_scaled (sizes))
    {
      enlarged = p2p_resize_new (&merged, image->width, image->height, P2P_CUBIC, parallel);
      blend.after = p2p_resize_source (enlarged);
    }

  blend.result = result = p2p_image_new (image->width, image->height, sizes->result_channels);
  result->depth = image->depth;
  result->profile = image->profile ? g_bytes_ref (image->profile) : NULL;
  for_rows (run, image->height, p2p_blend_row, &blend);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&result);
}

P2pComputed *
p2p_apply_compute (P2pModel               *model,
                   const P2pImage         *image,
                   const P2pApplyOptions  *options,
                   P2pProgress             progress,
                   gpointer                data,
                   GCancellable           *cancellable,
                   GError                **error)
{
  g_autoptr (P2pComputed) run = g_new0 (P2pComputed, 1);

  *run = (P2pComputed) { model, image, options, cancellable, .progress = progress, .data = data };
  if (! p2p_plan_make (model, image->width, image->height, image->channels, options, &run->plan,
                       error)
      || ! find_palette (run, error))
    return NULL;

  run->total = run->plan.sample_flops + p2p_plan_tiles (&run->plan) * run->plan.flops;
  if (! compose (run, error) || ! collect_statistics (run, error)
      || ! (run->plan.strips.levels ? run_strips (run, error) : run_tiles (run, error)))
    return NULL;

  /* Only colours that are guided by it need to know what the network saw. */
  if (model->card->output != P2P_OUTPUT_LAB_AB)
    g_clear_pointer (&run->reduced, p2p_resize_free);
  return g_steal_pointer (&run);
}

P2pImage *
p2p_apply (P2pModel               *model,
           const P2pImage         *image,
           const P2pApplyOptions  *options,
           P2pProgress             progress,
           gpointer                data,
           GCancellable           *cancellable,
           GError                **error)
{
  g_autoptr (P2pComputed) computed = p2p_apply_compute (model, image, options, progress, data,
                                                        cancellable, error);

  if (! computed)
    return NULL;
  return p2p_apply_blend (computed, options->strength, options->chroma, cancellable, error);
}

gboolean
p2p_apply_plan (P2pModel               *model,
                int                     width,
                int                     height,
                int                     channels,
                const P2pApplyOptions  *options,
                P2pApplyPlan           *plan,
                GError                **error)
{
  P2pPlan whole;
  int     tiles;

  if (! p2p_plan_make (model, width, height, channels, options, &whole, error))
    return FALSE;
  tiles = p2p_plan_tiles (&whole);
  *plan = (P2pApplyPlan) { whole.sizes.work_w, whole.sizes.work_h, tiles, whole.bytes,
                           (whole.sample_flops + tiles * whole.flops) / 1e9 };
  return TRUE;
}
