/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The widget that shows a picture before and after, with a line between them to be dragged.  It
 * pans and zooms, and knows nothing of where its pictures come from.
 *
 * Signals:
 * "view-changed": another part of the picture is seen.
 * "before-read" (P2pPixels *): all rows of the picture before have been set.
 * "color-picked" (const GdkRGBA *): the user has clicked on that color. */

#pragma once

#include <gtk/gtk.h>

#include "pixels.h"

#define P2P_TYPE_PREVIEW (p2p_preview_get_type ())
G_DECLARE_FINAL_TYPE (P2pPreview, p2p_preview, P2P, PREVIEW, GtkDrawingArea)

GtkWidget * p2p_preview_new (void);

/* Also to be called when more rows of the same pixels are there. */
void    p2p_preview_set_before      (P2pPreview *preview, P2pPixels *pixels);

/* after lies where rect is in the picture before; NULL: there is none.  A detail is framed, since
 * around it the picture before is seen. */
void    p2p_preview_set_after       (P2pPreview *preview, P2pPixels *after, P2pRect rect,
                                     gboolean is_detail);

/* How much of after is seen over before, 0 to 1. */
void    p2p_preview_set_strength    (P2pPreview *preview, double strength);

/* What assistive technology tells of the picture. */
void    p2p_preview_set_description (P2pPreview *preview, const char *description);

/* The part of the picture that is seen, in its pixels. */
P2pRect p2p_preview_get_visible     (P2pPreview *preview);

/* Screen pixels for each of the picture's; the middle stays.  0: the whole picture is seen. */
void    p2p_preview_set_zoom        (P2pPreview *preview, double zoom);
double  p2p_preview_get_zoom        (P2pPreview *preview);
