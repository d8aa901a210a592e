/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* In a window around each place a colour is a line over the lightness, a · L + rest (the paper's
 * equations 5 and 6).  Slopes are averaged over the windows that a place is in (9); the rest is
 * what the slope leaves of the place's own colour, so that at the small size nothing is smoothed
 * away.  Slope and rest are scaled up, and meet the large picture's lightness there (as in He, Sun:
 * Fast Guided Filter, 2015). */

#include "guided-filter.h"

#define RADIUS  4        /* of windows, in places of the small size */
#define EPSILON 1e-3f    /* variance of lightness below which there is no edge */

/* Of a place: lightness, its square, and for each colour itself and its product with the
 * lightness; then slope and rest for each colour. */
enum { L, LL, A, LA, B, LB, N_MOMENTS };
enum { SLOPE_A, REST_A, SLOPE_B, REST_B, N_LINES };

struct _P2pGuidedFilter
{
  const P2pPlanes *colours;    /* while lines are made */
  const P2pSource *small;
  P2pPlanes       *moments;
  P2pPlanes       *slopes;     /* of the two colours */
  P2pPlanes       *lines;

  const P2pSource *large;
  P2pResize       *resize;     /* of the lines */
};

static void
find_moments (int      row,
              int      worker,
              gpointer data)
{
  const P2pGuidedFilter *filter = data;
  const int              w = filter->colours->width;
  g_autofree float      *lightness = g_new (float, w);
  const float           *colour = filter->colours->values + (gsize) row * w * 2;
  float                 *to = filter->moments->values + (gsize) row * w * N_MOMENTS;

  filter->small->read (filter->small->data, row, 0, w, lightness);
  for (int x = 0; x < w; x++, colour += 2, to += N_MOMENTS)
    {
      to[L] = lightness[x];
      to[LL] = lightness[x] * lightness[x];
      to[A] = colour[0];
      to[LA] = lightness[x] * colour[0];
      to[B] = colour[1];
      to[LB] = lightness[x] * colour[1];
    }
}

/* The means over the windows around each place of a row; windows end at the picture's edge. */
static void
window_means (const P2pPlanes *planes,
              int              row,
              float           *to)
{
  const int         w = planes->width, c = planes->channels;
  const int         top = MAX (row - RADIUS, 0), bottom = MIN (row + RADIUS + 1, planes->height);
  g_autofree float *sums = g_new0 (float, (gsize) w * c);

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
  const int              w = filter->colours->width;
  g_autofree float      *means = g_new (float, (gsize) w * N_MOMENTS);
  const float           *mean = means;
  float                 *to = filter->slopes->values + (gsize) row * w * 2;

  window_means (filter->moments, row, means);
  for (int x = 0; x < w; x++, mean += N_MOMENTS, to += 2)
    {
      float variance = MAX (mean[LL] - mean[L] * mean[L], 0.0f) + EPSILON;

      to[0] = (mean[LA] - mean[L] * mean[A]) / variance;
      to[1] = (mean[LB] - mean[L] * mean[B]) / variance;
    }
}

static void
find_lines (int      row,
            int      worker,
            gpointer data)
{
  const P2pGuidedFilter *filter = data;
  const int              w = filter->colours->width;
  g_autofree float      *slopes = g_new (float, (gsize) w * 2);
  const float           *moment = filter->moments->values + (gsize) row * w * N_MOMENTS;
  float                 *to = filter->lines->values + (gsize) row * w * N_LINES;

  window_means (filter->slopes, row, slopes);
  for (int x = 0; x < w; x++, moment += N_MOMENTS, to += N_LINES)
    {
      to[SLOPE_A] = slopes[2 * x];
      to[REST_A] = moment[A] - slopes[2 * x] * moment[L];
      to[SLOPE_B] = slopes[2 * x + 1];
      to[REST_B] = moment[B] - slopes[2 * x + 1] * moment[L];
    }
}

P2pGuidedFilter *
p2p_guided_filter_new (const P2pPlanes *colours,
                       const P2pSource *small,
                       const P2pSource *large,
                       P2pParallel     *parallel)
{
  P2pGuidedFilter *filter = g_new0 (P2pGuidedFilter, 1);
  const int        w = colours->width, h = colours->height;
  P2pSource        lines;

  filter->colours = colours;
  filter->small = small;
  filter->large = large;
  filter->moments = p2p_planes_new (w, h, N_MOMENTS);
  filter->slopes = p2p_planes_new (w, h, 2);
  filter->lines = p2p_planes_new (w, h, N_LINES);
  p2p_parallel_for (parallel, h, find_moments, filter);
  p2p_parallel_for (parallel, h, find_slopes, filter);
  p2p_parallel_for (parallel, h, find_lines, filter);
  g_clear_pointer (&filter->moments, p2p_planes_free);
  g_clear_pointer (&filter->slopes, p2p_planes_free);

  lines = p2p_planes_source (filter->lines);
  filter->resize = p2p_resize_new (&lines, large->width, large->height, P2P_CUBIC, parallel);
  g_clear_pointer (&filter->lines, p2p_planes_free);
  return filter;
}

void
p2p_guided_filter_free (P2pGuidedFilter *filter)
{
  if (! filter)
    return;
  p2p_resize_free (filter->resize);
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
  P2pSource              lines = p2p_resize_source (filter->resize);
  g_autofree float      *values = g_new (float, (gsize) n * N_LINES);
  g_autofree float      *lightness = g_new (float, n);
  const float           *line = values;

  lines.read (lines.data, y, x, n, values);
  filter->large->read (filter->large->data, y, x, n, lightness);
  for (int i = 0; i < n; i++, line += N_LINES, to += 2)
    {
      to[0] = line[SLOPE_A] * lightness[i] + line[REST_A];
      to[1] = line[SLOPE_B] * lightness[i] + line[REST_B];
    }
}

P2pSource
p2p_guided_filter_source (const P2pGuidedFilter *filter)
{
  return (P2pSource) { filter->large->width, filter->large->height, 2, read_guided, filter };
}

guint64
p2p_guided_filter_bytes (int width,
                         int height,
                         int small_w,
                         int small_h)
{
  return sizeof (float) * small_h * ((guint64) small_w * (N_MOMENTS + 2 + N_LINES)
                                     + (guint64) width * N_LINES);
}
