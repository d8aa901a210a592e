/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A widget that shows a picture before and after translation, with a line between them that the
 * user can drag.  It pans and zooms.  It does not know where its pictures come from.
 *
 * Signals:
 * "view-changed": another part of the picture is visible.
 * "before-read" (P2pPixels *): all rows of the picture before have been set.
 * "color-picked" (const GdkRGBA *): the user has clicked on that color. */

#pragma once

#include <gtk/gtk.h>

#include "pixels.h"

#define P2P_TYPE_PREVIEW (p2p_preview_get_type ())
G_DECLARE_FINAL_TYPE (P2pPreview, p2p_preview, P2P, PREVIEW, GtkDrawingArea)

GtkWidget * p2p_preview_new (void);

/* Sets the picture before.  To be called again when more rows of the same pixels are filled. */
void    p2p_preview_set_before      (P2pPreview *preview, P2pPixels *pixels);

/* Sets the picture after, which covers rect of the picture before; NULL when there is none.  A
 * detail gets a frame, because the picture before is visible around it. */
void    p2p_preview_set_after       (P2pPreview *preview, P2pPixels *after, P2pRect rect,
                                     gboolean is_detail);

/* The opacity of after over before, 0 to 1. */
void    p2p_preview_set_strength    (P2pPreview *preview, double strength);

/* What assistive technology says about the picture. */
void    p2p_preview_set_description (P2pPreview *preview, const char *description);

/* The visible part of the picture, in its pixels. */
P2pRect p2p_preview_get_visible     (P2pPreview *preview);

/* Sets how many screen pixels show one pixel of the picture; what is in the middle stays there.
 * zoom 0 fits the whole picture into the widget. */
void    p2p_preview_set_zoom        (P2pPreview *preview, double zoom);
double  p2p_preview_get_zoom        (P2pPreview *preview);
