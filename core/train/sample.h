/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* From an entry's pictures to the values of a network. */

#pragma once

#include "base/real.h"
#include "options.h"
#include "p2p.h"
#include "recolor.h"

/* What pictures are for a network. */
typedef struct
{
  P2pDataMode mode;
  gboolean    b_to_a;
  P2pInputs   inputs;     /* what A is for the network */
  P2pOutput   output;     /* and B */
  const char *lines;      /* of sketches: the folder with the drawn lines; NULL: lines are made */
} P2pDataKind;

/* Which part of a picture is seen: all of it is scaled to load_w × load_h pixels, then w × h are
 * cut out at x, y, then mirrored; A and B alike.  Lines and hints, where they are made, follow from
 * seed and stream.  crop.h makes views. */
typedef struct
{
  int           load_w, load_h, w, h, x, y;
  gboolean      flip;
  guint64       seed, stream;
  gboolean      train;    /* hints as in training, colors changed with them; else n_dots dots */
  guint         n_dots;
  gsize        *places;   /* gets the pixels of the dots' centers; NULL: not wanted */
  P2pColorShift shift;    /* of A's colors, which are its first three channels */
} P2pView;

/* Whether pairs of this kind can be made: what the network sees and gives is what the mode has.
 * Errors: P2P_ERROR_OPTION says which mode is for such a network, or what the mode has not. */
gboolean p2p_data_kind_check (const P2pDataKind *kind, GError **error);

/* Makes a and b of a pair of pictures as p2p_dataset_read () promises; P2P_DATA_PICTURES has no b,
 * which stays as it is.  image and target are one where the mode has both in one, and of a sketch
 * whose lines are made.
 * Errors: P2P_ERROR_MEMORY. */
gboolean p2p_sample_read (const P2pDataKind *kind, const P2pImage *image, const P2pImage *target,
                          const P2pView *view, p2p_real *a, p2p_real *b, GError **error);
