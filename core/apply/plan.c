/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Finds the cheapest way to apply a model within the memory budget.  It tries, in this order: the
 * whole picture at once; the same, but with the prepared weights (P2pForm in params.h) of only one
 * layer in memory at a time; the whole in strips; tiles.  Tiles come last because norms and
 * receptive fields then see less than the whole.
 *
 * Among the layouts of tiles that fit, the choice depends on how much they compute, because pixels
 * in overlaps are computed more than once.  How much memory a layout takes is not estimated: its
 * graph is planned, which takes well under a millisecond. */

#include <math.h>

#include "base/intl.h"
#include "budget.h"
#include "options.h"
#include "plan.h"

/* In pixels.  Tiles start at multiples of ALIGN, or of the network's side multiple where that is
 * smaller.  So each tile sees the same phase of the strides of the outer four levels, and
 * neighboring tiles share the checkerboard pattern of the transposed convolutions there. */
#define ALIGN 16

/* The batch of samples that the norms' statistics are collected from. */
#define SAMPLE_PIXELS (4 << 20)   /* this many pixels are enough, */
#define SAMPLE_SHARE  8           /* or 1 / 8 of the picture, if that is more */
#define SAMPLE_TILES  2.0         /* the memory budget should allow a batch of this many tiles */

typedef struct
{
  P2pModel     *model;
  P2pPlan      *plan;
  guint64       budget;
  P2pTileRules  across, down;
  int           least;          /* shortest side of a tile, in pixels */
  double        sampled;        /* size, in tiles, of the batch that must fit into the budget */
} Search;

int
p2p_plan_tiles (const P2pPlan *plan)
{
  return plan->across.n * plan->down.n;
}

/* ---- Memory ----------------------------------------------------------------------------- */

typedef struct
{
  guint64 bytes;    /* of the whole apply */
  guint64 arena;    /* of these, the graph's values */
  double  flops;    /* of one forward of the graph */
} Cost;

/* Returns the bytes of the whole apply.  values and prepared are the bytes of the graph's arena and
 * of its prepared weights. */
static guint64
all_bytes (const Search *search,
           guint64       values,
           guint64       prepared)
{
  guint64 during, after;

  p2p_budget_pictures (search->model->card, &search->plan->sizes, &during, &after);
  return MAX (during + values, after) + prepared + p2p_budget_fixed (search->model->params);
}

/* Plans a graph for a batch of n images of w × h pixels, and finds what an apply with this graph
 * takes. */
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

/* Whether tiles need common statistics: the network has norms, and they do not use the running
 * statistics. */
static gboolean
wants_samples (const Search *search)
{
  return ! search->plan->mode.running && search->model->card->options.norm != P2P_NORM_NONE;
}

/* Returns the most pixels that the samples' batch needs.  Measurements show that a share of the
 * picture is enough. */
static double
most_samples (const Search *search)
{
  double pixels = (double) search->plan->sizes.work_w * search->plan->sizes.work_h;

  return MAX (pixels / SAMPLE_SHARE, MIN (pixels, SAMPLE_PIXELS));
}

/* Cuts the picture into columns × rows tiles, or fewer if fewer of that size cover it.  Returns
 * whether the budget has room for the tiles, and for a batch of search->sampled tiles from which
 * the statistics are collected.  The batch makes smaller tiles necessary.  Measurements show that
 * this does no harm: tiles of half the size, with the statistics of the batch, come as near to the
 * result of the whole picture as larger tiles with the statistics of one tile. */
static gboolean
cut (const Search *search,
     int           columns,
     int           rows)
{
  P2pPlan *plan = search->plan;
  Cost     cost;
  double   tile, more = 0.0;

  plan->mode.once = FALSE;
  plan->across = p2p_tile_axis (&search->across, columns, search->least);
  plan->down = p2p_tile_axis (&search->down, rows, search->least);
  if (! measure (search, 1, plan->across.size, plan->down.size, plan->mode, &cost, NULL))
    return FALSE;

  tile = (double) plan->across.size * plan->down.size;
  if (wants_samples (search))
    more = CLAMP (most_samples (search) / tile, 1.0, search->sampled) - 1.0;
  plan->bytes = cost.bytes;
  plan->flops = cost.flops;
  return cost.bytes + more * cost.arena <= search->budget;
}

/* ---- The whole -------------------------------------------------------------------------- */

/* Plans to compute the whole picture at once. */
static gboolean
try_whole (const Search  *search,
           gboolean       once,
           GError       **error)
{
  P2pPlan *plan = search->plan;
  Cost     cost;

  plan->mode.once = once;
  plan->across = p2p_tile_axis (&search->across, 1, 1);
  plan->down = p2p_tile_axis (&search->down, 1, 1);
  if (! measure (search, 1, plan->across.size, plan->down.size, plan->mode, &cost, error))
    return FALSE;
  plan->bytes = cost.bytes;
  plan->flops = cost.flops;
  return TRUE;
}

