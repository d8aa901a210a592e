/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Which part of a picture a widget shows, and how large. */

#pragma once

#include "p2p.h"

#define P2P_VIEW_MAX_ZOOM 16.0

typedef struct
{
  double width, height;     /* of the widget */
  double picture_w, picture_h;
  double zoom;              /* screen pixels for one of the picture's; 0: the whole picture fits */
  double x, y;              /* of the picture, in the middle of the widget */
} P2pView;

double  p2p_view_zoom    (const P2pView *view);

/* Where the picture's left and top are on the screen: in the middle when there is room. */
void    p2p_view_origin  (const P2pView *view, double *left, double *top);

/* What is seen, in pixels of the picture. */
P2pRect p2p_view_visible (const P2pView *view);

/* From where to where the picture is seen on the screen. */
void    p2p_view_range   (const P2pView *view, double *left, double *right);

/* Zooms so that what is at x, y of the widget stays there; 0: the whole picture. */
void    p2p_view_zoom_at (P2pView *view, double zoom, double x, double y);

/* Moves by pixels of the screen, no further than to the border. */
void    p2p_view_pan     (P2pView *view, double x, double y);
