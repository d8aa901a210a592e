/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "view.h"

#include <math.h>

#include "pixels.h"

static double
fitting_zoom (const P2pView *view)
{
  if (view->picture_w <= 0.0 || view->picture_h <= 0.0)
    return 1.0;

  return MIN (MIN (view->width / view->picture_w, view->height / view->picture_h),
              P2P_VIEW_MAX_ZOOM);
}

double
p2p_view_zoom (const P2pView *view)
{
  return view->zoom > 0.0 ? view->zoom : fitting_zoom (view);
}

static double
origin (double side,
        double picture,
        double zoom,
        double middle)
{
  if (picture * zoom <= side)
    return floor ((side - picture * zoom) / 2.0);

  return CLAMP (side / 2.0 - middle * zoom, side - picture * zoom, 0.0);
}

void
p2p_view_origin (const P2pView *view,
                 double        *left,
                 double        *top)
{
  double zoom = p2p_view_zoom (view);

  *left = origin (view->width, view->picture_w, zoom, view->x);
  *top  = origin (view->height, view->picture_h, zoom, view->y);
}

void
p2p_view_range (const P2pView *view,
                double        *left,
                double        *right)
{
  double top;

  p2p_view_origin (view, left, &top);
  *right = MIN (*left + view->picture_w * p2p_view_zoom (view), view->width);
  *left  = MAX (*left, 0.0);
}

P2pRect
p2p_view_visible (const P2pView *view)
{
  double  zoom = p2p_view_zoom (view);
  double  left, top;
  P2pRect seen;

  p2p_view_origin (view, &left, &top);
  seen.x      = floor (MAX (-left, 0.0) / zoom);
  seen.y      = floor (MAX (-top, 0.0) / zoom);
  seen.width  = ceil (view->width / zoom) + 1;
  seen.height = ceil (view->height / zoom) + 1;

  return p2p_rect_intersect (seen, (P2pRect) { 0, 0, view->picture_w, view->picture_h });
}

void
p2p_view_pan (P2pView *view,
              double   x,
              double   y)
{
  double zoom = p2p_view_zoom (view);
  double left, top;

  view->x -= x / zoom;
  view->y -= y / zoom;

  /* Keeps x and y within the picture's border.  Otherwise a drag that went beyond the border would
   * first have to go back as far, without effect. */
  p2p_view_origin (view, &left, &top);
  view->x = (view->width / 2.0 - left) / zoom;
  view->y = (view->height / 2.0 - top) / zoom;
}

void
p2p_view_zoom_at (P2pView *view,
                  double   zoom,
                  double   x,
                  double   y)
{
  double old = p2p_view_zoom (view);
  double fit = fitting_zoom (view);
  double left, top;

  p2p_view_origin (view, &left, &top);
  view->x = (x - left) / old;
  view->y = (y - top) / old;
  view->zoom = zoom <= fit ? 0.0 : MIN (zoom, P2P_VIEW_MAX_ZOOM);
  view->x += (view->width / 2.0 - x) / p2p_view_zoom (view);
  view->y += (view->height / 2.0 - y) / p2p_view_zoom (view);
  p2p_view_pan (view, 0.0, 0.0);
}
