/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Tiles are planned only where the whole does not fit, not even in strips.  Each cut into columns
 * and rows that fits is weighed by what it computes twice; planning a graph takes well under a
 * millisecond, so what a cut takes is not estimated but planned. */

#include <math.h>

#include "base/intl.h"
#include "budget.h"
#include "plan.h"

/* Tiles' starts: strides' phases, and with them the checkerboards of transposed convolutions,
 * repeat after as many pixels. */
#define ALIGN 16

/* Of the statistics' batch: pixels and the picture's share that are enough, and the tiles that it
 * should hold. */
#define SAMPLE_PIXELS (4 << 20)
#define SAMPLE_SHARE  8
#define SAMPLE_TILES  2.0

typedef struct
{
  P2pModel     *model;
  P2pWork      *work;
  guint64       budget;
  P2pTileRules  across, down;
  int           least;          /* of tiles' sides, pixels */
  double        sampled;        /* tiles that the statistics' batch should hold */
} Search;

int
p2p_work_tiles (const P2pWork *work)
{
  return work->across.n * work->down.n;
}

gboolean
p2p_work_scales (const P2pWork *work)
{
  return work->work_w != work->width || work->work_h != work->height;
}

/* ---- Memory ----------------------------------------------------------------------------- */

typedef struct
{
  guint64 bytes;    /* of the whole apply */
  guint64 arena;    /* bytes of it for the graph's values */
  double  flops;    /* of the graph */
} Cost;

/* Bytes of the whole apply with those of values and of prepared weights. */
static guint64
all_bytes (const Search *search,
           guint64       values,
           guint64       prepared)
{
  guint64 during, after;

  p2p_budget_pictures (search->model->card, search->work, &during, &after);
  return MAX (during + values, after) + prepared + p2p_budget_fixed (search->model->params);
}

/* Plans a graph of n pictures and finds what the apply takes with it. */
static gboolean
measure (const Search  *search,
         int            n,
         int            w,
         int            h,
         P2pModelMode   mode,
         Cost          *cost,
         GError       **error)
{
  g_autoptr (P2pGraph) graph = p2p_model_plan (search->model, n, w, h, mode, error);

  if (! graph)
    return FALSE;
  cost->bytes = all_bytes (search, graph->arena_size, graph->prepared);
  cost->arena = graph->arena_size;
  cost->flops = graph->flops;
  return TRUE;
}

/* Whether tiles with a share in common statistics are needed. */
static gboolean
wants_samples (const Search *search)
{
  return ! search->work->mode.running && search->model->card->options.norm != P2P_NORM_NONE;
}

/* Pixels of the statistics' batch, at most.  Measured: a share of the picture is enough. */
static double
most_samples (const Search *search)
{
  double pixels = (double) search->work->work_w * search->work->work_h;

  return MAX (pixels / SAMPLE_SHARE, MIN (pixels, SAMPLE_PIXELS));
}

/* Cuts into columns × rows, or fewer, and tells whether that fits, together with a batch for the
 * statistics that sees more than one tile: tiles half as large with good statistics are as near to
 * the whole, measured, as those with the statistics of one. */
static gboolean
cut (const Search *search,
     int           columns,
     int           rows)
{
  P2pWork *work = search->work;
  Cost     cost;
  double   tile, more = 0.0;

  work->mode.once = FALSE;
  work->across = p2p_tile_axis (&search->across, columns, search->least);
  work->down = p2p_tile_axis (&search->down, rows, search->least);
  if (! measure (search, 1, work->across.size, work->down.size, work->mode, &cost, NULL))
    return FALSE;

  tile = (double) work->across.size * work->down.size;
  if (wants_samples (search))
    more = CLAMP (most_samples (search) / tile, 1.0, search->sampled) - 1.0;
  work->bytes = cost.bytes;
  work->flops = cost.flops;
  return cost.bytes + more * cost.arena <= search->budget;
}

