/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "chart.h"

/* Sizes in the SVG's own units. */
#define WIDTH  640
#define HEIGHT 250
#define LEFT   56
#define RIGHT  104   /* room for the curves' names at their ends */
#define TOP    14
#define BOTTOM 40
#define TICKS  5     /* intervals between ticks on an axis, about */

typedef struct
{
  double min, max, step;    /* ticks stand at multiples of step */
} Range;

void
p2p_chart_number (GString    *page,
                  const char *format,
                  double      value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (page, g_ascii_formatd (text, sizeof text, format, value));
}

/* ---- Axes ------------------------------------------------------------------------------- */

/* Sets the step between ticks to 1, 2 or 5 times a power of ten, and widens an empty range. */
static void
find_ticks (Range *range)
{
  double rough, power;

  if (! (range->max > range->min))
    range->max = range->min + MAX (fabs (range->min) * 0.1, 1e-3);
  rough = (range->max - range->min) / TICKS;
  power = pow (10.0, floor (log10 (rough)));
  range->step = power * (rough <= power ? 1.0 : rough <= 2.0 * power ? 2.0
                         : rough <= 5.0 * power ? 5.0 : 10.0);
}

/* Finds the ranges of both axes.  FALSE when the series have no point. */
static gboolean
find_ranges (const P2pSeries *series,
             int              n_series,
             Range           *x,
             Range           *y)
{
  *x = *y = (Range) { INFINITY, -INFINITY };
  for (int s = 0; s < n_series; s++)
    for (guint i = 0; i < series[s].n; i++)
      if (! isnan (series[s].y[i]))
        {
          x->min = MIN (x->min, series[s].x[i]);
          x->max = MAX (x->max, series[s].x[i]);
          y->min = MIN (y->min, series[s].y[i]);
          y->max = MAX (y->max, series[s].y[i]);
        }
  if (x->min > x->max)
    return FALSE;

  x->min = 0.0;
  find_ticks (x);
  find_ticks (y);
  y->min = floor (y->min / y->step) * y->step;
  y->max = ceil (y->max / y->step) * y->step;
  return TRUE;
}

static double
place_x (const Range *x,
         double       value)
{
  return LEFT + (value - x->min) / (x->max - x->min) * (WIDTH - LEFT - RIGHT);
}

static double
place_y (const Range *y,
         double       value)
{
  return HEIGHT - BOTTOM - (value - y->min) / (y->max - y->min) * (HEIGHT - TOP - BOTTOM);
}

/* Appends format with each % replaced by the next of the values, which are of type double. */
static void
append (GString    *page,
        const char *format,
        ...)
{
  va_list values;

  va_start (values, format);
  for (const char *c = format; *c; c++)
    if (*c == '%')
      p2p_chart_number (page, "%.1f", va_arg (values, double));
    else
      g_string_append_c (page, *c);
  va_end (values);
}

static void
append_axes (GString     *page,
             const Range *x,
             const Range *y,
             const char  *x_name)
{
  const int bottom = HEIGHT - BOTTOM, right = WIDTH - RIGHT;

  for (double tick = y->min; tick <= y->max + y->step / 2; tick += y->step)
    {
      double at = place_y (y, tick);

      append (page, "<line class='grid' x1='%' x2='%' y1='%' y2='%'/>", (double) LEFT,
              (double) right, at, at);
      append (page, "<text class='tick' text-anchor='end' x='%' y='%'>", LEFT - 8.0, at + 4.0);
      p2p_chart_number (page, "%.4g", fabs (tick) < y->step / 1e6 ? 0.0 : tick);
      g_string_append (page, "</text>");
    }
  for (double tick = 0.0; tick <= x->max + x->step / 1e6; tick += x->step)
    {
      append (page, "<text class='tick' text-anchor='middle' x='%' y='%'>", place_x (x, tick),
              bottom + 16.0);
      p2p_chart_number (page, "%.4g", tick);
      g_string_append (page, "</text>");
    }
  append (page, "<line class='axis' x1='%' x2='%' y1='%' y2='%'/>", (double) LEFT,
          (double) right, (double) bottom, (double) bottom);
  append (page, "<text class='tick' text-anchor='middle' x='%' y='%'>", (LEFT + right) / 2.0,
          HEIGHT - 6.0);
  g_string_append_printf (page, "%s</text>", x_name);
}