/* Plans the whole in strips.  Returns whether they fit into the budget.  *least is lowered to the
 * bytes of the apply with the smallest strips, if these do not fit. */
static gboolean
choose_strips (const Search *search,
               guint64      *least)
{
  P2pPlan  *plan = search->plan;
  P2pStrips strips;
  guint64   during, after;

  p2p_budget_pictures (search->model->card, &plan->sizes, &during, &after);
  during += p2p_budget_fixed (search->model->params);
  if (! p2p_strips_choose (search->model, plan->across.size, plan->down.size, plan->mode,
                           search->budget - MIN (search->budget, during), &strips))
    return FALSE;
  plan->bytes = all_bytes (search, strips.bytes, 0);
  *least = MIN (*least, plan->bytes);
  if (plan->bytes > search->budget)
    return FALSE;
  plan->strips = strips;
  plan->flops = strips.flops;
  return TRUE;
}

/* Plans the whole picture in less memory: with weights that are prepared one after the other in the
 * same place (mode.once), or in strips.  Returns whether that fits.  *least gets the fewest bytes
 * that any of these takes. */
static gboolean
save_memory (const Search *search,
             guint64      *least)
{
  if (! try_whole (search, TRUE, NULL))
    return FALSE;
  *least = search->plan->bytes;
  return search->plan->bytes <= search->budget || choose_strips (search, least);
}

/* ---- The choice of tiles ---------------------------------------------------------------- */

typedef struct
{
  int    columns, rows;
  int    shorter;           /* what shorter_side () returns for a tile */
  double tile;              /* pixels of one tile */
  double computed;          /* pixels of all tiles together */
} Cut;

/* Returns the fewest rows of tiles that fit into the budget with this number of columns, or 0 if no
 * number of rows fits. */
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

/* Padding falsifies the values of the innermost layer when a tile or a sample has only few places
 * there.  A side of INNERMOST places is long enough; samples have at least SMALL_INNERMOST. */
#define INNERMOST       4
#define SMALL_INNERMOST 2

static int
shorter_side (const Search *search)
{
  int side = MIN (search->plan->across.size, search->plan->down.size);

  return MIN (side, INNERMOST * search->across.multiple);
}

/* Chooses a layout of tiles that fits into the budget.  Returns FALSE if none fits.  First it finds
 * the greatest shorter_side () of all layouts that compute at most twice as many pixels as the
 * cheapest, and the cheapest layout with this shorter side.  Then it looks at the layouts with this
 * shorter side that compute at most 10 % more pixels than that one, and chooses the one with the
 * largest tiles. */
