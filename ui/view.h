/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Which part of a picture a widget shows, and at what zoom. */

#pragma once

#include "p2p.h"

#define P2P_VIEW_MAX_ZOOM 16.0

/* The widget sets width, height, picture_w and picture_h; the functions below set zoom, x and y. */
typedef struct
{
  double width, height;     /* of the widget, in screen pixels */
  double picture_w, picture_h;
  double zoom;              /* screen pixels for one pixel of the picture; 0: the whole picture
                             * fits into the widget */
  double x, y;              /* the picture's pixel that is in the middle of the widget */
} P2pView;

/* The zoom, with 0 replaced by the zoom at which the whole picture fits. */
double  p2p_view_zoom    (const P2pView *view);

/* Where the picture's left and top are in the widget.  If there is room, the picture is in the
 * middle. */
void    p2p_view_origin  (const P2pView *view, double *left, double *top);

/* The visible part of the picture, in its pixels. */
P2pRect p2p_view_visible (const P2pView *view);

/* The left and right border of the visible part of the picture, in the widget. */
void    p2p_view_range   (const P2pView *view, double *left, double *right);

/* Zooms so that the point at x, y of the widget stays there.  zoom 0 shows the whole picture. */
void    p2p_view_zoom_at (P2pView *view, double zoom, double x, double y);

/* Moves the picture by x, y screen pixels, but no further than to its border. */
void    p2p_view_pan     (P2pView *view, double x, double y);
