/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The planes that a network sees of an artist's hints: dots and strokes of color over the picture.
 * They are made at the size at which the network works, by the same code while training. */

#pragma once

#include "models/inputs.h"
#include "p2p.h"
#include "pictures/resize.h"

/* Hints at the working size. */
typedef struct
{
  int    width, height;
  float *rgb;     /* [height, width, 3] sRGB-encoded, in [0, 1]; where mask is 0 nothing is meant */
  float *mask;    /* [height, width] in [0, 1] */
} P2pHintMap;

/* Nothing but zeros.  Errors: P2P_ERROR_MEMORY, as of all that gives maps and planes. */
P2pHintMap * p2p_hint_map_new    (int width, int height, GError **error);
void         p2p_hint_map_free   (P2pHintMap *map);

/* Reduces hints on a picture of picture_w × picture_h to the working size.  Colors are averaged
 * over the area of each pixel, weighted by alpha; the mask is the strongest alpha there, so that a
 * thin stroke on a large picture still counts.  hints NULL: an empty map. */
P2pHintMap * p2p_hint_map_reduce (const P2pHints *hints, int picture_w, int picture_h, int width,
                                  int height, P2pParallel *parallel, GError **error);

/* Whether there is any hint. */
gboolean     p2p_hint_map_any    (const P2pHintMap *map);

/* The planes of hints among inputs, in [0, 1]: [height, width, channels of these planes].  picture
 * holds the other planes, at the map's size, which colors are spread along.  When parallel (which
 * may be NULL) is cancelled, the planes are garbage. */
P2pPlanes *  p2p_hint_planes     (const P2pInputs *inputs, const P2pSource *picture,
                                  const P2pHintMap *map, P2pParallel *parallel,
                                  GError **error);

/* Bytes that this takes for a working size, at most. */
guint64      p2p_hint_bytes      (const P2pInputs *inputs, int width, int height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pHintMap, p2p_hint_map_free)
