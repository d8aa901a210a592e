/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "follow.h"

#include <math.h>

#include "watched.h"

/* A layer with more pixels is shown reduced. */
#define MOST_PIXELS (64 << 20)

/* The longest side of the pixels for a quick result. */
#define QUICK_SIDE  1024

/* A reduced copy of pixels, kept until they change. */
typedef struct
{
  P2pPixels *pixels;    /* NULL: none yet */
  guint      serial;    /* of the pixels that were reduced */
} Reduced;

struct _P2pFollow
{
  const P2pDialogLayer *layer;
  GimpProcedureConfig  *config;
  P2pFollowFunc         func;
  gpointer              data;
  double                scale;

  P2pWatched           *drawing;
  P2pWatched           *hints;        /* NULL: no layer of hints is chosen */
  GimpDrawable         *hint_layer;   /* the layer that hints watches */
  Reduced               quick_drawing, quick_hints;
  gboolean              started, gone;
  guint                 reading;      /* idle source; 0: none */
};

/* ---- Reading ------------------------------------------------------------------------ */

static gboolean
read_strip (gpointer data)
{
  P2pFollow *follow = data;

  if (! p2p_watched_is_read (follow->drawing))
    {
      gboolean more = p2p_watched_read (follow->drawing);

      follow->func (P2P_FOLLOW_ROWS, follow->data);
      if (more)
        return G_SOURCE_CONTINUE;
    }
  if (follow->hints && p2p_watched_read (follow->hints))
    return G_SOURCE_CONTINUE;

  follow->reading = 0;
  follow->func (P2P_FOLLOW_SETTLED, follow->data);

  return G_SOURCE_REMOVE;
}

static void
read_soon (P2pFollow *follow)
{
  if (follow->started && ! follow->reading)
    follow->reading = g_idle_add (read_strip, follow);
}

/* ---- Looking ------------------------------------------------------------------------ */

static void
forget_hints (P2pFollow *follow)
{
  g_clear_pointer (&follow->hints, p2p_watched_free);
  g_clear_pointer (&follow->quick_hints.pixels, p2p_pixels_unref);
  g_clear_object (&follow->hint_layer);
}

static void
watch_hints (P2pFollow *follow)
{
  forget_hints (follow);
  g_object_get (follow->config, "hints", &follow->hint_layer, NULL);
  if (follow->hint_layer && gimp_item_is_valid (GIMP_ITEM (follow->hint_layer)))
    follow->hints = p2p_watched_new (follow->layer, follow->hint_layer, follow->scale, FALSE);
  read_soon (follow);
}

/* Whether the hints have changed.  If their layer now has another size, begins to read all of it
 * again and returns FALSE: P2P_FOLLOW_SETTLED is sent once it is read. */
static gboolean
look_at_hints (P2pFollow *follow)
{
  P2pWatchedState state = P2P_WATCHED_SAME;

  if (follow->hints)
    state = p2p_watched_look (follow->hints);
  if (state != P2P_WATCHED_GONE)
    return state == P2P_WATCHED_CHANGED;
  if (! gimp_item_is_valid (GIMP_ITEM (follow->hint_layer)))
    {
      forget_hints (follow);
      return TRUE;
    }
  watch_hints (follow);

  return FALSE;
}

void
p2p_follow_look (P2pFollow *follow)
{
  P2pWatchedState drawing;
  gboolean        painted;

  if (! follow->started || follow->reading || follow->gone)
    return;

  drawing = p2p_watched_look (follow->drawing);
  if (drawing == P2P_WATCHED_GONE)
    {
      follow->gone = TRUE;
      follow->func (P2P_FOLLOW_GONE, follow->data);
      return;
    }

  painted = look_at_hints (follow);
  if (painted || drawing == P2P_WATCHED_CHANGED)
    follow->func (P2P_FOLLOW_PAINTED, follow->data);
}

/* ---- What was read ------------------------------------------------------------------ */

