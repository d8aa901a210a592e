/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Runs the network on the composed planes, in tiles (one tile is the whole picture) or in strips.
 * Every loop over pixels watches the cancellable, as apply.c says. */

#include <string.h>

#include "base/memory.h"
#include "base/mirror.h"
#include "base/random.h"
#include "computed.h"

void
p2p_computed_for_rows (P2pComputed  *run,
                       int           n_rows,
                       P2pChunkFunc  func,
                       gpointer      data)
{
  p2p_parallel_watch (run->model->parallel, run->cancellable, NULL, NULL);
  p2p_parallel_for (run->model->parallel, n_rows, func, data);
  p2p_parallel_watch (run->model->parallel, NULL, NULL, NULL);
}

/* ---- Tiles ------------------------------------------------------------------------------ */

/* Where the images of a graph's batch lie in the picture.  left () and top () return the first
 * column and row of the tile, sample or strip with number i; a strip's number is its top row. */
typedef struct
{
  const P2pComputed *run;
  int             (* left) (const P2pComputed *run, int i);
  int             (* top)  (const P2pComputed *run, int i);
  int                first;           /* number of the batch's image 0 */
  P2pNode           *input;           /* node that fill_row () fills */
  const P2pNode     *output;          /* node that merge_row () merges, */
  float             *across, *down;   /* with these weights for columns and rows */
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

/* Fills one row of the network's input, scaled from [0, 1] to [−1, 1].  Pixels beyond the picture's
 * right and bottom edges are mirrored.  Rows are counted over the whole batch. */
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
  p2p_real         *to = input->x + (gsize) row * input->w * c;
  float             values[P2P_PIECE];

  for (int x = 0, m; x < n; x += m)
    {
      m = p2p_piece (n - x, c);
      source->read (source->data, y, left + x, m, values);
      for (int k = 0; k < m * c; k++)
        to[x * c + k] = (CLAMP (values[k], 0.0f, 1.0f) - (p2p_real) 0.5) / (p2p_real) 0.5;
    }
  for (int x = n; x < input->w; x++)
    memcpy (to + x * c, to + (p2p_mirror (left + x, source->width) - left) * c, c * sizeof *to);
}

static void
tell_progress (double   fraction,
               gpointer data)
{
  const P2pComputed *run = data;

  run->progress ((run->done + fraction * run->running) / run->total, run->data);
}

/* Runs a graph whose input is filled, and counts its FLOPs for the progress. */
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

/* Fills the input of the model's graph as place says, and runs the graph. */
static gboolean
forward (P2pComputed  *run,
         Place    *place,
         guint64   seed,
         GError  **error)
{
  const P2pModel *model = run->model;

  if (! p2p_graph_allocate (model->graph, error))
    return FALSE;
  place->input = model->input;
  place->output = model->output;
  p2p_computed_for_rows (run, model->input->n * model->input->h, fill_row, place);
  return run_graph (run, model->graph, seed, error);
}

/* Returns the seed of part i.  Each tile has its own dropout noise; tile 0 has the seed that the
 * whole picture would have. */
static guint64
part_seed (const P2pComputed *run,
           const char *part,
           int         i)
{
  return i ? p2p_random (run->options->seed, p2p_random_stream (part), i) : run->options->seed;
}

/* Collects the norm statistics that all tiles use.  Samples spread over the picture run as one
 * batch, and each norm takes its statistics over that batch.  Does nothing if the plan has no
 * samples. */
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

/* Scales one row of the network's output from [−1, 1] to [0, 1] and adds it, weighted, to the
 * merged planes. */
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
  g_autofree float *across = p2p_try_new (float, plan->across.size, error);
  g_autofree float *down = across ? p2p_try_new (float, plan->down.size, error) : NULL;

  if (! down
      || ! p2p_model_graph (run->model, plan->across.size, plan->down.size, plan->mode, error)
      || ! (run->merged = p2p_planes_new (run->input.width, run->input.height,
                                          run->model->output->c, error)))
    return FALSE;
  for (int i = 0; i < n; i++)
    {
      Place place = { run, tile_left, tile_top, i, .across = across, .down = down };

      if (! forward (run, &place, part_seed (run, "tile", i), error))
        return FALSE;
      p2p_tile_weights (&plan->across, i % plan->across.n, across);
      p2p_tile_weights (&plan->down, i / plan->across.n, down);
      p2p_computed_for_rows (run, run->model->output->h, merge_row, &place);
    }
  p2p_graph_release (run->model->graph);
  return ! g_cancellable_set_error_if_cancelled (run->cancellable, error);
}

/* ---- Strips ----------------------------------------------------------------------------- */

/* Data of the callbacks below.  across [w] is 1 everywhere.  down [height] is 1 for the rows of the
 * running strip that go into the result, 0 for its halo. */
typedef struct
{
  P2pComputed *run;
  float       *across, *down;
} Strips;

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
  Strips *strips = data;
  Place   place = { strips->run, strip_left, strip_top, top, picture };

  p2p_computed_for_rows (strips->run, picture->h, fill_row, &place);
}

