/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What a network sees and gives, by the names that cards use.  A network sees a list of named
 * planes: some are made of the picture, the others of a second picture, an artist's hints of
 * colour. */

#pragma once

#include "p2p.h"

typedef enum
{
  P2P_PLANE_RGB,           /* colours; extended from opaque neighbours under transparency */
  P2P_PLANE_RGBA,          /* the same, and alpha */
  P2P_PLANE_GRAY,          /* the picture's luma */
  P2P_PLANE_LABELS,        /* flat colours: scaled by nearest neighbour, white under transparency */
  P2P_PLANE_LAB_L,         /* CIE Lab's lightness (color.h) */
  P2P_PLANE_LINES,         /* dark lines on white paper (line-art.h) */
  P2P_PLANE_HINT_RGB,      /* hints: their colour, gray where there is none */
  P2P_PLANE_HINT_AB,       /* their a and b of CIE Lab */
  P2P_PLANE_HINT_MASK,     /* where they are */
  P2P_PLANE_SPREAD_RGB,    /* their colours spread along the drawing (spread.h) */
  P2P_PLANE_SPREAD_AB,
  P2P_PLANE_SPREAD_REACH,  /* how far to believe that */
  P2P_N_PLANES,
} P2pPlaneKind;

typedef struct
{
  const char *name;
  int         channels;
  gboolean    hint;        /* made of the hints, not of the picture */
} P2pPlane;

/* By P2pPlaneKind. */
extern const P2pPlane p2p_plane_kinds[P2P_N_PLANES];

/* A list of planes, no kind twice, those of hints last. */
typedef struct
{
  int          n;
  P2pPlaneKind kinds[P2P_N_PLANES];
} P2pInputs;

/* A list of one. */
P2pInputs p2p_inputs_one      (P2pPlaneKind kind);

/* Reads names that commas separate, such as "lines,hint-rgb,hint-mask".  FALSE: a name is not known
 * (then it goes, newly allocated, to *unknown), or the list makes no sense (*unknown is NULL). */
gboolean  p2p_inputs_parse    (const char *text, P2pInputs *inputs, char **unknown);

/* The names, as above (newly allocated). */
char *    p2p_inputs_to_text  (const P2pInputs *inputs);

/* Whether a kind is among them. */
gboolean  p2p_inputs_have     (const P2pInputs *inputs, P2pPlaneKind kind);

gboolean  p2p_inputs_equal    (const P2pInputs *a, const P2pInputs *b);

/* The channel at which a kind begins; −1: it is not among them. */
int       p2p_inputs_offset   (const P2pInputs *inputs, P2pPlaneKind kind);

/* Channels of all of them; of those that are made of the picture. */
int       p2p_inputs_channels (const P2pInputs *inputs);
int       p2p_inputs_of_image (const P2pInputs *inputs);

/* Whether there are planes of hints. */
gboolean  p2p_inputs_take_hints (const P2pInputs *inputs);

typedef enum
{
  P2P_OUTPUT_RGB,
  P2P_OUTPUT_GRAY,
  P2P_OUTPUT_LAB_AB,  /* CIE Lab's a and b by 110: the lightness stays the picture's */
  P2P_OUTPUT_RGBA,
  P2P_N_OUTPUTS,
} P2pOutput;

/* By P2pOutput; hint is FALSE. */
extern const P2pPlane p2p_outputs[P2P_N_OUTPUTS];

/* Whether an output is scaled up along the picture's own edges, which its one plane shows: colors
 * alone along the lightness, lines that stay part of the result along the drawing's. */
gboolean  p2p_inputs_guide (const P2pInputs *inputs, P2pOutput output);

/* How the result lies on layers with the picture: colors that are made of lines below them, colors
 * alone (Lab) as hue and chroma. */
P2pLayering p2p_inputs_layering (const P2pInputs *inputs, P2pOutput output);

/* What an output is compared with in training: the plane of its name, or rgb for colors alone. */
P2pInputs p2p_inputs_of_output (P2pOutput output);
