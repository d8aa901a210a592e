/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Curves as SVG inside a page. */

#pragma once

#include <glib.h>

typedef struct
{
  const char *name;
  const char *text;     /* what it shows, in words under the chart; NULL: nothing is said */
  guint       n;
  double     *x, *y;    /* [n]; where y is NaN there is no point */
} P2pSeries;

/* At most so many curves in one chart. */
#define P2P_CHART_MAX 4

/* Appends a chart of the series over what x is called.  The page's style sheet colors the classes
 * s0 to s3, n0 to n3, axis, grid, tick and name.  A chart without any point is left out. */
void p2p_chart_append (GString *page, const char *title, const char *x_name,
                       const P2pSeries *series, int n_series);

/* A number as SVG and people want it, whatever the locale. */
void p2p_chart_number (GString *page, const char *format, double value);