static gboolean
run_strip (P2pGraph  *graph,
           gpointer   data,
           GError   **error)
{
  P2pComputed *run = ((Strips *) data)->run;

  return run_graph (run, graph, run->options->seed, error);
}

static void
merge_strip (const P2pNode *output,
             int            top,
             int            first,
             int            end,
             gpointer       data)
{
  Strips *strips = data;
  Place   place = { strips->run, strip_left, strip_top, top, NULL, output, strips->across,
                    strips->down };

  for (int y = 0; y < output->h; y++)
    strips->down[y] = top + y >= first && top + y < end;
  p2p_computed_for_rows (strips->run, output->h, merge_row, &place);
}

static gboolean
run_strips (P2pComputed *run,
            GError     **error)
{
  const P2pPlan       *plan = &run->plan;
  g_autofree float    *across = p2p_try_new (float, plan->strips.w, error);
  g_autofree float    *down = across ? p2p_try_new (float, plan->strips.height, error) : NULL;
  Strips               strips = { run, across, down };
  const P2pStripsUser  user = { fill_strip, run_strip, merge_strip, &strips,
                                run->cancellable };

  if (! down || ! (run->merged = p2p_planes_new (run->input.width, run->input.height,
                                                 run->model->card->options.output_nc, error)))
    return FALSE;
  for (int x = 0; x < plan->strips.w; x++)
    across[x] = 1.0f;
  return p2p_strips_run (run->model, &plan->strips, plan->mode, &user, error)
         && ! g_cancellable_set_error_if_cancelled (run->cancellable, error);
}

/* ---- The frame -------------------------------------------------------------------------- */

/* Networks that pad with zeros see where a picture ends.  Some have learned to darken it there, or
 * to give it another color.  With a frame of mirrored pixels around the picture that happens in the
 * frame, which is cut off. */
typedef struct
{
  const P2pSource *source;    /* the picture */
  int              frame;
} Framed;

/* A P2pSource.read of the picture with its frame. */
static void
read_framed (gconstpointer  data,
             int            y,
             int            x,
             int            n,
             float         *values)
{
  const Framed    *framed = data;
  const P2pSource *source = framed->source;
  const int        row = p2p_mirror (y - framed->frame, source->height);

  for (int i = 0, m; i < n; i += m)
    {
      const int column = x + i - framed->frame;
      gboolean  inside = column >= 0 && column < source->width;

      m = inside ? MIN (n - i, source->width - column) : 1;
      source->read (source->data, row, p2p_mirror (column, source->width), m,
                    values + i * source->channels);
    }
}

/* From merged planes with a frame to those without. */
typedef struct
{
  const P2pPlanes *framed;
  P2pPlanes       *cut;
} Cutting;

static void
cut_row (int      row,
         int      worker,
         gpointer data)
{
  const Cutting   *cutting = data;
  const P2pPlanes *from = cutting->framed;
  P2pPlanes       *to = cutting->cut;
  const int        left = (from->width - to->width) / 2, top = (from->height - to->height) / 2;

  memcpy (to->values + (gsize) row * to->width * to->channels,
          from->values + ((gsize) (top + row) * from->width + left) * to->channels,
          (gsize) to->width * to->channels * sizeof (float));
}

static gboolean
cut_frame (P2pComputed  *run,
           GError      **error)
{
  P2pPlanes *framed = run->merged;
  Cutting    cutting = { framed, p2p_planes_new (run->input.width, run->input.height,
                                                 framed->channels, error) };

  if (! cutting.cut)
    return FALSE;
  p2p_computed_for_rows (run, run->input.height, cut_row, &cutting);
  p2p_planes_free (framed);
  run->merged = cutting.cut;
  return ! g_cancellable_set_error_if_cancelled (run->cancellable, error);
}

gboolean
p2p_computed_run_network (P2pComputed *run,
                          GError     **error)
{
  const P2pSource source = run->input;
  const int       frame = run->model->card->frame;
  Framed          framed = { &source, frame };
  gboolean        done;

  if (frame)
    run->input = (P2pSource) { source.width + 2 * frame, source.height + 2 * frame,
                               source.channels, read_framed, &framed };
  done = collect_statistics (run, error)
         && (run->plan.strips.levels ? run_strips (run, error) : run_tiles (run, error));
  run->input = source;
  return done && (! frame || cut_frame (run, error));
}

P2pPlanes *
p2p_apply_planes (P2pModel         *model,
                  const P2pPlanes  *seen,
                  GCancellable     *cancellable,
                  GError          **error)
{
  P2pApplyOptions options = P2P_APPLY_DEFAULTS;
  P2pComputed     run = { model, NULL, &options, cancellable,
                          .input = p2p_planes_source (seen) };

  options.scale = "native";
  if (p2p_plan_make (model, seen->width, seen->height, 3, &options, &run.plan, error)
      && p2p_computed_run_network (&run, error))
    return run.merged;
  p2p_planes_free (run.merged);
  return NULL;
}
