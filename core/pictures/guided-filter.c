/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Each channel of the colors is modeled as a linear function of the guide L: slope · L + rest.
 *
 * The slope is found in a window around each pixel of the small size (equations 5 and 6 of the
 * paper) and averaged over all windows that contain the pixel (equation 9).  The rest is the
 * pixel's own color minus slope · L.  So at the small size the function gives exactly the pixel's
 * color, and nothing is smoothed.  Slope and rest are scaled up, and the function is applied to the
 * large guide (as in He, Sun: Fast Guided Filter, 2015). */

#include <string.h>

#include "base/memory.h"
#include "guided-filter.h"

#define RADIUS  4        /* of windows, in pixels of the small size */
#define EPSILON 1e-3f    /* variance of the guide below which there is no edge */

/* The moments of a pixel are the guide and the guide squared, then for each channel the color and
 * its product with the guide.  The lines of a pixel are a slope and a rest for each channel. */
enum { L, LL, FIRST };
enum { COLOUR, PRODUCT, PER_MOMENT };
enum { SLOPE, REST, PER_LINE };

struct _P2pGuidedFilter
{
  const P2pPlanes *colours;    /* this to rows are valid only in make_lines () */
  const P2pSource *small;
  P2pPlanes       *moments;
  P2pPlanes       *slopes;     /* one for each channel */
  P2pPlanes       *lines;
  float           *rows;       /* 2 for each thread, of w · n_moments (channels) floats */

  int              channels;
  const P2pSource *large;
  P2pResize       *resize;     /* scales the lines up */
};

static int
n_moments (int channels)
{
  return FIRST + channels * PER_MOMENT;
}

static void
find_moments (int      row,
              int      worker,
              gpointer data)
{
  const P2pGuidedFilter *filter = data;
  const int              w = filter->colours->width, channels = filter->channels;
  float                  lightness[P2P_PIECE];
  const float           *colour = filter->colours->values + (gsize) row * w * channels;
  float                 *to = filter->moments->values + (gsize) row * w * n_moments (channels);

  for (int x = 0; x < w; x++)
    {
      float light;

      if (x % P2P_PIECE == 0)
        filter->small->read (filter->small->data, row, x, p2p_piece (w - x, 1), lightness);
      light = lightness[x % P2P_PIECE];
      to[L] = light;
      to[LL] = light * light;
      to += FIRST;
      for (int k = 0; k < channels; k++, colour++, to += PER_MOMENT)
        {
          to[COLOUR] = *colour;
          to[PRODUCT] = light * *colour;
        }
    }
}

/* Returns the two rows of a thread. */
static float *
rows_of (const P2pGuidedFilter *filter,
         int                    worker)
{
  return filter->rows + (gsize) worker * 2 * filter->colours->width * n_moments (filter->channels);
}

/* to [w, c] gets the means over the windows around each pixel of a row.  Windows are cut off at the
 * picture's edges.  sums [w, c] is scratch. */
static void
window_means (const P2pPlanes *planes,
              int              row,
              float           *sums,
              float           *to)
{
  const int w = planes->width, c = planes->channels;
  const int top = MAX (row - RADIUS, 0), bottom = MIN (row + RADIUS + 1, planes->height);

  memset (sums, 0, (gsize) w * c * sizeof *sums);
  for (int y = top; y < bottom; y++)
    for (int i = 0; i < w * c; i++)
      sums[i] += planes->values[(gsize) y * w * c + i];
  for (int x = 0; x < w; x++)
    {
      int left = MAX (x - RADIUS, 0), right = MIN (x + RADIUS + 1, w);

      for (int k = 0; k < c; k++, to++)
        {
          *to = 0.0f;
          for (int i = left; i < right; i++)
            *to += sums[i * c + k];
          *to /= (right - left) * (bottom - top);
        }
    }
}

static void
find_slopes (int      row,
             int      worker,
             gpointer data)
{
  const P2pGuidedFilter *filter = data;
  const int              w = filter->colours->width, channels = filter->channels;
  float                 *means = rows_of (filter, worker);
  const float           *mean = means;
  float                 *to = filter->slopes->values + (gsize) row * w * channels;

  window_means (filter->moments, row, means + (gsize) w * n_moments (channels), means);
  for (int x = 0; x < w; x++)
    {
      float lightness = mean[L];
      float variance = MAX (mean[LL] - lightness * lightness, 0.0f) + EPSILON;

      mean += FIRST;
      for (int k = 0; k < channels; k++, mean += PER_MOMENT)
        *to++ = (mean[PRODUCT] - lightness * mean[COLOUR]) / variance;
    }
}

