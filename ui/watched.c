/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "watched.h"

#include <math.h>
#include <string.h>

#include "seen.h"

/* Longest sides, in pixels, of the two small pictures of the layer, coarse and fine.  Each is
 * compared with the one from an earlier look.  GIMP keeps copies of each layer that are reduced by
 * powers of two.  The coarse picture is reduced by such a power and takes 0.1 milliseconds; the
 * fine one takes seven times as long, because its factor may be any number. */
#define COARSE_SIDE  128
#define FINE_SIDE    256

/* Every FINE_LOOKS-th look compares the fine picture, too.  The fine picture shows even a dot two
 * pixels wide and high on a layer of 4000 × 3000 pixels, and it includes the pixels at the right
 * and the bottom that the coarse picture leaves out.  A look that finds a change also compares the
 * fine picture, and so does the look after it, because the rest of a stroke may be too faint for
 * the coarse picture. */
#define FINE_LOOKS   10

/* The number of pixels that are read at once, as whole rows.  It takes some milliseconds. */
#define STRIP_PIXELS (1 << 18)

/* A small picture of the layer as it is seen. */
typedef struct
{
  GBytes  *bytes;       /* NULL: none yet */
  int      w, h, n;     /* n is the number of bytes in a pixel */
  P2pRect  of;          /* the part of the layer that it shows */
} Small;

struct _P2pWatched
{
  const P2pDialogLayer *layer;
  GimpDrawable         *drawable;
  double                scale;
  gboolean              selection;
  int                   width, height;    /* of the layer, not reduced */
  int                   x, y;             /* the layer's place in the image */

  P2pPixels            *pixels;
  P2pSeen              *seen;             /* while rows are being read; NULL otherwise */
  Small                 coarse, fine;
  int                   looks;
  gboolean              changed;          /* the last look found other pixels */
};

P2pWatched *
p2p_watched_new (const P2pDialogLayer *layer,
                 GimpDrawable         *drawable,
                 double                scale,
                 gboolean              selection)
{
  g_autoptr (P2pWatched) watched = g_new0 (P2pWatched, 1);

  watched->layer     = layer;
  watched->drawable  = g_object_ref (drawable);
  watched->scale     = scale;
  watched->selection = selection;
  watched->width     = gimp_drawable_get_width (drawable);
  watched->height    = gimp_drawable_get_height (drawable);
  gimp_drawable_get_offsets (drawable, &watched->x, &watched->y);
  watched->pixels    = p2p_pixels_new (MAX (floor (watched->width * scale), 1),
                                       MAX (floor (watched->height * scale), 1), NULL);
  if (! watched->pixels || (selection && ! p2p_pixels_add_mask (watched->pixels, NULL)))
    return NULL;

  return g_steal_pointer (&watched);
}

void
p2p_watched_free (P2pWatched *watched)
{
  if (! watched)
    return;

  g_clear_pointer (&watched->coarse.bytes, g_bytes_unref);
  g_clear_pointer (&watched->fine.bytes, g_bytes_unref);
  p2p_seen_free (watched->seen);
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

/* Reads pixels as they are seen.  If GIMP could not merge the layer's filters, seen is NULL, and
 * the pixels without filters are read. */
static void
read_pixels (P2pWatched *watched,
             P2pSeen    *seen,
             P2pRect     rect,
             guint8     *rgba)
{
  watched->layer->read (seen ? p2p_seen_get_drawable (seen) : watched->drawable, rect,
                        watched->scale, rgba, watched->layer->data);
}

/* Asks GIMP for a small picture of w × h pixels, which shows the rectangle "of" of the layer.  The
 * bytes in the result are newly allocated, or NULL when GIMP gives none. */
static Small
see (P2pWatched *watched,
     P2pRect     of,
     int         w,
     int         h)
{
  Small small = { .of = of };

  small.bytes = gimp_drawable_get_sub_thumbnail_data (watched->drawable, of.x, of.y, of.width,
                                                      of.height, w, h, &small.w, &small.h,
                                                      &small.n);

  return small;
}

/* Makes the coarse picture, which is the layer reduced by a power of two.  If the layer's width or
 * height is no multiple of that power, the remaining columns or rows are left out. */
static Small
see_coarse (P2pWatched *watched)
{
  int power = 1, w, h;

  while (MAX (watched->width, watched->height) / power > COARSE_SIDE)
    power *= 2;
  w = MAX (watched->width / power, 1);
  h = MAX (watched->height / power, 1);

  return see (watched, (P2pRect) { 0, 0, MIN (w * power, watched->width),
                                   MIN (h * power, watched->height) }, w, h);
}

static Small
see_fine (P2pWatched *watched)
{
  int longer = MAX (watched->width, watched->height);
  int side   = MIN (longer, FINE_SIDE);

  return see (watched, (P2pRect) { 0, 0, watched->width, watched->height },
              MAX (watched->width * side / longer, 1), MAX (watched->height * side / longer, 1));
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

  /* The small pictures are made before the first row is read, so that the next look finds what is
   * painted while the rows are read. */
  if (! watched->fine.bytes)
    {
      watched->coarse = see_coarse (watched);
      watched->fine   = see_fine (watched);
    }
  if (! watched->seen)
    watched->seen = p2p_seen_new (watched->drawable, NULL);

  strip = (P2pRect) { 0, pixels->rows, pixels->width, MIN (rows, pixels->height - pixels->rows) };
  read_pixels (watched, watched->seen, strip, pixels->rgba + (gsize) strip.y * pixels->width * 4);
  if (watched->selection)
    layer->read_selection (strip, watched->scale,
                           pixels->mask + (gsize) strip.y * pixels->width, layer->data);
  p2p_pixels_filled (pixels, strip.height);
  if (! p2p_watched_is_read (watched))
    return TRUE;

  g_clear_pointer (&watched->seen, p2p_seen_free);

  return FALSE;
}

gboolean
p2p_watched_is_read (const P2pWatched *watched)
{
  return watched->pixels->rows == watched->pixels->height;
}

/* Reads rect again, which is in pixels of the layer that are not reduced.  Without memory for it
 * the pixels stay as they were. */
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
    (P2pRect) { 0, 0, watched->pixels->width, watched->pixels->height });
  g_autofree guint8  *rgba = NULL;
  g_autoptr (P2pSeen) seen = NULL;

  if (! pixels)
    return;

  watched->pixels = pixels;
  rgba = p2p_try_bytes ((gsize) part.width * part.height * 4, NULL);
  if (! rgba)
    return;

  seen = p2p_seen_new (watched->drawable, NULL);
  read_pixels (watched, seen, part, rgba);
  for (int y = 0; y < part.height; y++)
    memcpy (pixels->rgba + ((gsize) (part.y + y) * pixels->width + part.x) * 4,
            rgba + (gsize) y * part.width * 4, (gsize) part.width * 4);
  p2p_pixels_changed (pixels, part);
}

