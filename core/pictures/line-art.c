/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Each pixel is divided by the luma that blank paper would have there, called white.  White is
 * found on a coarse grid of cells and interpolated between them:
 *
 *   1. The level of a cell is a high percentile of its pixels, which lines do not lower.
 *   2. Cells nearly as light as the lightest of the picture are paper.
 *   3. From there knowledge of white spreads to neighboring cells.  A cell whose level is near
 *      its neighbors' white is paper in other light, and its own level is its white.
 *   4. When no more paper is found, the cells beside the known ones are covered with ink and take
 *      their neighbors' white, and step 3 goes on from them.
 *
 *      levels   0.90 0.86 0.10 0.12 0.78        white   0.90 0.86 0.86 0.86 0.78
 *               seed      └─ ink ─┘
 *
 * So light may fall off slowly, down to half of the brightest, and is removed, while black hair and
 * gray areas with an edge stay as they are.  A shadow with a hard edge stays too, because it looks
 * like a gray area.  So does paper in much less light that ink separates from all other paper. */

#include <math.h>
#include <string.h>

#include "line-art.h"

#define CELLS     48       /* the most cells on the longer side */
#define LEVELS    256      /* of the histograms, as many as 8-bit pictures have */
#define PAPER     0.9      /* a cell's level is the percentile of this part of its pixels */
#define BRIGHTEST 0.95     /* the brightest paper is the percentile of this part of the cells */
#define SEED      0.9f     /* of the brightest paper: cells from this level on are paper */
#define STEP      0.93f    /* of the neighbors' white: from this level on, paper in other light */
#define SHADE     0.5f     /* of the brightest paper: cells below this are not paper */
#define KNEE      0.94f    /* of white: from here on a pixel becomes 1, which hides grain */
#define NEAR      38       /* levels (0.15 of 1) that a pixel of the ground may differ by */
#define GROUND    0.7      /* in a line drawing, at least this part of pixels is ground */
#define LEAST     0.0625f  /* white is at least this, so that nearly black pixels stay dark */
#define VISIBLE   0.1f     /* a larger change to a pixel is visible */
#define GRID      256      /* the most sample points on a side where changes are looked for */

struct _P2pLineArt
{
  const P2pSource *luma;
  gboolean         clean;
  gboolean         light_on_dark;    /* luma is inverted before it is divided */

  int              cell;             /* side of a cell in pixels */
  int              columns, rows;    /* number of cells */
  float           *white;            /* [rows, columns]; −1 while it is not known */
};

/* Levels of the cells.  One chunk of the parallel-for fills one row of cells. */
typedef struct
{
  const P2pLineArt *art;
  guint8           *high, *low;    /* [rows, columns], percentile PAPER from the dark and from
                                    * the light end */
  guint64          *histograms;    /* [rows, LEVELS], of all pixels in a row of cells */
} Survey;

/* ---- Levels ----------------------------------------------------------------------------- */

static int
level_of (float value)
{
  return value >= 1.0f ? LEVELS - 1 : value > 0.0f ? value * (LEVELS - 1) + 0.5f : 0;
}

/* Returns the lowest level that at least this part of the pixels, 0 to 1, does not exceed. */
static int
percentile (const guint64 *histogram,
            double         part)
{
  guint64 n = 0, below = 0;
  int     level = 0;

  for (int i = 0; i < LEVELS; i++)
    n += histogram[i];
  for (below = histogram[0]; below < part * n && level < LEVELS - 1; below += histogram[level])
    level++;
  return level;
}

static void
mirror_histogram (guint64 *histogram)
{
  for (int i = 0; i < LEVELS / 2; i++)
    {
      guint64 other = histogram[LEVELS - 1 - i];

      histogram[LEVELS - 1 - i] = histogram[i];
      histogram[i] = other;
    }
}

static void
survey_row (int      row,
            int      worker,
            gpointer data)
{
  const Survey       *survey = data;
  const P2pLineArt   *art = survey->art;
  const P2pSource    *luma = art->luma;
  const int           bottom = MIN ((row + 1) * art->cell, luma->height);
  float               values[P2P_PIECE];
  g_autofree guint64 *cells = g_new0 (guint64, (gsize) art->columns * LEVELS);
  guint64            *all = survey->histograms + (gsize) row * LEVELS;

  for (int y = row * art->cell; y < bottom; y++)
    {
      for (int x = 0, n; x < luma->width; x += n)
        {
          n = p2p_piece (luma->width - x, 1);
          luma->read (luma->data, y, x, n, values);
          for (int i = 0; i < n; i++)
            cells[(x + i) / art->cell * LEVELS + level_of (values[i])]++;
        }
    }

  for (int column = 0; column < art->columns; column++)
    {
      guint64 *cell = cells + column * LEVELS;

      for (int i = 0; i < LEVELS; i++)
        all[i] += cell[i];
      survey->high[row * art->columns + column] = percentile (cell, PAPER);
      mirror_histogram (cell);
      survey->low[row * art->columns + column] = LEVELS - 1 - percentile (cell, PAPER);
    }
}

