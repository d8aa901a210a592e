/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Tiles are planned only where the whole does not fit.  Each cut into columns and rows that fits is
 * weighed by what it computes twice; planning a graph takes well under a millisecond, so what a cut
 * takes is not estimated but planned. */

#include <math.h>
#include <string.h>

#include "compose.h"
#include "guide.h"
#include "intl.h"
#include "work.h"

/* The program and its libraries, measured. */
#define BASE_BYTES (32 << 20)

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

/* Half of what the system has to give without swapping. */
static guint64
default_budget (void)
{
  g_autofree char *meminfo = NULL;
  const char      *available;

  if (! g_file_get_contents ("/proc/meminfo", &meminfo, NULL, NULL))
    return G_MAXUINT64;
  available = strstr (meminfo, "MemAvailable:");
  if (! available)
    return G_MAXUINT64;
  return g_ascii_strtoull (available + strlen ("MemAvailable:"), NULL, 10) * 1024 / 2;
}

/* Weights that are read where the file is mapped stay in memory. */
static guint64
mapped_bytes (P2pParams *params)
{
  guint64 bytes = 0;

  for (guint i = 0; i < p2p_params_length (params); i++)
    {
      const P2pParam *param = p2p_params_nth (params, i);

      if (param->source)
        bytes += param->n * p2p_dtype_size (param->dtype);
    }
  return bytes;
}

/* Bytes beside the graph's: while it computes (the planes that go in and those that come out) and
 * afterwards, when its arena is gone (what scales those back, and the result). */
static void
find_picture_bytes (const P2pCard *card,
                    const P2pWork *work,
                    guint64       *during,
                    guint64       *after)
{
  guint64  work_pixels = (guint64) work->work_w * work->work_h;
  guint64  pixels = (guint64) work->width * work->height;
  gboolean guided = card->output == P2P_OUTPUT_LAB_AB && p2p_work_scales (work);
  guint64  composed = p2p_compose_bytes (card, work->width, work->height, work->channels % 2 == 0);

  *during = *after = sizeof (float) * (pixels * work->channels
                                       + work_pixels * card->options.output_nc) + composed;
  if (p2p_work_scales (work))
    {
      guint64 reduced = sizeof (float) * work->height * work->work_w * card->options.input_nc;
      guint64 enlarged = sizeof (float) * work->work_h * work->width * card->options.output_nc;

      *during += reduced;
      *after += guided ? reduced + p2p_guide_bytes (work->width, work->height, work->work_w,
                                                    work->work_h)
                       : enlarged;
    }
  *after += sizeof (float) * pixels * work->result_channels;
}

typedef struct
{
  guint64 bytes;    /* of the whole apply */
  guint64 arena;    /* bytes of it for the graph's values */
  double  flops;    /* of the graph */
} Cost;

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
  guint64              during, after;

  if (! graph)
    return FALSE;
  find_picture_bytes (search->model->card, search->work, &during, &after);
  cost->bytes = MAX (during + graph->arena_size, after) + graph->prepared
                + mapped_bytes (search->model->params) + BASE_BYTES;
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

/* ---- The choice ------------------------------------------------------------------------- */

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
choose_samples (const Search *search)
{
  P2pWork *work = search->work;
  int      multiple = search->across.multiple, width = search->least, height = search->least;
  int      first = MAX (SMALL_INNERMOST * multiple, search->least);
  int      last = MAX (INNERMOST * multiple, search->least);
  double   most = 0.0;
  Cost     cost = { 0 };

  if (p2p_work_tiles (work) == 1 || ! wants_samples (search))
    return;

  for (int w = first; w <= last; w += multiple)
    for (int h = first; h <= last; h += multiple)
      {
        double worth = try_samples (search, w, h, &cost);

        if (worth > 0.0 && worth >= most)
          {
            most = worth;
            width = w;
            height = h;
          }
      }
  try_samples (search, width, height, &cost);
  work->sample_flops = cost.flops;
  work->bytes = MAX (work->bytes, cost.bytes);
}

/* ---- Options ---------------------------------------------------------------------------- */

static gboolean
check_options (const P2pApplyOptions  *options,
               GError                **error)
{
  if (! (options->strength >= 0.0 && options->strength <= 1.0))
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION, _("The strength must be between 0 and 1"));
  else if (! (options->chroma >= 0.0 && options->chroma <= 100.0))
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION, _("The chroma must be between 0 and 100"));
  else if (options->tile < 0 || options->overlap < -1)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("The tiles and their overlap must not be negative"));
  else
    return TRUE;
  return FALSE;
}

gboolean
p2p_work_fit (const P2pModel         *model,
              const P2pApplyOptions  *options,
              int                    *fit,
              GError                **error)
{
  *fit = model->card->fit;
  if (! options->scale || strcmp (options->scale, "default") == 0)
    return TRUE;
  if (p2p_scale_parse (options->scale, fit))
    return TRUE;
  g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
               _("The scale “%s” is not one of “default”, “native” and “fit:” with a number of "
                 "pixels"), options->scale);
  return FALSE;
}

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

/* ---- Planning --------------------------------------------------------------------------- */

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
  Search   search = { model, work, options->memory ? options->memory : default_budget (),
                      .sampled = SAMPLE_TILES };
  gboolean colour = channels >= 3 || model->card->output != P2P_OUTPUT_GRAY;
  Cost     cost;
  double   scale;
  int      fit;

  if (! check_options (options, error) || ! p2p_work_fit (model, options, &fit, error))
    return FALSE;

  scale = fit ? (double) fit / MAX (width, height) : 1.0;
  *work = (P2pWork) { width, height, channels, (colour ? 3 : 1) + (channels % 2 == 0) };
  work->work_w = MAX (lrint (width * scale), 1);
  work->work_h = MAX (lrint (height * scale), 1);
  work->mode = p2p_model_mode (model, options);
  set_rules (&search, options);

  /* The whole also tells whether the network can be run at all. */
  work->across = p2p_tile_axis (&search.across, 1, 1);
  work->down = p2p_tile_axis (&search.down, 1, 1);
  if (! measure (&search, 1, work->across.size, work->down.size, work->mode, &cost, error))
    return FALSE;
  work->bytes = cost.bytes;
  work->flops = cost.flops;
  if (options->tile)
    search.sampled = 1.0;
  if (options->tile && ! cut_as_told (&search, options->tile, error))
    return FALSE;
  if (! options->tile && work->bytes > search.budget && ! choose_cut (&search))
    {
      search.sampled = 1.0;
      if (! choose_cut (&search))
        return fail_memory (&search, error);
    }

  choose_samples (&search);
  return TRUE;
}