/* ---- Looking ------------------------------------------------------------------------ */

/* The part in which two small pictures of the same size differ, in their own pixels. */
static P2pRect
find_difference (const Small *a,
                 const Small *b)
{
  const guint8 *before = g_bytes_get_data (a->bytes, NULL);
  const guint8 *after  = g_bytes_get_data (b->bytes, NULL);
  int           left = a->w, right = 0, top = a->h, bottom = 0;

  for (int y = 0; y < a->h; y++)
    for (int x = 0; x < a->w; x++, before += a->n, after += a->n)
      if (memcmp (before, after, a->n))
        {
          left   = MIN (left, x);
          right  = MAX (right, x + 1);
          top    = MIN (top, y);
          bottom = y + 1;
        }

  return (P2pRect) { left, top, right - left, bottom - top };
}

/* Replaces small by newer, and enlarges changed by the part of the layer in which they differ.
 * That part gets a margin of two pixels of the small picture, where changes may be too faint to
 * show.  If the two pictures cannot be compared, the whole layer counts as changed. */
static void
renew (P2pWatched *watched,
       Small      *small,
       Small       newer,
       P2pRect    *changed)
{
  P2pRect all = { 0, 0, watched->width, watched->height }, found = all;
  double  across = (double) newer.of.width / MAX (newer.w, 1);
  double  down   = (double) newer.of.height / MAX (newer.h, 1);

  if (! newer.bytes)
    return;
  if (small->bytes && g_bytes_equal (small->bytes, newer.bytes))
    found = (P2pRect) { 0 };
  else if (small->bytes && g_bytes_get_size (small->bytes) == g_bytes_get_size (newer.bytes))
    {
      P2pRect difference = find_difference (small, &newer);
      int     left       = floor ((difference.x - 2) * across);
      int     top        = floor ((difference.y - 2) * down);

      found = p2p_rect_intersect (
        (P2pRect) { left, top, ceil ((difference.x + difference.width + 2) * across) - left,
                    ceil ((difference.y + difference.height + 2) * down) - top }, all);
    }

  g_clear_pointer (&small->bytes, g_bytes_unref);
  *small = newer;
  *changed = p2p_rect_unite (*changed, found);
}

P2pWatchedState
p2p_watched_look (P2pWatched *watched)
{
  P2pWatchedState state   = P2P_WATCHED_SAME;
  P2pRect         changed = { 0 };
  int             x, y;

  if (is_gone (watched))
    return P2P_WATCHED_GONE;

  gimp_drawable_get_offsets (watched->drawable, &x, &y);
  if (x != watched->x || y != watched->y)
    state = P2P_WATCHED_CHANGED;
  watched->x = x;
  watched->y = y;

  renew (watched, &watched->coarse, see_coarse (watched), &changed);
  if (changed.width || watched->changed || ++watched->looks % FINE_LOOKS == 0)
    renew (watched, &watched->fine, see_fine (watched), &changed);
  watched->changed = changed.width > 0;
  if (! watched->changed)
    return state;

  read_again (watched, changed);

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
