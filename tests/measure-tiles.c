/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What it costs to compute a picture in parts, and how well the parts fit together:
 *
 *   measure-tiles quality MODEL WIDTHxHEIGHT MIB|tile:SIDE [PNG]
 *     Compares strips with the whole; they must be equal.  Compares tiles with the whole, and with
 *     tiles that each have statistics of their own; fails if the common statistics are not better,
 *     or if a joint shows.
 *   measure-tiles cost MODEL WIDTHxHEIGHT [MIB]
 *     Prints the seconds and the memory of one apply, and the seconds of all processors.  Only the
 *     processor seconds can be compared when other programs are running.
 *
 * Both work at native scale on a drawn street. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "apply/plan.h"
#include "street.h"
#include "testing.h"

#define PHASE 16    /* the checkerboard pattern repeats after this many pixels */

static P2pImage *
apply (P2pModel              *model,
       const P2pImage        *image,
       const P2pApplyOptions *options)
{
  GError   *error = NULL;
  P2pImage *result = p2p_apply (model, image, options, NULL, NULL, NULL, &error);

  if (! result)
    g_error ("%s", error->message);
  return result;
}

/* ---- Tiles with statistics of their own ------------------------------------------------- */

static P2pImage *
crop (const P2pImage *image,
      int             left,
      int             top,
      int             width,
      int             height)
{
  P2pImage *part = p2p_image_new (MIN (width, image->width - left),
                                  MIN (height, image->height - top), 3);

  for (int y = 0; y < part->height; y++)
    memcpy (part->pixels + (gsize) y * part->width * 3,
            image->pixels + ((gsize) (top + y) * image->width + left) * 3,
            part->width * 3 * sizeof (float));
  return part;
}

static P2pImage *
apply_apart (P2pModel       *model,
             const P2pImage *image,
             const P2pPlan  *plan)
{
  P2pApplyOptions   options = P2P_APPLY_DEFAULTS;
  P2pImage         *merged = p2p_image_new (image->width, image->height, 3);
  g_autofree float *across = g_new (float, plan->across.size);
  g_autofree float *down = g_new (float, plan->down.size);

  options.scale = "native";
  options.memory = G_MAXUINT64;
  memset (merged->pixels, 0, (gsize) image->width * image->height * 3 * sizeof (float));
  for (int i = 0; i < p2p_plan_tiles (plan); i++)
    {
      int                  left = p2p_tile_start (&plan->across, i % plan->across.n);
      int                  top = p2p_tile_start (&plan->down, i / plan->across.n);
      g_autoptr (P2pImage) part = crop (image, left, top, plan->across.size, plan->down.size);
      g_autoptr (P2pImage) result = apply (model, part, &options);

      p2p_tile_weights (&plan->across, i % plan->across.n, across);
      p2p_tile_weights (&plan->down, i / plan->across.n, down);
      for (int y = 0; y < part->height; y++)
        for (int x = 0; x < 3 * part->width; x++)
          merged->pixels[((gsize) (top + y) * image->width + left) * 3 + x] +=
            across[x / 3] * down[y] * result->pixels[(gsize) y * part->width * 3 + x];
    }
  return merged;
}

static double
mean_difference (const P2pImage *a,
                 const P2pImage *b)
{
  gsize  n = (gsize) a->width * a->height * 3;
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += fabs (a->pixels[i] - b->pixels[i]);
  return 255.0 * sum / n;
}

/* ---- Joints ----------------------------------------------------------------------------- */

/* The mean step from column x − 1 to column x, for all x, or the same for rows. */
static double *
find_steps (const P2pImage *image,
            gboolean        rows)
{
  int     n = rows ? image->height : image->width;
  gsize   ahead = rows ? (gsize) image->width * 3 : 3;
  double *steps = g_new0 (double, n);

  for (int y = rows; y < image->height; y++)
    for (int x = ! rows; x < image->width; x++)
      for (int k = 0; k < 3; k++)
        {
          const float *at = image->pixels + ((gsize) y * image->width + x) * 3 + k;

          steps[rows ? y : x] += fabs (at[0] - *(at - ahead));
        }
  return steps;
}

/* The largest step at a tile's edge, relative to the largest step elsewhere at columns of the same
 * phase.  Houses have edges of their own wherever a tile ends, so steps are measured as multiples
 * of the whole picture's steps. */
static double
worst_joint (const P2pImage    *tiled,
             const P2pImage    *whole,
             const P2pTileAxis *axis,
             gboolean           rows)
{
  int                side = rows ? tiled->height : tiled->width;
  g_autofree double *steps = find_steps (tiled, rows), *own = find_steps (whole, rows);
  double             worst = 0.0;

  for (int i = 0; i < 2 * (axis->n - 1); i++)
    {
      int    at = i % 2 ? p2p_tile_start (axis, i / 2) + axis->size
                        : p2p_tile_start (axis, i / 2 + 1);
      double most = 0.0;

      for (int x = at % PHASE; x < side; x += PHASE)
        if (x > 0 && x != at)
          most = MAX (most, steps[x] / own[x]);
      worst = MAX (worst, steps[at] / own[at] / most);
    }
  return worst;
}