/* Whether the picture is a light drawing on dark ground: most pixels have nearly the same tone,
 * this tone is dark, and the other pixels are mostly lighter.  The last condition distinguishes a
 * blackboard from paper that was photographed too dark. */
static gboolean
is_light_on_dark (const Survey *survey)
{
  guint64 histogram[LEVELS] = { 0 }, n = 0, n_near = 0;
  double  lighter = 0.0, darker = 0.0;
  int     median;

  for (int row = 0; row < survey->art->rows; row++)
    for (int i = 0; i < LEVELS; i++)
      histogram[i] += survey->histograms[row * LEVELS + i];

  median = percentile (histogram, 0.5);
  for (int i = 0; i < LEVELS; i++)
    {
      double distance = i - median;

      n += histogram[i];
      n_near += ABS (i - median) <= NEAR ? histogram[i] : 0;
      *(i > median ? &lighter : &darker) += distance * distance * histogram[i];
    }
  return median < LEVELS / 2 && n_near >= GROUND * n && lighter >= darker;
}

/* ---- White ------------------------------------------------------------------------------ */

/* Returns the mean white of those of the 8 neighbors of a cell where it is known; −1: of none. */
static float
white_around (const P2pLineArt *art,
              const float      *white,
              int               row,
              int               column)
{
  float sum = 0.0f;
  int   n = 0;

  for (int y = MAX (row - 1, 0); y < MIN (row + 2, art->rows); y++)
    for (int x = MAX (column - 1, 0); x < MIN (column + 2, art->columns); x++)
      if (white[y * art->columns + x] >= 0.0f)
        {
          sum += white[y * art->columns + x];
          n++;
        }
  return n ? sum / n : -1.0f;
}

/* Finds white in cells beside those where it is known: with fill in all such cells, else only in
 * those that are paper.  A cell looks only at what was known before this call, so no direction is
 * preferred.  Returns whether any cell was found. */
static gboolean
spread_white (const P2pLineArt *art,
              const float      *levels,
              float             brightest,
              gboolean          fill)
{
  const int         n = art->rows * art->columns;
  g_autofree float *before = g_memdup2 (art->white, n * sizeof (float));
  gboolean          changed = FALSE;

  for (int i = 0; i < n; i++)
    {
      float    around = before[i] < 0.0f
                        ? white_around (art, before, i / art->columns, i % art->columns) : -1.0f;
      gboolean paper = levels[i] >= MAX (STEP * around, SHADE * brightest);

      if (around < 0.0f || ! (paper || fill))
        continue;
      art->white[i] = paper ? levels[i] : around;
      changed = TRUE;
    }
  return changed;
}

/* Smooths n values that are step apart in place, with weights (1, 2, 1) / 4. */
static void
smooth (float *values,
        int    n,
        int    step)
{
  float before = values[0];

  for (int i = 0; i < n; i++)
    {
      float here = values[i * step], after = values[MIN (i + 1, n - 1) * step];

      values[i * step] = (before + 2.0f * here + after) / 4.0f;
      before = here;
    }
}

static void
find_white (P2pLineArt   *art,
            const Survey *survey)
{
  const int         n = art->rows * art->columns;
  guint64           histogram[LEVELS] = { 0 };
  g_autofree float *levels = g_new (float, n);
  float             brightest;

  for (int i = 0; i < n; i++)
    {
      int level = art->light_on_dark ? LEVELS - 1 - survey->low[i] : survey->high[i];

      histogram[level]++;
      levels[i] = level / (float) (LEVELS - 1);
    }
  brightest = percentile (histogram, BRIGHTEST) / (float) (LEVELS - 1);

  art->white = g_new (float, n);
  for (int i = 0; i < n; i++)
    art->white[i] = levels[i] >= SEED * brightest ? levels[i] : -1.0f;
  while (spread_white (art, levels, brightest, FALSE)
         || spread_white (art, levels, brightest, TRUE))
    ;

  for (int row = 0; row < art->rows; row++)
    smooth (art->white + row * art->columns, art->columns, 1);
  for (int column = 0; column < art->columns; column++)
    smooth (art->white + column, art->rows, art->columns);
  for (int i = 0; i < n; i++)
    art->white[i] = MAX (art->white[i], LEAST);
}

/* ---- The source ------------------------------------------------------------------------- */

