/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Turns the pictures of an entry into the values that a network sees and should produce. */

#pragma once

#include "base/real.h"
#include "options.h"
#include "p2p.h"
#include "recolor.h"

/* What the pictures of a data set are for a network. */
typedef struct
{
  P2pDataMode mode;
  gboolean    b_to_a;     /* B of the folder is the input, and A the target */
  P2pInputs   inputs;     /* planes of the network's input */
  P2pOutput   output;     /* planes of its output and of the target */
  const char *lines;      /* with sketch: folder of drawn lines; NULL: lines are made */
} P2pDataKind;

/* A view, which says what part of an entry's pictures a network sees.  They are scaled to load_w ×
 * load_h pixels, then w × h pixels are cropped at x, y, and with flip mirrored; input and target
 * alike.  Lines and hints that are made follow from seed and stream.  crop.h makes views;
 * evaluate.c adds what dots need. */
typedef struct
{
  int           load_w, load_h, w, h, x, y;
  gboolean      flip;
  guint64       seed, stream;
  gboolean      train;    /* TRUE: random hints, and colors changed with them; FALSE: n_dots dots */
  guint         n_dots;
  gsize        *places;   /* gets the dots' centers, [n_dots]; NULL: not wanted */
  P2pColorShift shift;    /* change of the input's colors, its first three channels */
} P2pView;

/* Whether pictures of this kind can be read: whether the mode makes what the network needs.
 * Errors: P2P_ERROR_OPTION says which networks the mode is for, or which mode the network needs. */
gboolean p2p_data_kind_check (const P2pDataKind *kind, GError **error);

/* Makes a and b from an entry's pictures, as p2p_dataset_read () promises.  image is the file with
 * the input, target the file with the target.  They are the same picture if one file has both, and
 * with P2P_DATA_SKETCH if lines are made.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_sample_read (const P2pDataKind *kind, const P2pImage *image, const P2pImage *target,
                          const P2pView *view, p2p_real *a, p2p_real *b, GError **error);
