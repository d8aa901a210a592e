/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Makes hints as an artist would give them, from the true picture, for training and evaluation.
 * All random choices follow from a seed and a stream. */

#pragma once

#include "apply/hints.h"

/* A true picture and its lines (neither is owned). */
typedef struct
{
  int          w, h;     /* pixels */
  const float *rgb;      /* [h, w, 3] in [0, 1] */
  const float *lines;    /* [h, w], 1 is paper; NULL: no line stops a color */
} P2pTruth;

/* Whether a sample of a training gets hints.  Two thirds of the samples do. */
gboolean p2p_wants_hints (guint64 seed, guint64 stream);

/* Adds random hints for training to map, which has the picture's size: dots, curved strokes and
 * patches.  No hint crosses a line.  Its color is the mean of the true colors under it, slightly
 * changed.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_make_hints  (const P2pTruth *truth, guint64 seed, guint64 stream, P2pHintMap *map,
                          GError **error);

/* Adds n dots for an evaluation to map.  A dot has 5 × 5 pixels if the picture's longer side has
 * 256, and proportionally more if it is longer.  All pixels of a dot have a true chroma over 8.  If
 * some tries find no such place, the dot may lie anywhere but on lines.  places [n] gets the dots'
 * centers, as y · w + x.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_make_dots   (const P2pTruth *truth, guint n, guint64 seed, guint64 stream,
                          P2pHintMap *map, gsize *places, GError **error);