static gboolean
choose_cut (const Search *search)
{
  g_autoptr (GArray) cuts = g_array_new (FALSE, FALSE, sizeof (Cut));
  int                most = p2p_tile_most (&search->across, search->least), longest = 0;
  double             cheapest = G_MAXDOUBLE, cheap = G_MAXDOUBLE, largest = 0.0;
  Cut                chosen = { 0 };

  for (int columns = 1; columns <= most; columns = MAX (columns + 1, columns * 9 / 8))
    {
      const P2pPlan *plan = search->plan;
      Cut            found = { columns, fewest_rows (search, columns) };

      if (! found.rows)
        continue;
      cut (search, found.columns, found.rows);
      found.shorter = shorter_side (search);
      found.tile = (double) plan->across.size * plan->down.size;
      found.computed = found.tile * p2p_plan_tiles (plan);
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

/* Plans a batch of about n samples for the statistics, in columns and rows as the shape of the
 * picture suggests.  Returns whether the batch fits into the budget. */
static gboolean
sample (const Search *search,
        int           n,
        Cost         *cost)
{
  P2pPlan     *plan = search->plan;
  P2pModelMode mode = plan->mode;
  double       aspect = (double) plan->sizes.work_w / plan->sizes.work_h;
  double       wide = aspect * plan->sample_h / plan->sample_w;

  mode.parts = P2P_STATS_COLLECT;
  /* From 4 samples on, each axis has 2 or more. */
  plan->sample_columns = CLAMP (lrint (sqrt (n * wide)), n < 4 ? 1 : 2, n < 4 ? n : n / 2);
  plan->sample_rows = n / plan->sample_columns;
  return measure (search, plan->sample_columns * plan->sample_rows, plan->sample_w,
                  plan->sample_h, mode, cost, NULL)
         && cost->bytes <= search->budget;
}

/* Whether n samples, each "size" pixels long, see enough of an axis that is "side" pixels long.
 * Two or more samples do; a single one does if it covers at least three quarters of the axis. */
static gboolean
are_spread (int n,
            int size,
            int side)
{
  return n > 1 || size >= 0.75 * side;
}

/* Plans as many samples of about width × height pixels as fit into the budget, but no more pixels
 * than most_samples ().  Returns what they are worth: the number of pixels that they see, halved
 * for each axis of which they see one part only; 0: not even one sample fits. */
static double
try_samples (const Search *search,
             int           width,
             int           height,
             Cost         *cost)
{
  P2pPlan *plan = search->plan;
  double   worth;
  int      n;

  plan->sample_w = p2p_tile_axis (&search->across, G_MAXINT, width).size;
  plan->sample_h = p2p_tile_axis (&search->down, G_MAXINT, height).size;
  n = most_samples (search) / plan->sample_w / plan->sample_h;
  for (n = MAX (n, 1); ! sample (search, n, cost); n = n * 7 / 8)
    if (n == 1)
      return 0.0;
  worth = (double) plan->sample_columns * plan->sample_rows * plan->sample_w * plan->sample_h;
  worth *= are_spread (plan->sample_columns, plan->sample_w, plan->sizes.work_w) ? 1.0 : 0.5;
  return worth * (are_spread (plan->sample_rows, plan->sample_h, plan->sizes.work_h) ? 1.0 : 0.5);
}

/* Chooses the size of the samples.  The values of small samples are falsified by padding at the
 * innermost layer, but a few large samples miss other parts of the picture.  The size with the
 * greatest worth is chosen, and among equals the largest. */
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

/* Plans the samples if the tiles need common statistics.  One sample of the whole picture gives the
 * best statistics; if that is too large, choose_sizes () plans smaller ones. */
static void
choose_samples (const Search *search)
{
  P2pPlan *plan = search->plan;
  Cost     cost = { 0 };

  if (p2p_plan_tiles (plan) == 1 || ! wants_samples (search))
    return;
  if ((double) plan->sizes.work_w * plan->sizes.work_h > most_samples (search)
      || try_samples (search, plan->sizes.work_w, plan->sizes.work_h, &cost) == 0.0)
    choose_sizes (search, &cost);
  plan->sample_flops = cost.flops;
  plan->bytes = MAX (plan->bytes, cost.bytes);
}

/* ---- Planning --------------------------------------------------------------------------- */

static void
set_rules (Search                *search,
           const P2pApplyOptions *options)
{
  const P2pCard  *card = search->model->card;
  const P2pSizes *sizes = &search->plan->sizes;
  int             multiple = card->net->side_multiple (&card->options);
  int             halo = card->net->halo (&card->options);

  search->across = (P2pTileRules) { sizes->work_w + 2 * card->frame, multiple,
                                    MIN (multiple, ALIGN), halo, options->overlap };
  search->down = search->across;
  search->down.side = sizes->work_h + 2 * card->frame;

  /* Tiles that are mostly halo or overlap would compute everything many times. */
  search->least = MAX (MAX (multiple, 4 * halo), 2 * options->overlap);
}

static gboolean
fail_memory (const Search  *search,
             GError       **error)
{
  g_autofree char *needed = g_strdup_printf ("%" G_GUINT64_FORMAT,
                                             (search->plan->bytes + (1 << 20) - 1) >> 20);
  g_autofree char *budget = g_strdup_printf ("%" G_GUINT64_FORMAT, search->budget >> 20);

  g_set_error (error, P2P_ERROR, P2P_ERROR_MEMORY,
               _("This picture needs at least %s MiB of memory with this model and these options, "
                 "and %s MiB may be used; allow more, close other programs or choose a smaller "
                 "scale"), needed, budget);
  return FALSE;
}

/* Cuts the picture into the fewest tiles with sides of at most tile pixels, which an option asks
 * for. */
static gboolean
cut_to_side (const Search  *search,
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
p2p_plan_make (P2pModel               *model,
               int                     width,
               int                     height,
               int                     channels,
               const P2pApplyOptions  *options,
               P2pPlan                *plan,
               GError                **error)
{
  Search   search = { model, plan, options->memory ? options->memory : p2p_budget_default (),
                      .sampled = SAMPLE_TILES };
  gboolean colour = channels >= 3 || model->card->output != P2P_OUTPUT_GRAY;
  gboolean alpha = channels % 2 == 0 || model->card->output == P2P_OUTPUT_RGBA;
  guint64  least = G_MAXUINT64;
  int      fit;

  if (! p2p_apply_options_check (options, error)
      || ! p2p_apply_options_fit (model, options, &fit, error))
    return FALSE;

  *plan = (P2pPlan) { .mode = p2p_model_mode (model, options) };
  plan->sizes = (P2pSizes) { width, height, channels, (colour ? 3 : 1) + alpha };
  p2p_scale_size (fit, width, height, &plan->sizes.work_w, &plan->sizes.work_h);
  set_rules (&search, options);

  /* Planning the whole also finds out whether the network can be run at all. */
  if (! try_whole (&search, plan->mode.once, error))
    return FALSE;
  if (options->tile)
    search.sampled = 1.0;
  if (options->tile && ! cut_to_side (&search, options->tile, error))
    return FALSE;
  if (! options->tile && plan->bytes > search.budget && ! save_memory (&search, &least)
      && ! choose_cut (&search))
    {
      search.sampled = 1.0;
      if (! choose_cut (&search))
        {
          plan->bytes = MIN (plan->bytes, least);
          return fail_memory (&search, error);
        }
    }

  choose_samples (&search);
  return TRUE;
}
