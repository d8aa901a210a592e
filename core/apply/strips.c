/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The order: the statistics of each norm on the way in, from the outside; what the inside begins
 * with; the inside, whose graph keeps both; the statistics of each norm on the way out; the
 * result.  Each of these, but for the inside, is a part: a graph from the picture on, which runs on
 * one strip after the other. */

#include <stdlib.h>
#include <string.h>

#include "strips.h"

/* Of the picture, that a strip gives: more cost memory, less are mostly edges. */
#define MOST_ROWS  512
#define LEAST_ROWS 64

/* A graph of its own: for one strip, or for what is inside. */
typedef struct
{
  P2pGraph   *graph;
  P2pNode    *picture;    /* of a strip */
  P2pNode    *below;      /* what comes from the inside, or goes into it; NULL: nothing */
  P2pNode    *output;
  const char *norm;       /* scope of the norm of which output waits; NULL: none */
} Part;

typedef struct
{
  P2pModel            *model;
  const P2pStrips     *strips;
  P2pModelMode         mode;
  const P2pStripsUser *user;
  Part                 inside;
} StripsRun;

static const P2pNetLevels *
levels_of (const P2pModel *model)
{
  return model->card->net->levels;
}

static void
part_clear (Part *part)
{
  g_clear_pointer (&part->graph, p2p_graph_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Part, part_clear)

static P2pAt
part_begin (Part         *part,
            P2pModel     *model,
            P2pModelMode  mode)
{
  P2pGraphOptions options = p2p_model_graph_options (model, mode);

  *part = (Part) { p2p_graph_new (model->params, model->parallel, &options) };
  return p2p_at (part->graph);
}

/* Each of its weights is needed once. */
static gboolean
plan_inside (const StripsRun  *run,
             Part             *part,
             GError          **error)
{
  const P2pStrips     *strips = run->strips;
  const P2pNetOptions *options = &run->model->card->options;
  P2pModelMode         mode = run->mode;
  g_auto (Part)        outer = { NULL };
  P2pNode             *given;
  P2pAt                at;
  const char          *norm;

  /* Its input has the channels of what strips give, for which running statistics are not needed. */
  at = part_begin (&outer, run->model, (P2pModelMode) { 0 });
  given = levels_of (run->model)->encode (at, p2p_input (outer.graph, 1, strips->height, strips->w,
                                                         options->input_nc),
                                          strips->levels, options, &norm);
  if (! given)
    return p2p_graph_plan (outer.graph, error);

  mode.once = TRUE;
  mode.parts = P2P_STATS_COLLECT;
  at = part_begin (part, run->model, mode);
  part->below = p2p_input (part->graph, 1, strips->h >> strips->levels,
                           strips->w >> strips->levels, given->c);
  part->output = levels_of (run->model)->inside (at, part->below, strips->levels, options);
  p2p_output (part->output);
  return p2p_graph_plan (part->graph, error);
}

/* From the picture to the beginning of a level, or on to what goes up from it.  While strips are
 * planned there are no statistics yet. */
static gboolean
plan_part (const StripsRun   *run,
           Part         *part,
           gboolean      decodes,
           int           level,
           P2pStatsUse   use,
           GError      **error)
{
  const P2pStrips     *strips = run->strips;
  const P2pNetOptions *options = &run->model->card->options;
  const P2pNode       *inside = run->inside.output;
  P2pModelMode         mode = run->mode;
  P2pAt                at;

  mode.once = FALSE;
  mode.parts = use;
  at = part_begin (part, run->model, mode);
  part->picture = p2p_input (part->graph, 1, strips->height, strips->w, options->input_nc);
  if (decodes)
    {
      part->below = p2p_input (part->graph, 1, strips->height >> strips->levels, inside->w,
                               inside->c);
      part->output = levels_of (run->model)->decode (at, part->picture, part->below,
                                                     strips->levels, level, options, &part->norm);
    }
  else
    part->output = levels_of (run->model)->encode (at, part->picture, level, options,
                                                   &part->norm);
  p2p_output (part->output);
  return p2p_graph_plan (part->graph, error);
}

/* ---- What is to be done ----------------------------------------------------------------- */

typedef gboolean (*PartFunc) (StripsRun *run, gboolean decodes, int level, gpointer data,
                              GError **error);

/* Calls func for each part on the way in, or out, in order. */
static gboolean
for_parts (StripsRun   *run,
           gboolean   decodes,
           PartFunc   func,
           gpointer   data,
           GError   **error)
{
  const int      last = run->strips->levels;
  const gboolean own = ! run->mode.running
                       && run->model->card->options.norm != P2P_NORM_NONE;

  for (int level = 2; ! decodes && own && level < last; level++)
    if (! func (run, FALSE, level, data, error))
      return FALSE;
  for (int level = last - 1; decodes && own && level > 0; level--)
    if (! func (run, TRUE, level, data, error))
      return FALSE;
  return func (run, decodes, decodes ? 0 : last, data, error);
}

static int
n_strips (const P2pStrips *strips)
{
  return (strips->h + strips->rows - 1) / strips->rows;
}

static gboolean
add_cost (StripsRun   *run,
          gboolean   decodes,
          int        level,
          gpointer   data,
          GError   **error)
{
  P2pStrips     *strips = data;
  g_auto (Part)  part = { NULL };
  guint64        bytes;

  if (! plan_part (run, &part, decodes, level, P2P_STATS_OWN, error))
    return FALSE;
  bytes = part.graph->arena_size + part.graph->prepared;
  strips->bytes = MAX (strips->bytes, bytes);
  strips->flops += n_strips (strips) * part.graph->flops;
  return TRUE;
}

static gboolean
plan (P2pModel     *model,
      int           w,
      int           h,
      P2pModelMode  mode,
      int           levels,
      int           rows,
      P2pStrips    *strips)
{
  /* Each level loses a place at an edge, and what it takes from further inside twice as many. */
  const int     margin = 2 << levels;
  StripsRun     run = { model, strips, mode };
  g_auto (Part) inside = { NULL };

  *strips = (P2pStrips) { w, h, levels, rows, rows + 2 * margin };
  if (strips->height >= h || ! plan_inside (&run, &inside, NULL))
    return FALSE;
  run.inside = inside;
  if (! for_parts (&run, FALSE, add_cost, strips, NULL)
      || ! for_parts (&run, TRUE, add_cost, strips, NULL))
    return FALSE;
  strips->bytes = MAX (strips->bytes, inside.graph->prepared) + inside.graph->arena_size;
  strips->flops += inside.graph->flops;
  return TRUE;
}

/* Each level and each halving of the rows cost more time. */
gboolean
p2p_strips_choose (P2pModel     *model,
                   int           w,
                   int           h,
                   P2pModelMode  mode,
                   guint64       bytes,
                   P2pStrips    *strips)
{
  strips->levels = 0;
  for (int levels = 1; model->card->net->levels && levels <= P2P_MOST_LEVELS; levels++)
    for (int rows = MOST_ROWS; rows >= LEAST_ROWS; rows /= 2)
      {
        P2pStrips found;

        if (! plan (model, w, h, mode, levels, rows, &found))
          continue;
        if (found.bytes <= bytes || ! strips->levels || found.bytes < strips->bytes)
          *strips = found;
        if (found.bytes <= bytes)
          return TRUE;
      }
  return strips->levels > 0;
}

/* ---- Running ---------------------------------------------------------------------------- */

typedef struct
{
  const P2pNode *from;
  P2pNode       *to;
  int            first, row;    /* row first of from becomes row row of to, and so on */
} Copy;

static void
copy_row (int      chunk,
          int      worker,
          gpointer data)
{
  const Copy *copy = data;
  gsize       length = (gsize) copy->from->w * copy->from->c;

  memcpy (copy->to->x + (copy->row + chunk) * length,
          copy->from->x + (copy->first + chunk) * length, length * sizeof (p2p_real));
}

/* What is skipped when this is cancelled shows in the next forward. */
static void
copy_rows (const StripsRun *run,
           const Copy *copy,
           int         n)
{
  p2p_parallel_watch (run->model->parallel, run->user->cancellable, NULL, NULL);
  p2p_parallel_for (run->model->parallel, n, copy_row, (gpointer) copy);
  p2p_parallel_watch (run->model->parallel, NULL, NULL, NULL);
}

/* Adds rows of a part's output to the statistics that it is for. */
static void
add_rows (const StripsRun *run,
          const Part *part,
          int         first,
          int         n,
          gboolean    begins)
{
  const P2pNode *output = part->output;
  P2pStat       *stat = p2p_stats_get (run->model->collected, part->norm, output->c);

  if (begins)
    stat->n = 0;
  p2p_parallel_watch (run->model->parallel, run->user->cancellable, NULL, NULL);
  p2p_stat_add (stat, output->x + (gsize) first * output->w * output->c, n, output->w,
                run->model->parallel);
  p2p_parallel_watch (run->model->parallel, NULL, NULL, NULL);
}

/* What becomes of a strip's rows [first, end) of the picture. */
static void
take (const StripsRun *run,
      const Part *part,
      gboolean    decodes,
      int         level,
      int         top,
      int         first,
      int         end)
{
  const int row = (first - top) >> level, n = (end - first) >> level;

  if (decodes && level == 0)
    run->user->take (part->output, top, first, end, run->user->data);
  else if (! decodes && level == run->strips->levels)
    copy_rows (run, &(Copy) { part->output, run->inside.below, row, first >> level }, n);
  else
    add_rows (run, part, row, n, first == 0);
}

static gboolean
run_part (StripsRun   *run,
          gboolean   decodes,
          int        level,
          gpointer   data,
          GError   **error)
{
  const P2pStrips *strips = run->strips;
  const int        margin = (strips->height - strips->rows) / 2;
  g_auto (Part)    part = { NULL };

  if (! plan_part (run, &part, decodes, level, P2P_STATS_GIVEN, error))
    return FALSE;
  if (! p2p_graph_allocate (part.graph, error))
    return FALSE;
  for (int first = 0; first < strips->h; first += strips->rows)
    {
      int end = MIN (first + strips->rows, strips->h);
      int top = CLAMP (first - margin, 0, strips->h - strips->height);

      run->user->fill (part.picture, top, run->user->data);
      if (decodes)
        copy_rows (run, &(Copy) { run->inside.output, part.below, top >> strips->levels },
                   part.below->h);
      if (! run->user->forward (part.graph, run->user->data, error))
        return FALSE;
      take (run, &part, decodes, level, top, first, end);
    }
  return TRUE;
}

gboolean
p2p_strips_run (P2pModel             *model,
                const P2pStrips      *strips,
                P2pModelMode          mode,
                const P2pStripsUser  *user,
                GError              **error)
{
  StripsRun     run = { model, strips, mode, user };
  g_auto (Part) inside = { NULL };

  /* Weights that are kept for other sizes are not in the plan. */
  p2p_model_drop_graph (model);
  if (! plan_inside (&run, &inside, error))
    return FALSE;
  run.inside = inside;
  if (! p2p_graph_allocate (inside.graph, error) || ! for_parts (&run, FALSE, run_part, NULL, error)
      || ! user->forward (inside.graph, user->data, error))
    return FALSE;

  /* The place of its weights makes room for strips. */
  g_clear_pointer (&inside.graph->once, free);
  return for_parts (&run, TRUE, run_part, NULL, error);
}