/* ---- The whole -------------------------------------------------------------------------- */

/* Plans to compute all at once. */
static gboolean
try_whole (const Search  *search,
           gboolean       once,
           GError       **error)
{
  P2pWork *work = search->work;
  Cost     cost;

  work->mode.once = once;
  work->across = p2p_tile_axis (&search->across, 1, 1);
  work->down = p2p_tile_axis (&search->down, 1, 1);
  if (! measure (search, 1, work->across.size, work->down.size, work->mode, &cost, error))
    return FALSE;
  work->bytes = cost.bytes;
  work->flops = cost.flops;
  return TRUE;
}

/* Plans the whole in strips, if they fit; else finds the least that they take. */
static gboolean
choose_strips (const Search *search,
               guint64      *least)
{
  P2pWork  *work = search->work;
  P2pStrips strips;
  guint64   during, after;

  p2p_budget_pictures (search->model->card, work, &during, &after);
  during += p2p_budget_fixed (search->model->params);
  if (! p2p_strips_choose (search->model, work->across.size, work->down.size, work->mode,
                           search->budget - MIN (search->budget, during), &strips))
    return FALSE;
  work->bytes = all_bytes (search, strips.bytes, 0);
  *least = MIN (*least, work->bytes);
  if (work->bytes > search->budget)
    return FALSE;
  work->strips = strips;
  work->flops = strips.flops;
  return TRUE;
}

/* Plans the whole in less memory: with weights that are prepared one after the other, or in
 * strips. */
static gboolean
spare (const Search *search,
       guint64      *least)
{
  if (! try_whole (search, TRUE, NULL))
    return FALSE;
  *least = search->work->bytes;
  return search->work->bytes <= search->budget || choose_strips (search, least);
}

/* ---- The choice of tiles ---------------------------------------------------------------- */

typedef struct
{
  int    columns, rows;
  int    shorter;           /* side of a tile, as far as its length matters */
  double tile;              /* pixels */
  double computed;          /* pixels of all tiles */
} Cut;

/* The fewest rows with which columns fit; 0: none do. */
static int
fewest_rows (const Search *search,
             int           columns)
{
  int too_few = 0, most = p2p_tile_most (&search->down, search->least), enough = most;

  if (! cut (search, columns, most))
    return 0;
  while (enough - too_few > 1)
    {
      int rows = too_few + (enough - too_few) / 2;

      if (cut (search, columns, rows))
        enough = rows;
      else
        too_few = rows;
    }
  return enough;
}

/* Tiles and samples of few places at the network's innermost are falsified by its padding: how many
 * are enough, and how few samples should have. */
#define INNERMOST       4
#define SMALL_INNERMOST 2

static int
shorter_side (const Search *search)
{
  int side = MIN (search->work->across.size, search->work->down.size);

  return MIN (side, INNERMOST * search->across.multiple);
}

/* Tiles that are large enough, if that costs no more than twice as much; among those that compute
 * little more than the cheapest of them, the largest. */
static gboolean
choose_cut (const Search *search)
{
  g_autoptr (GArray) cuts = g_array_new (FALSE, FALSE, sizeof (Cut));
  int                most = p2p_tile_most (&search->across, search->least), longest = 0;
  double             cheapest = G_MAXDOUBLE, cheap = G_MAXDOUBLE, largest = 0.0;
  Cut                chosen = { 0 };

  for (int columns = 1; columns <= most; columns = MAX (columns + 1, columns * 9 / 8))
    {
      const P2pWork *work = search->work;
      Cut            found = { columns, fewest_rows (search, columns) };

      if (! found.rows)
        continue;
      cut (search, found.columns, found.rows);
      found.shorter = shorter_side (search);
      found.tile = (double) work->across.size * work->down.size;
      found.computed = found.tile * p2p_work_tiles (work);
      cheapest = MIN (cheapest, found.computed);
      g_array_append_val (cuts, found);
    }
  if (! cuts->len)
    {
      cut (search, most, p2p_tile_most (&search->down, search->least));
      return FALSE;
    }

  for (guint i = 0; i < cuts->len; i++)
    {
      const Cut *found = &g_array_index (cuts, Cut, i);

      if (found->computed > 2.0 * cheapest || found->shorter < longest)
        continue;
      cheap = found->shorter > longest ? found->computed : MIN (cheap, found->computed);
      longest = found->shorter;
    }
  for (guint i = 0; i < cuts->len; i++)
    {
      const Cut *found = &g_array_index (cuts, Cut, i);

      if (found->shorter == longest && found->computed <= 1.1 * cheap && found->tile > largest)
        {
          largest = found->tile;
          chosen = *found;
        }
    }
  return cut (search, chosen.columns, chosen.rows);
}

