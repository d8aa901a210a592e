/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "watched.h"

#include <math.h>
#include <string.h>

/* Longer side of the small picture.  GIMP keeps what it is made of, so that one takes less than a
 * millisecond, and a dot of 2 × 2 pixels still shows in that of 4000 × 3000. */
#define SMALL_SIDE   256

/* Rows of the layer that are read at once, in pixels: 1 << 18 take some milliseconds. */
#define STRIP_PIXELS (1 << 18)

struct _P2pWatched
{
  const P2pDialogLayer *layer;
  GimpDrawable         *drawable;
  double                scale;
  gboolean              selection;
  int                   width, height;    /* of the layer, unreduced */
  int                   x, y;

  P2pPixels            *pixels;
  GBytes               *small;            /* NULL: nothing was seen yet */
  int                   small_w, small_h, small_bytes;    /* the last: of a pixel */
};

P2pWatched *
p2p_watched_new (const P2pDialogLayer *layer,
                 GimpDrawable         *drawable,
                 double                scale,
                 gboolean              selection)
{
  P2pWatched *watched = g_new0 (P2pWatched, 1);

  watched->layer     = layer;
  watched->drawable  = g_object_ref (drawable);
  watched->scale     = scale;
  watched->selection = selection;
  watched->width     = gimp_drawable_get_width (drawable);
  watched->height    = gimp_drawable_get_height (drawable);
  gimp_drawable_get_offsets (drawable, &watched->x, &watched->y);
  watched->pixels    = p2p_pixels_new (MAX (floor (watched->width * scale), 1),
                                       MAX (floor (watched->height * scale), 1));
  if (selection)
    watched->pixels->mask = g_malloc ((gsize) watched->pixels->width * watched->pixels->height);

  return watched;
}

void
p2p_watched_free (P2pWatched *watched)
{
  if (! watched)
    return;

  g_clear_pointer (&watched->small, g_bytes_unref);
  p2p_pixels_unref (watched->pixels);
  g_object_unref (watched->drawable);
  g_free (watched);
}

/* ---- Reading ------------------------------------------------------------------------ */

static gboolean
is_gone (P2pWatched *watched)
{
  return ! gimp_item_is_valid (GIMP_ITEM (watched->drawable)) ||
         gimp_drawable_get_width (watched->drawable) != watched->width ||
         gimp_drawable_get_height (watched->drawable) != watched->height;
}

/* The layer as it is seen, small (newly allocated); NULL when GIMP gives none. */
static GBytes *
see (P2pWatched *watched)
{
  int longer = MAX (watched->width, watched->height);
  int side   = MIN (longer, SMALL_SIDE);

  return gimp_drawable_get_sub_thumbnail_data (watched->drawable, 0, 0, watched->width,
                                               watched->height,
                                               MAX (watched->width * side / longer, 1),
                                               MAX (watched->height * side / longer, 1),
                                               &watched->small_w, &watched->small_h,
                                               &watched->small_bytes);
}

gboolean
p2p_watched_read (P2pWatched *watched)
{
  P2pPixels            *pixels = watched->pixels;
  const P2pDialogLayer *layer  = watched->layer;
  int                   rows   = MAX (STRIP_PIXELS / pixels->width / 64 * 64, 64);
  P2pRect               strip;

  if (p2p_watched_is_read (watched) || is_gone (watched))
    return FALSE;

  /* What is painted while it is read is found at the next look. */
  if (! watched->small)
    watched->small = see (watched);

  strip = (P2pRect) { 0, pixels->rows, pixels->width, MIN (rows, pixels->height - pixels->rows) };
  layer->read (watched->drawable, strip, watched->scale,
               pixels->rgba + (gsize) strip.y * pixels->width * 4, layer->data);
  if (watched->selection)
    layer->read_selection (strip, watched->scale,
                           pixels->mask + (gsize) strip.y * pixels->width, layer->data);
  p2p_pixels_filled (pixels, strip.height);

  return ! p2p_watched_is_read (watched);
}

