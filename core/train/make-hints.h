/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Hints such as an artist would give, made from the true picture while training and evaluating.
 * All chance follows from a seed and a stream. */

#pragma once

#include "apply/hints.h"

/* A true picture with the lines in it; both must live as long. */
typedef struct
{
  int          w, h;     /* pixels */
  const float *rgb;      /* [h, w, 3] in [0, 1] */
  const float *lines;    /* [h, w], 1 is paper; NULL: no line stops a color */
} P2pTruth;

/* Whether a sample gets hints: two thirds of them do. */
gboolean p2p_wants_hints (guint64 seed, guint64 stream);

/* Makes hints for training: dots, strokes along curves and patches.  The color of each is the mean
 * under it, never across a line, slightly changed.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_make_hints  (const P2pTruth *truth, guint64 seed, guint64 stream, P2pHintMap *map,
                          GError **error);

/* Makes n dots for an evaluation, 5 × 5 pixels where the longer side has 256, all on pixels whose
 * true chroma is over 8, or, if some tries find no such place, anywhere but on lines.  places [n]
 * gets the pixels of their centers.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_make_dots   (const P2pTruth *truth, guint n, guint64 seed, guint64 stream,
                          P2pHintMap *map, gsize *places, GError **error);