/* Plans the statistics' batch of n samples, rows and columns as the picture is shaped, and tells
 * whether it fits. */
static gboolean
sample (const Search *search,
        int           n,
        Cost         *cost)
{
  P2pWork     *work = search->work;
  P2pModelMode mode = work->mode;
  double       wide = (double) work->work_w / work->work_h * work->sample_h / work->sample_w;

  mode.parts = P2P_STATS_COLLECT;
  /* No axis with one place only, where there are enough. */
  work->sample_columns = CLAMP (lrint (sqrt (n * wide)), n < 4 ? 1 : 2, n < 4 ? n : n / 2);
  work->sample_rows = n / work->sample_columns;
  return measure (search, work->sample_columns * work->sample_rows, work->sample_w,
                  work->sample_h, mode, cost, NULL)
         && cost->bytes <= search->budget;
}

/* Whether n samples of a size tell of all of an axis. */
static gboolean
are_spread (int n,
            int size,
            int side)
{
  return n > 1 || size >= 0.75 * side;
}

/* Plans as many samples of width × height as fit and pay, and gives what they are worth: the pixels
 * that they see, half of it for each axis of which they see one part only. */
static double
try_samples (const Search *search,
             int           width,
             int           height,
             Cost         *cost)
{
  P2pWork *work = search->work;
  double   worth;
  int      n;

  work->sample_w = p2p_tile_axis (&search->across, G_MAXINT, width).size;
  work->sample_h = p2p_tile_axis (&search->down, G_MAXINT, height).size;
  n = most_samples (search) / work->sample_w / work->sample_h;
  for (n = MAX (n, 1); ! sample (search, n, cost); n = n * 7 / 8)
    if (n == 1)
      return 0.0;
  worth = (double) work->sample_columns * work->sample_rows * work->sample_w * work->sample_h;
  worth *= are_spread (work->sample_columns, work->sample_w, work->work_w) ? 1.0 : 0.5;
  return worth * (are_spread (work->sample_rows, work->sample_h, work->work_h) ? 1.0 : 0.5);
}

/* Few samples miss what is elsewhere, but the padding falsifies the innermost values of small
 * ones: of those that see most the largest. */
static void
choose_sizes (const Search *search,
              Cost         *cost)
{
  int    multiple = search->across.multiple, width = search->least, height = search->least;
  int    first = MAX (SMALL_INNERMOST * multiple, search->least);
  int    last = MAX (INNERMOST * multiple, search->least);
  double most = 0.0;

  for (int w = first; w <= last; w += multiple)
    for (int h = first; h <= last; h += multiple)
      {
        double worth = try_samples (search, w, h, cost);

        if (worth > 0.0 && worth >= most)
          {
            most = worth;
            width = w;
            height = h;
          }
      }
  try_samples (search, width, height, cost);
}