gboolean
p2p_watched_is_read (const P2pWatched *watched)
{
  return watched->pixels->rows == watched->pixels->height;
}

/* Reads rect, which is in the layer's own pixels, again. */
static void
read_again (P2pWatched *watched,
            P2pRect     rect)
{
  double            scale  = watched->scale;
  P2pPixels        *pixels = p2p_pixels_own (watched->pixels);
  int               left   = floor (rect.x * scale), top = floor (rect.y * scale);
  P2pRect           part   = p2p_rect_intersect (
    (P2pRect) { left, top, ceil ((rect.x + rect.width) * scale) - left,
                ceil ((rect.y + rect.height) * scale) - top },
    (P2pRect) { 0, 0, pixels->width, pixels->height });
  g_autofree guint8 *rgba  = g_malloc ((gsize) part.width * part.height * 4);

  watched->layer->read (watched->drawable, part, scale, rgba, watched->layer->data);
  for (int y = 0; y < part.height; y++)
    memcpy (pixels->rgba + ((gsize) (part.y + y) * pixels->width + part.x) * 4,
            rgba + (gsize) y * part.width * 4, (gsize) part.width * 4);
  p2p_pixels_changed (pixels, part);
  watched->pixels = pixels;
}

/* ---- Looking ------------------------------------------------------------------------ */

/* Where two small pictures differ, in their pixels. */
static P2pRect
find_difference (const guint8 *a,
                 const guint8 *b,
                 int           width,
                 int           height,
                 int           bytes)
{
  int left = width, right = 0, top = height, bottom = 0;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if (memcmp (a + ((gsize) y * width + x) * bytes, b + ((gsize) y * width + x) * bytes, bytes))
        {
          left   = MIN (left, x);
          right  = MAX (right, x + 1);
          top    = MIN (top, y);
          bottom = y + 1;
        }

  return (P2pRect) { left, top, right - left, bottom - top };
}

/* The part of the layer in which small pictures differ, with a rim whose change is too faint for
 * them; all of it where they cannot be compared. */
static P2pRect
find_changed (P2pWatched *watched,
              GBytes     *before,
              GBytes     *after)
{
  double  across = (double) watched->width / watched->small_w;
  double  down   = (double) watched->height / watched->small_h;
  P2pRect all    = { 0, 0, watched->width, watched->height };
  P2pRect found;
  int     left, top;

  if (! before || g_bytes_get_size (before) != g_bytes_get_size (after))
    return all;

  found = find_difference (g_bytes_get_data (before, NULL), g_bytes_get_data (after, NULL),
                           watched->small_w, watched->small_h, watched->small_bytes);
  left  = floor ((found.x - 2) * across);
  top   = floor ((found.y - 2) * down);

  return p2p_rect_intersect ((P2pRect) { left, top,
                                         ceil ((found.x + found.width + 2) * across) - left,
                                         ceil ((found.y + found.height + 2) * down) - top }, all);
}

P2pWatchedState
p2p_watched_look (P2pWatched *watched)
{
  P2pWatchedState    state = P2P_WATCHED_SAME;
  g_autoptr (GBytes) small = NULL;
  int                x, y;

  if (is_gone (watched))
    return P2P_WATCHED_GONE;

  gimp_drawable_get_offsets (watched->drawable, &x, &y);
  if (x != watched->x || y != watched->y)
    state = P2P_WATCHED_CHANGED;
  watched->x = x;
  watched->y = y;

  small = see (watched);
  if (! small || (watched->small && g_bytes_equal (small, watched->small)))
    return state;

  read_again (watched, find_changed (watched, watched->small, small));
  g_clear_pointer (&watched->small, g_bytes_unref);
  watched->small = g_steal_pointer (&small);

  return P2P_WATCHED_CHANGED;
}

P2pPixels *
p2p_watched_pixels (const P2pWatched *watched)
{
  return watched->pixels;
}

void
p2p_watched_place (const P2pWatched *watched,
                   int              *x,
                   int              *y)
{
  *x = watched->x;
  *y = watched->y;
}