/* ---- Curves ----------------------------------------------------------------------------- */

/* Appends a curve with a dot at its end.  A curve of a single point shows as this dot alone. */
static void
append_curve (GString         *page,
              const P2pSeries *series,
              int              index,
              const Range     *x,
              const Range     *y)
{
  double end_x = NAN, end_y = NAN;

  g_string_append_printf (page, "<polyline class='s%d' points='", index);
  for (guint i = 0; i < series->n; i++)
    if (! isnan (series->y[i]))
      {
        end_x = place_x (x, series->x[i]);
        end_y = place_y (y, series->y[i]);
        append (page, "%,% ", end_x, end_y);
      }
  g_string_append (page, "'/>");
  if (isnan (end_x))
    return;
  g_string_append_printf (page, "<circle class='n%d' r='3' ", index);
  append (page, "cx='%' cy='%'/>", end_x, end_y);
}

/* Appends the curves' names and last values beside their ends, moved apart where they would
 * overlap. */
static void
append_names (GString         *page,
              const P2pSeries *series,
              int              n_series,
              const Range     *y)
{
  double at[P2P_CHART_MAX], last[P2P_CHART_MAX];
  int    order[P2P_CHART_MAX];

  for (int s = 0; s < n_series; s++)
    {
      int place = s;

      last[s] = NAN;
      for (guint i = 0; i < series[s].n; i++)
        if (! isnan (series[s].y[i]))
          last[s] = series[s].y[i];
      at[s] = isnan (last[s]) ? HEIGHT : place_y (y, last[s]);
      for (; place > 0 && at[order[place - 1]] > at[s]; place--)
        order[place] = order[place - 1];
      order[place] = s;
    }
  for (int i = 1; i < n_series; i++)
    at[order[i]] = MAX (at[order[i]], at[order[i - 1]] + 15.0);

  for (int s = 0; s < n_series; s++)
    if (! isnan (last[s]))
      {
        g_string_append_printf (page, "<text class='name n%d' ", s);
        append (page, "x='%' y='%'>", WIDTH - RIGHT + 6.0, at[s] + 4.0);
        g_string_append_printf (page, "%s ", series[s].name);
        p2p_chart_number (page, "%.4g", last[s]);
        g_string_append (page, "</text>");
      }
}

/* Appends the explanation of a curve, which stands below the chart. */
static void
append_text (GString         *page,
             const P2pSeries *series)
{
  g_autofree char *text = g_markup_escape_text (series->text, -1);

  g_string_append_printf (page, "<p><b>%s</b>: %s</p>\n", series->name, text);
}

void
p2p_chart_append (GString         *page,
                  const char      *title,
                  const char      *x_name,
                  const P2pSeries *series,
                  int              n_series)
{
  Range x, y;

  g_return_if_fail (n_series <= P2P_CHART_MAX);

  if (! find_ranges (series, n_series, &x, &y))
    return;
  g_string_append_printf (page, "<figure><figcaption>%s</figcaption>"
                          "<svg viewBox='0 0 %d %d' role='img'>", title, WIDTH, HEIGHT);
  append_axes (page, &x, &y, x_name);
  for (int s = 0; s < n_series; s++)
    append_curve (page, &series[s], s, &x, &y);
  append_names (page, series, n_series, &y);
  g_string_append (page, "</svg>\n");
  for (int s = 0; s < n_series; s++)
    if (series[s].text)
      append_text (page, &series[s]);
  g_string_append (page, "</figure>\n");
}