/* Nothing tells of the whole like the whole. */
static void
choose_samples (const Search *search)
{
  P2pWork *work = search->work;
  Cost     cost = { 0 };

  if (p2p_work_tiles (work) == 1 || ! wants_samples (search))
    return;
  if ((double) work->work_w * work->work_h > most_samples (search)
      || try_samples (search, work->work_w, work->work_h, &cost) == 0.0)
    choose_sizes (search, &cost);
  work->sample_flops = cost.flops;
  work->bytes = MAX (work->bytes, cost.bytes);
}

/* ---- Planning --------------------------------------------------------------------------- */

static void
set_rules (Search                *search,
           const P2pApplyOptions *options)
{
  const P2pCard *card = search->model->card;
  int            multiple = card->net->side_multiple (&card->options);
  int            halo = card->net->halo (&card->options);

  search->across = (P2pTileRules) { search->work->work_w, multiple, MIN (multiple, ALIGN), halo,
                                    options->overlap };
  search->down = search->across;
  search->down.side = search->work->work_h;

  /* Tiles of halos alone would compute everything many times. */
  search->least = MAX (MAX (multiple, 4 * halo), 2 * options->overlap);
}

static gboolean
fail_memory (const Search  *search,
             GError       **error)
{
  g_autofree char *needed = g_strdup_printf ("%" G_GUINT64_FORMAT,
                                             (search->work->bytes + (1 << 20) - 1) >> 20);
  g_autofree char *budget = g_strdup_printf ("%" G_GUINT64_FORMAT, search->budget >> 20);

  g_set_error (error, P2P_ERROR, P2P_ERROR_MEMORY,
               _("This picture needs at least %s MiB of memory with this model and these options, "
                 "and %s MiB may be used; allow more, close other programs or choose a smaller "
                 "scale"), needed, budget);
  return FALSE;
}

/* As few tiles as the longest side that is asked for allows. */
static gboolean
cut_as_told (const Search  *search,
             int            tile,
             GError       **error)
{
  int columns = p2p_tile_fewest (&search->across, search->least, tile);
  int rows = p2p_tile_fewest (&search->down, search->least, tile);

  if (! columns || ! rows)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("Tiles of %d pixels are too small for this model and their overlap; choose at "
                     "least %d"), tile,
                   p2p_tile_axis (&search->across, G_MAXINT, search->least).size);
      return FALSE;
    }
  return cut (search, columns, rows) || fail_memory (search, error);
}

gboolean
p2p_work_plan (P2pModel               *model,
               int                     width,
               int                     height,
               int                     channels,
               const P2pApplyOptions  *options,
               P2pWork                *work,
               GError                **error)
{
  Search   search = { model, work, options->memory ? options->memory : p2p_budget_default (),
                      .sampled = SAMPLE_TILES };
  gboolean colour = channels >= 3 || model->card->output != P2P_OUTPUT_GRAY;
  guint64  least = G_MAXUINT64;
  double   scale;
  int      fit;

  if (! p2p_work_check (options, error) || ! p2p_work_fit (model, options, &fit, error))
    return FALSE;

  scale = fit ? (double) fit / MAX (width, height) : 1.0;
  *work = (P2pWork) { width, height, channels, (colour ? 3 : 1) + (channels % 2 == 0) };
  work->work_w = MAX (lrint (width * scale), 1);
  work->work_h = MAX (lrint (height * scale), 1);
  work->mode = p2p_model_mode (model, options);
  set_rules (&search, options);

  /* The whole also tells whether the network can be run at all. */
  if (! try_whole (&search, work->mode.once, error))
    return FALSE;
  if (options->tile)
    search.sampled = 1.0;
  if (options->tile && ! cut_as_told (&search, options->tile, error))
    return FALSE;
  if (! options->tile && work->bytes > search.budget && ! spare (&search, &least)
      && ! choose_cut (&search))
    {
      search.sampled = 1.0;
      if (! choose_cut (&search))
        {
          work->bytes = MIN (work->bytes, least);
          return fail_memory (&search, error);
        }
    }

  choose_samples (&search);
  return TRUE;
}
