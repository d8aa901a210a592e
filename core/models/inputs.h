/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What a network sees and gives, under the names that cards use.  A network sees a list of named
 * planes.  Some are made from the picture, the others from a second picture: an artist's hints of
 * color. */

#pragma once

#include "p2p.h"

typedef enum
{
  P2P_PLANE_RGB,           /* colors; transparent pixels take those of opaque neighbors */
  P2P_PLANE_RGBA,          /* the same, and alpha */
  P2P_PLANE_GRAY,          /* the picture's luma */
  P2P_PLANE_LABELS,        /* flat colors: scaled by nearest neighbor, white where transparent */
  P2P_PLANE_LAB_L,         /* lightness of CIE Lab (color.h) */
  P2P_PLANE_LINES,         /* dark lines on white paper (line-art.h) */
  P2P_PLANE_HINT_RGB,      /* color of the hints, gray where there is no hint */
  P2P_PLANE_HINT_AB,       /* a and b of the hints in CIE Lab */
  P2P_PLANE_HINT_MASK,     /* alpha of the hints */
  P2P_PLANE_SPREAD_RGB,    /* color of the hints, spread along the drawing (spread.h) */
  P2P_PLANE_SPREAD_AB,     /* a and b of the spread color */
  P2P_PLANE_SPREAD_REACH,  /* how far to trust the spread color at each pixel */
  P2P_N_PLANES,
} P2pPlaneKind;

typedef struct
{
  const char *name;
  int         channels;
  gboolean    hint;        /* made from the hints, not from the picture */
} P2pPlane;

/* Indexed by P2pPlaneKind. */
extern const P2pPlane p2p_plane_kinds[P2P_N_PLANES];

/* A list of planes in the order of the network's input channels.  Each kind occurs once at most,
 * and the planes of hints come last. */
typedef struct
{
  int          n;
  P2pPlaneKind kinds[P2P_N_PLANES];
} P2pInputs;

/* A list of a single plane. */
P2pInputs p2p_inputs_one      (P2pPlaneKind kind);

/* Reads names separated by commas, such as "lines,hint-rgb,hint-mask".  Returns FALSE if a name is
 * unknown (*unknown is then that name, newly allocated), or if the list makes no sense (*unknown is
 * then NULL): a plane occurs twice, a plane of the picture follows one of hints, the picture has no
 * plane, or hints are given both as RGB and as a and b. */
gboolean  p2p_inputs_parse    (const char *text, P2pInputs *inputs, char **unknown);

/* Returns the names (newly allocated) as p2p_inputs_parse () reads them. */
char *    p2p_inputs_to_text  (const P2pInputs *inputs);

/* Whether the list has a plane of this kind. */
gboolean  p2p_inputs_have     (const P2pInputs *inputs, P2pPlaneKind kind);

gboolean  p2p_inputs_equal    (const P2pInputs *a, const P2pInputs *b);

/* The first channel of a plane in the network's input, or −1 if the list does not have it. */
int       p2p_inputs_offset   (const P2pInputs *inputs, P2pPlaneKind kind);

/* The number of channels of all planes, and of those made from the picture. */
int       p2p_inputs_channels (const P2pInputs *inputs);
int       p2p_inputs_of_image (const P2pInputs *inputs);

/* Whether the list has planes of hints. */
gboolean  p2p_inputs_take_hints (const P2pInputs *inputs);

typedef enum
{
  P2P_OUTPUT_RGB,
  P2P_OUTPUT_GRAY,
  P2P_OUTPUT_LAB_AB,  /* a and b of CIE Lab, divided by 110; the result keeps the picture's
                       * lightness */
  P2P_OUTPUT_RGBA,
  P2P_N_OUTPUTS,
} P2pOutput;

/* Indexed by P2pOutput; hint is always FALSE. */
extern const P2pPlane p2p_outputs[P2P_N_OUTPUTS];

/* Whether a guided filter enlarges the output along the edges in the picture's only channel.
 * Outputs of a and b follow the edges of the lightness.  Outputs made from line art follow the
 * lines, unless the result lies below the drawing (P2P_LAYERING_UNDER). */
gboolean  p2p_inputs_guide (const P2pInputs *inputs, P2pOutput output);

/* How the result can lie on layers with the picture: RGB made from lines below the drawing, a and b
 * as hue and chroma. */
P2pLayering p2p_inputs_layering (const P2pInputs *inputs, P2pOutput output);

/* The plane to read from a target picture for this output: the plane of the same name.  No plane is
 * named lab-ab, so that output gives rgb. */
P2pInputs p2p_inputs_of_output (P2pOutput output);
