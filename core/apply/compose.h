/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Composes the planes that a network sees of a picture.  hints.h makes the planes of hints. */

#pragma once

#include "labels.h"
#include "models/inputs.h"
#include "p2p.h"
#include "pictures/line-art.h"
#include "pictures/resize.h"

/* What becomes planes, and how.  The caller fills it.  Everything that it points to must live as
 * long as the P2pCompose. */
typedef struct
{
  const P2pInputs  *inputs;
  const P2pImage   *image;
  const P2pPalette *palette;      /* pixels snap to its nearest color; NULL: they stay */
  gboolean          keep_paper;   /* line art is not cleaned: its paper keeps its tone */
  float             line_strength;  /* factor on the darkness of line art; 1: as drawn */
} P2pComposition;

typedef struct _P2pCompose P2pCompose;

/* Prepares the planes of the picture that composition->inputs lists, at the picture's size.
 * Transparent pixels are filled as each P2pPlaneKind asks.  When parallel is cancelled, the planes
 * are garbage.  Free the result with p2p_compose_free ().
 * Errors: P2P_ERROR_MEMORY. */
P2pCompose * p2p_compose_new    (const P2pComposition *composition, P2pParallel *parallel,
                                 GError **error);
void         p2p_compose_free   (P2pCompose *compose);

/* Returns the planes as a source with values in [0, 1].  Its number of channels is what
 * p2p_inputs_of_image () returns.  The source reads from compose, which must outlive it. */
P2pSource    p2p_compose_source (const P2pCompose *compose);

/* The line art that the plane of lines is made of, without the factor line_strength.  It belongs to
 * compose.  NULL when the network sees no lines. */
const P2pLineArt * p2p_compose_line_art (const P2pCompose *compose);

/* The filter that scales all planes. */
P2pFilter    p2p_compose_filter (const P2pComposition *composition);

/* The most bytes that composing a picture of width × height pixels takes.  alpha: the picture has
 * an alpha channel. */
guint64      p2p_compose_bytes  (const P2pInputs *inputs, int width, int height, gboolean alpha);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pCompose, p2p_compose_free)
