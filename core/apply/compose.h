/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* From a picture to the planes that a network sees of it; hints.h makes those of the hints. */

#pragma once

#include "labels.h"
#include "models/inputs.h"
#include "p2p.h"
#include "pictures/line-art.h"
#include "pictures/resize.h"

/* What becomes planes, and how.  All of it must live as long as the P2pCompose. */
typedef struct
{
  const P2pInputs  *inputs;
  const P2pImage   *image;
  const P2pPalette *palette;      /* each pixel becomes its nearest color there; NULL: it stays */
  gboolean          keep_paper;   /* line art as it is: its paper is not made white */
  float             line_strength;  /* factor on the lines' darkness; 1: as they are drawn */
} P2pComposition;

typedef struct _P2pCompose P2pCompose;

/* The planes, in [0, 1], that inputs name of the picture, of the picture's size; what transparency
 * hides is filled in as each kind of plane asks (P2pPlaneKind).
 * Errors: P2P_ERROR_MEMORY. */
P2pCompose * p2p_compose_new    (const P2pComposition *composition, P2pParallel *parallel,
                                 GError **error);
void         p2p_compose_free   (P2pCompose *compose);

/* The planes, p2p_inputs_of_image () channels. */
P2pSource    p2p_compose_source (const P2pCompose *compose);

/* The line art that the plane of lines is made of, at the strength at which it is drawn; NULL when
 * there is no such plane. */
const P2pLineArt * p2p_compose_line_art (const P2pCompose *compose);

/* How they are scaled. */
P2pFilter    p2p_compose_filter (const P2pComposition *composition);

/* Bytes that composing a picture of this size takes, at most. */
guint64      p2p_compose_bytes  (const P2pInputs *inputs, int width, int height, gboolean alpha);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pCompose, p2p_compose_free)
