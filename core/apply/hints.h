/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Makes the planes that a network sees of an artist's hints, which are dots and strokes of color
 * over the picture.  The planes are made at the working size.  Training uses the same code. */

#pragma once

#include "models/inputs.h"
#include "p2p.h"
#include "pictures/resize.h"

/* Hints at the working size. */
typedef struct
{
  int    width, height;
  float *rgb;     /* [height, width, 3] sRGB-encoded, in [0, 1]; meaningless where mask is 0 */
  float *mask;    /* [height, width] in [0, 1]; 0 where there is no hint */
} P2pHintMap;

/* Returns a map of zeros, which p2p_hint_map_free () frees.  The error of this and of all functions
 * here that return a map or planes is P2P_ERROR_MEMORY. */
P2pHintMap * p2p_hint_map_new    (int width, int height, GError **error);
void         p2p_hint_map_free   (P2pHintMap *map);

/* Reduces hints, which lie on a picture of picture_w × picture_h pixels, to a map of width × height
 * pixels, the working size.  Each pixel of the map gets the mean color of the hints in its area,
 * weighted by alpha.  Its mask is the largest alpha in that area, so that a thin stroke on a large
 * picture still counts.  Without hints (NULL) the map is empty. */
P2pHintMap * p2p_hint_map_reduce (const P2pHints *hints, int picture_w, int picture_h, int width,
                                  int height, P2pParallel *parallel, GError **error);

/* Whether any pixel of the map has a hint. */
gboolean     p2p_hint_map_any    (const P2pHintMap *map);

/* Makes those of the network's inputs that are planes of hints: [height, width, their channels], in
 * [0, 1].  picture gives the planes of the picture at the map's size; their lines or edges hold
 * back the colors that are spread.  The caller frees the planes.  parallel may be NULL; when it is
 * cancelled, the planes are garbage. */
P2pPlanes *  p2p_hint_planes     (const P2pInputs *inputs, const P2pSource *picture,
                                  const P2pHintMap *map, P2pParallel *parallel,
                                  GError **error);

/* The most bytes that map and planes take for a working size of width × height; 0 if inputs have no
 * planes of hints. */
guint64      p2p_hint_bytes      (const P2pInputs *inputs, int width, int height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pHintMap, p2p_hint_map_free)
