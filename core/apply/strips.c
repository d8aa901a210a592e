/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Level i of a U-Net has the sides of the picture divided by 2^i.  Here the outer 3 levels are
 * computed in strips.  Level 3 and all deeper levels are the inside, which is computed at once.  A
 * conv halves the sides, an up doubles them:
 *
 *             way in                     way out
 *   level 0   picture                    up: the result
 *   level 1   conv         ── skip →     up, norm
 *   level 2   conv, norm   ── skip →     up, norm
 *   level 3   conv         ── skip →     join with the output of the inside
 *   ------------ ↓ ------------------------- ↑ -----------------------------
 *   inside    norm, conv, …, up, norm
 *
 * A part is a graph that begins at the picture and runs on one strip after the other.  Each part
 * computes the outer levels again as far as it needs them, skips included.  With 3 levels these run
 * one after the other:
 *
 *   encode 2   in strips   collects the statistics of level 2's norm on the way in
 *   encode 3   in strips   gives rows of the input of the inside
 *   inside     at once     collects the statistics of its norms, gives level 3's values
 *   decode 2   in strips   collects the statistics of level 2's norm on the way out
 *   decode 1   in strips   collects the statistics of level 1's norm on the way out
 *   decode 0   in strips   gives rows of the result
 *
 * With L levels they are encode 2 … L − 1, encode L, inside, decode L − 1 … 1, decode 0.  If no
 * statistics have to be collected, only encode L, inside and decode 0 run.  The graph of the inside
 * stays allocated all the time, because parts write into its input and read its output.
 *
 * At an edge where a strip cuts the picture, convolutions see padding instead of the picture, so
 * some rows there are wrong.  After a conv (4×4, stride 2, padding 1) one row is wrong.  An up
 * turns e wrong rows into 2 · e + 1.  The output of the inside has no wrong rows, but the skip at
 * level 3 has one, so the way out begins with 1:
 *
 *   level      0      1      2      3
 *   way in     0  →   1  →   1  →   1
 *   way out   15  ←   7  ←   3  ←   1
 *
 * A halo of 2 · 2^L rows is therefore enough, which is 16 rows for 3 levels.  (With bilinear
 * interpolation an up turns e wrong rows into 2 · e + 2, which makes 22, and the halo is 3 · 2^L.)
 * A strip that gives 64 rows sees 96.  At the picture's own edges no rows are wrong, so the first
 * and the last strip have all of their halo on the other side.  A picture of 256 rows takes 4
 * strips; in the drawing = is a row that the strip gives, - is halo, and a sign stands for 8 rows:
 *
 *   row       0       64      128     192     256
 *   strip 0   ========----                           sees [  0,  96)   gives [  0,  64)
 *   strip 1         --========--                     sees [ 48, 144)   gives [ 64, 128)
 *   strip 2                 --========--             sees [112, 208)   gives [128, 192)
 *   strip 3                       ----========       sees [160, 256)   gives [192, 256) */

#include <stdlib.h>
#include <string.h>

#include "strips.h"

/* Rows of the result that one strip gives.  Taller strips take more memory; shorter ones spend most
 * of their work on the halo. */
#define MOST_ROWS  512
#define LEAST_ROWS 64

/* One graph: for a strip, or for the inside. */
typedef struct
{
  P2pGraph   *graph;
  P2pNode    *picture;    /* input: rows of the picture; NULL for the inside */
  P2pNode    *below;      /* input at level strips->levels.  For the inside: what the way in gives;
                           * on the way out: what the inside gives; on the way in: NULL */
  P2pNode    *output;
  const char *norm;       /* scope of the norm that follows output; NULL: none */
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

/* Plans the inside.  It runs only once, so with mode.once its prepared weights take turns in one
 * place. */
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

  /* This graph only tells how many channels the strips give.  It never runs, so it needs no
   * statistics. */
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

/* Plans the part encode or decode (decodes TRUE) of a level, as in the file comment.  Its output is
 * the value at that level, before the norm; the output of decode 0 is the result.  use is
 * P2P_STATS_GIVEN for a part that runs, and P2P_STATS_OWN while strips are planned, when there are
 * no statistics yet. */
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

/* ---- Order of the parts ----------------------------------------------------------------- */

typedef gboolean (*PartFunc) (StripsRun *run, gboolean decodes, int level, gpointer data,
                              GError **error);

/* Calls func for each part on the way in, or on the way out, in the order of the file comment. */
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
  /* The halo in rows of the picture, as in the file comment. */
  const int     times = model->card->options.upsample == P2P_UPSAMPLE_BILINEAR ? 3 : 2;
  const int     margin = times << levels;
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

/* Tries the fastest strips first: each further level and each halving of the rows costs time. */
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
  int            first, row;    /* copying begins at row "first" of from and at row "row" of to */
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

/* Copies n rows, in parallel.  If it is cancelled, rows are missing; then the next forward fails,
 * so nobody reads them. */
static void
copy_rows (const StripsRun *run,
           const Copy *copy,
           int         n)
{
  p2p_parallel_watch (run->model->parallel, run->user->cancellable, NULL, NULL);
  p2p_parallel_for (run->model->parallel, n, copy_row, (gpointer) copy);
  p2p_parallel_watch (run->model->parallel, NULL, NULL, NULL);
}

/* Adds n rows of a part's output, from row first on, to the statistics of the norm that follows.
 * begins: the statistics are emptied first. */
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

/* Passes on the output of a part that has run on the strip that begins at row top.  Rows [first,
 * end) of the picture, without the halo, go to the result (decode 0), into the input of the inside
 * (encode L), or into the statistics of a norm (other parts). */
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

  /* The plan does not count the prepared weights of the graph that the model keeps. */
  p2p_model_drop_graph (model);
  if (! plan_inside (&run, &inside, error))
    return FALSE;
  run.inside = inside;
  if (! p2p_graph_allocate (inside.graph, error) || ! for_parts (&run, FALSE, run_part, NULL, error)
      || ! user->forward (inside.graph, user->data, error))
    return FALSE;

  /* The inside has run.  The place of its prepared weights is freed for the strips. */
  g_clear_pointer (&inside.graph->once, free);
  return for_parts (&run, TRUE, run_part, NULL, error);
}