static P2pPixels *
reduce (Reduced    *reduced,
        P2pPixels  *pixels,
        int         factor,
        gboolean    strongest)
{
  if (factor == 1)
    return pixels;

  if (! reduced->pixels || reduced->serial != pixels->serial)
    {
      g_clear_pointer (&reduced->pixels, p2p_pixels_unref);
      reduced->pixels = p2p_pixels_reduce (pixels, factor, strongest);
      reduced->serial = pixels->serial;
    }

  return reduced->pixels;
}

void
p2p_follow_fill (P2pFollow  *follow,
                 int         factor,
                 gboolean    hints,
                 P2pRequest *request)
{
  P2pPixels *drawing = reduce (&follow->quick_drawing, p2p_follow_pixels (follow), factor, FALSE);
  P2pPixels *painted;
  int        x, y, hints_x, hints_y;

  if (! drawing)
    return;

  request->pixels = p2p_pixels_ref (drawing);
  if (! hints || ! follow->hints || ! p2p_watched_is_read (follow->hints))
    return;

  painted = reduce (&follow->quick_hints, p2p_watched_pixels (follow->hints), factor, TRUE);
  if (! painted)
    return;

  p2p_watched_place (follow->drawing, &x, &y);
  p2p_watched_place (follow->hints, &hints_x, &hints_y);
  request->hints   = p2p_pixels_ref (painted);
  request->hints_x = (hints_x - x) * follow->scale / factor;
  request->hints_y = (hints_y - y) * follow->scale / factor;
  request->opaque  = ! gimp_drawable_has_alpha (follow->hint_layer);
}

P2pPixels *
p2p_follow_pixels (P2pFollow *follow)
{
  return p2p_watched_pixels (follow->drawing);
}

double
p2p_follow_scale (P2pFollow *follow)
{
  return follow->scale;
}

gboolean
p2p_follow_is_read (P2pFollow *follow)
{
  return p2p_watched_is_read (follow->drawing) &&
         (! follow->hints || p2p_watched_is_read (follow->hints));
}

int
p2p_follow_quick (P2pFollow *follow)
{
  const P2pPixels *pixels = p2p_follow_pixels (follow);

  return (MAX (pixels->width, pixels->height) + QUICK_SIDE - 1) / QUICK_SIDE;
}

/* ---- From beginning to end ---------------------------------------------------------- */

P2pFollow *
p2p_follow_new (const P2pDialogLayer *layer,
                GimpProcedureConfig  *config,
                P2pFollowFunc         func,
                gpointer              data)
{
  P2pFollow *follow = g_new0 (P2pFollow, 1);
  double     size   = (double) layer->width * layer->height;

  follow->layer   = layer;
  follow->config  = g_object_ref (config);
  follow->func    = func;
  follow->data    = data;
  follow->scale   = size > MOST_PIXELS ? 1.0 / ceil (sqrt (size / MOST_PIXELS)) : 1.0;

  /* If there is no memory for the pixels, tries again with half the scale. */
  while (! (follow->drawing = p2p_watched_new (layer, layer->drawable, follow->scale,
                                               layer->read_selection != NULL)) &&
         follow->scale * MAX (layer->width, layer->height) > 1.0)
    follow->scale /= 2.0;
  watch_hints (follow);
  g_signal_connect_swapped (config, "notify::hints", G_CALLBACK (watch_hints), follow);

  return follow;
}

void
p2p_follow_free (P2pFollow *follow)
{
  if (follow->reading)
    g_source_remove (follow->reading);
  g_signal_handlers_disconnect_by_data (follow->config, follow);
  forget_hints (follow);
  g_clear_pointer (&follow->quick_drawing.pixels, p2p_pixels_unref);
  p2p_watched_free (follow->drawing);
  g_object_unref (follow->config);
  g_free (follow);
}

void
p2p_follow_start (P2pFollow *follow)
{
  if (follow->started)
    return;

  follow->started = TRUE;
  read_soon (follow);
}