/* Strips give the same as the whole, except for rounding. */
static int
measure_strips (const P2pImage *result,
                const P2pImage *whole,
                const P2pPlan  *plan)
{
  double difference = mean_difference (result, whole);

  printf ("%d×%d pixels, %d levels in strips of %d rows, which give %d\n"
          "  mean difference from the whole, levels: %.4f\n", result->width, result->height,
          plan->strips.levels, plan->strips.height, plan->strips.rows, difference);
  return difference <= 0.05 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
measure_quality (P2pModel       *model,
                 const P2pImage *image,
                 guint64         memory,
                 int             tile,
                 const char     *png)
{
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  g_autoptr (P2pImage) whole = NULL, tiled = NULL, apart = NULL;
  GError              *error = NULL;
  P2pPlan              plan;
  double               common, own, across, down;

  options.scale = "native";
  options.memory = G_MAXUINT64;
  whole = apply (model, image, &options);

  options.memory = memory;
  options.tile = tile;
  if (! p2p_plan_make (model, image->width, image->height, 3, &options, &plan, &error))
    g_error ("%s", error->message);
  tiled = apply (model, image, &options);
  if (plan.strips.levels)
    return measure_strips (tiled, whole, &plan);
  apart = apply_apart (model, image, &plan);
  if (png && ! p2p_image_save (tiled, png, &error))
    g_error ("%s", error->message);

  common = mean_difference (tiled, whole);
  own = mean_difference (apart, whole);
  across = worst_joint (tiled, whole, &plan.across, FALSE);
  down = worst_joint (tiled, whole, &plan.down, TRUE);
  printf ("%d×%d pixels, %d×%d tiles of %d×%d, statistics from %d×%d of %d×%d\n", image->width,
          image->height, plan.across.n, plan.down.n, plan.across.size, plan.down.size,
          plan.sample_columns, plan.sample_rows, plan.sample_w, plan.sample_h);
  printf ("  mean difference from the whole, levels: %.2f, %.2f with statistics of each tile "
          "(%.2f times)\n", common, own, common / own);
  printf ("  largest step at a tile's edge, times the largest elsewhere: "
          "%.2f across, %.2f down\n", across, down);
  return common <= 0.95 * own && across <= 1.15 && down <= 1.15 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ---- Cost ------------------------------------------------------------------------------- */

static double
processor_seconds (struct rusage *usage)
{
  getrusage (RUSAGE_SELF, usage);
  return usage->ru_utime.tv_sec + usage->ru_stime.tv_sec
         + (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

static int
measure_cost (P2pModel       *model,
              const P2pImage *image,
              guint64         memory)
{
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  g_autoptr (P2pImage) result = NULL;
  GError              *error = NULL;
  gint64               start;
  double               seconds, before, busy;
  P2pApplyPlan         plan;
  struct rusage        usage;

  options.scale = "native";
  options.memory = memory;
  if (! p2p_apply_plan (model, image->width, image->height, 3, &options, &plan, &error))
    g_error ("%s", error->message);
  start = g_get_monotonic_time ();
  before = processor_seconds (&usage);
  result = apply (model, image, &options);
  seconds = (g_get_monotonic_time () - start) / 1e6;
  busy = processor_seconds (&usage) - before;
  printf ("%5d×%-5d %4d tiles %8.2f s, a megapixel %7.3f s, of processors %7.3f s  planned %6.0f "
          "MiB, took %6.0f MiB (%.2f times)\n", image->width, image->height, plan.tiles, seconds,
          seconds / image->width / image->height * 1e6, busy / image->width / image->height * 1e6,
          plan.memory / 1048576.0,
          usage.ru_maxrss / 1024.0, usage.ru_maxrss * 1024.0 / plan.memory);
  return usage.ru_maxrss * 1024.0 <= 1.2 * plan.memory ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (P2pModel) model = NULL;
  g_autoptr (P2pImage) image = NULL;
  GError              *error = NULL;
  guint64              memory = 0;
  int                  width, height, tile = 0;

  if (argc < 4 || sscanf (argv[3], "%dx%d", &width, &height) != 2)
    {
      fprintf (stderr, "measure-tiles quality|cost MODEL WIDTHxHEIGHT [MIB|tile:SIDE] [PNG]\n");
      return 2;
    }
  model = p2p_model_open (argv[2], NULL, &error);
  if (! model)
    g_error ("%s", error->message);
  image = street_draw (width, height);
  if (argc > 4 && sscanf (argv[4], "tile:%d", &tile) != 1)
    memory = g_ascii_strtoull (argv[4], NULL, 10) << 20;
  if (strcmp (argv[1], "cost") == 0)
    return measure_cost (model, image, memory);
  return measure_quality (model, image, memory, tile, argc > 5 ? argv[5] : NULL);
}