static void
find_lines (int      row,
            int      worker,
            gpointer data)
{
  const P2pGuidedFilter *filter = data;
  const int              w = filter->colours->width, channels = filter->channels;
  float                 *slopes = rows_of (filter, worker);
  const float           *slope = slopes;
  const float           *moment = filter->moments->values + (gsize) row * w * n_moments (channels);
  float                 *to = filter->lines->values + (gsize) row * w * channels * PER_LINE;

  window_means (filter->slopes, row, slopes + (gsize) w * channels, slopes);
  for (int x = 0; x < w; x++)
    {
      float lightness = moment[L];

      moment += FIRST;
      for (int k = 0; k < channels; k++, slope++, moment += PER_MOMENT, to += PER_LINE)
        {
          to[SLOPE] = *slope;
          to[REST] = moment[COLOUR] - *slope * lightness;
        }
    }
}

/* Makes filter->lines.  The other buffers that it needs are freed when it returns. */
static gboolean
make_lines (P2pGuidedFilter  *filter,
            P2pParallel      *parallel,
            GError          **error)
{
  const int             w = filter->colours->width, h = filter->colours->height;
  const int             channels = filter->channels;
  const gsize           n_rows = 2 * p2p_parallel_n_threads (parallel);
  g_autoptr (P2pPlanes) moments = p2p_planes_new (w, h, n_moments (channels), error);
  g_autoptr (P2pPlanes) slopes = moments ? p2p_planes_new (w, h, channels, error) : NULL;
  g_autofree float     *rows = slopes ? p2p_try_new (float, n_rows * w * n_moments (channels),
                                                     error) : NULL;

  filter->lines = rows ? p2p_planes_new (w, h, channels * PER_LINE, error) : NULL;
  if (! filter->lines)
    return FALSE;
  filter->moments = moments;
  filter->slopes = slopes;
  filter->rows = rows;
  p2p_parallel_for (parallel, h, find_moments, filter);
  p2p_parallel_for (parallel, h, find_slopes, filter);
  p2p_parallel_for (parallel, h, find_lines, filter);
  return TRUE;
}

P2pGuidedFilter *
p2p_guided_filter_new (const P2pPlanes  *colours,
                       const P2pSource  *small,
                       const P2pSource  *large,
                       P2pParallel      *parallel,
                       GError          **error)
{
  g_autoptr (P2pGuidedFilter) filter = g_new0 (P2pGuidedFilter, 1);
  P2pSource                   lines;

  filter->channels = colours->channels;
  filter->colours = colours;
  filter->small = small;
  filter->large = large;
  if (! make_lines (filter, parallel, error))
    return NULL;

  lines = p2p_planes_source (filter->lines);
  filter->resize = p2p_resize_new (&lines, large->width, large->height, P2P_CUBIC, parallel,
                                   error);
  g_clear_pointer (&filter->lines, p2p_planes_free);
  return filter->resize ? g_steal_pointer (&filter) : NULL;
}

void
p2p_guided_filter_free (P2pGuidedFilter *filter)
{
  if (! filter)
    return;
  p2p_resize_free (filter->resize);
  p2p_planes_free (filter->lines);
  g_free (filter);
}

static void
read_guided (gconstpointer data,
             int           y,
             int           x,
             int           n,
             float        *to)
{
  const P2pGuidedFilter *filter = data;
  const int              channels = filter->channels;
  P2pSource              lines = p2p_resize_source (filter->resize);
  float                  values[P2P_PIECE], lightness[P2P_PIECE];

  for (int m; n > 0; n -= m, x += m)
    {
      const float *line = values;

      m = p2p_piece (n, channels * PER_LINE);
      lines.read (lines.data, y, x, m, values);
      filter->large->read (filter->large->data, y, x, m, lightness);
      for (int i = 0; i < m; i++)
        for (int k = 0; k < channels; k++, line += PER_LINE)
          *to++ = line[SLOPE] * lightness[i] + line[REST];
    }
}

P2pSource
p2p_guided_filter_source (const P2pGuidedFilter *filter)
{
  return (P2pSource) { filter->large->width, filter->large->height, filter->channels,
                       read_guided, filter };
}

guint64
p2p_guided_filter_bytes (int width,
                         int height,
                         int small_w,
                         int small_h,
                         int channels)
{
  const guint64 lines = channels * PER_LINE;

  return sizeof (float) * small_h * (small_w * (n_moments (channels) + channels + lines)
                                     + width * lines);
}