P2pLineArt *
p2p_line_art_new (const P2pSource *luma,
                  gboolean         clean,
                  P2pParallel     *parallel)
{
  P2pLineArt         *art = g_new0 (P2pLineArt, 1);
  g_autofree guint8  *high = NULL, *low = NULL;
  g_autofree guint64 *histograms = NULL;
  Survey              survey = { art };

  art->luma = luma;
  art->clean = clean;
  if (! clean)
    return art;

  art->cell = (MAX (luma->width, luma->height) + CELLS - 1) / CELLS;
  art->columns = (luma->width + art->cell - 1) / art->cell;
  art->rows = (luma->height + art->cell - 1) / art->cell;

  survey.high = high = g_new0 (guint8, art->rows * art->columns);
  survey.low = low = g_new0 (guint8, art->rows * art->columns);
  survey.histograms = histograms = g_new0 (guint64, (gsize) art->rows * LEVELS);
  p2p_parallel_for (parallel, art->rows, survey_row, &survey);

  art->light_on_dark = is_light_on_dark (&survey);
  find_white (art, &survey);
  return art;
}

void
p2p_line_art_free (P2pLineArt *art)
{
  if (! art)
    return;
  g_free (art->white);
  g_free (art);
}

/* Reads luma divided by white.  White is interpolated linearly between the centers of cells, and
 * constant beyond the outermost centers. */
static void
read_clean (gconstpointer data,
            int           y,
            int           x,
            int           n,
            float        *to)
{
  const P2pLineArt *art = data;
  const float       last = art->columns - 1;
  float             place = CLAMP ((y + 0.5f) / art->cell - 0.5f, 0.0f, art->rows - 1.0f);
  const float      *upper = art->white + (int) place * art->columns;
  const float      *lower = art->white + MIN ((int) place + 1, art->rows - 1) * art->columns;
  float             white[CELLS + 1];

  place -= (int) place;
  for (int i = 0; i < art->columns; i++)
    white[i] = KNEE * (upper[i] + place * (lower[i] - upper[i]));
  white[art->columns] = white[art->columns - 1];

  art->luma->read (art->luma->data, y, x, n, to);
  for (int i = 0; i < n; i++)
    {
      float at = CLAMP ((x + i + 0.5f) / art->cell - 0.5f, 0.0f, last);
      int   left = at;
      float value = art->light_on_dark ? 1.0f - to[i] : to[i];

      value /= white[left] + (at - left) * (white[left + 1] - white[left]);
      to[i] = CLAMP (value, 0.0f, 1.0f);
    }
}

P2pSource
p2p_line_art_source (const P2pLineArt *art)
{
  if (! art->clean)
    return *art->luma;
  return (P2pSource) { art->luma->width, art->luma->height, 1, read_clean, art };
}

gboolean
p2p_line_art_is_light (const P2pLineArt *art)
{
  return art->light_on_dark;
}

/* ---- What cleaning changes -------------------------------------------------------------- */

/* The grid of pixels at which compare_row () compares line art with luma. */
typedef struct
{
  const P2pLineArt *art;
  int               columns, rows;
  int              *counts;          /* [rows], pixels in a row that differ */
} Comparison;

/* Returns the middle of part i of a side that is divided into n parts. */
static int
middle (int side,
        int n,
        int i)
{
  return (gint64) side * (2 * i + 1) / (2 * n);
}

static void
compare_row (int      row,
             int      worker,
             gpointer data)
{
  const Comparison *comparison = data;
  const P2pSource  *luma = comparison->art->luma;
  const P2pSource   lines = p2p_line_art_source (comparison->art);
  const int         y = middle (luma->height, comparison->rows, row);
  int               n = 0;

  for (int i = 0; i < comparison->columns; i++)
    {
      const int x = middle (luma->width, comparison->columns, i);
      float     shown, cleaned;

      luma->read (luma->data, y, x, 1, &shown);
      lines.read (lines.data, y, x, 1, &cleaned);
      n += fabsf (cleaned - (comparison->art->light_on_dark ? 1.0f - shown : shown)) > VISIBLE;
    }
  comparison->counts[row] = n;
}

double
p2p_line_art_changed (const P2pLineArt *art,
                      P2pParallel      *parallel)
{
  const int       columns = MIN (art->luma->width, GRID), rows = MIN (art->luma->height, GRID);
  g_autofree int *counts = g_new0 (int, rows);
  Comparison      comparison = { art, columns, rows, counts };
  double          n = 0.0;

  if (! art->clean)
    return 0.0;
  p2p_parallel_for (parallel, rows, compare_row, &comparison);
  for (int i = 0; i < rows; i++)
    n += counts[i];
  return n / columns / rows;
}

guint64
p2p_line_art_bytes (int width,
                    int height)
{
  /* For each row of cells: the histograms of its cells, because each row may have its own thread,
   * the row's histogram, and a few values for each cell. */
  guint64 row = (CELLS + 1) * LEVELS * sizeof (guint64)
                + CELLS * (2 * sizeof (guint8) + 3 * sizeof (float));

  return sizeof (P2pLineArt) + CELLS * row;
}
