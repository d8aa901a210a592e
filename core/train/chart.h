/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Line charts as SVG inside an HTML page. */

#pragma once

#include <glib.h>

/* One curve.  The caller owns all of it. */
typedef struct
{
  const char *name;
  const char *text;     /* explanation below the chart; NULL: none */
  guint       n;        /* points */
  double     *x, *y;    /* [n]; a point whose y is NaN is left out */
} P2pSeries;

/* Most curves in one chart. */
#define P2P_CHART_MAX 4

/* Appends a chart with n_series curves, a caption (title) and a name below the x axis.  A chart
 * without any point is left out.  The page's style sheet colors the classes s0 to s3 (the curves),
 * n0 to n3 (their names and last points), axis, grid, tick and name. */
void p2p_chart_append (GString *page, const char *title, const char *x_name,
                       const P2pSeries *series, int n_series);

/* Appends a number with a decimal point in every locale, as SVG needs it.  format is a printf ()
 * format for one double, such as "%.4g". */
void p2p_chart_number (GString *page, const char *format, double value);
