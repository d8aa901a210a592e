/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* An apply from inside: apply.c composes what the network sees and blends what it gives,
 * network.c runs it. */

#pragma once

#include "compose.h"
#include "drawing.h"
#include "plan.h"

/* What is computed, and while it is. */
struct _P2pComputed
{
  P2pModel              *model;
  const P2pImage        *image;
  const P2pApplyOptions *options;      /* the caller's, while the network runs */
  GCancellable          *cancellable;  /* of the call that runs */
  P2pPlan                plan;

  P2pPalette            *palette;    /* NULL: labels are not snapped */
  P2pCompose            *compose;
  P2pDrawing             drawing;    /* what lies over the colors, of models whose result does */
  P2pResize             *reduced;    /* the composed planes at the working size; NULL: they are */
  P2pSource              composed;   /* the picture's planes in [0, 1], of the picture's size */
  P2pSource              small;      /* the same of the working size */
  P2pPlanes             *hints;      /* the planes of hints; NULL: the network sees none */
  P2pSource              input;      /* all of them, of the working size: what the network sees */
  P2pPlanes             *merged;     /* what the network gives, in [0, 1], of the working size;
                                      * in the end, flats are without lines and enlarged */

  P2pProgress            progress;
  gpointer               data;
  double                 total, done, running;   /* FLOPs: of all, before this graph, of it */
};

/* Runs a loop over pixels, until the apply is cancelled. */
void        p2p_computed_for_rows    (P2pComputed *run, int n_rows, P2pChunkFunc func,
                                      gpointer data);

/* Runs the network on run->input as run->plan says: whole, in strips or in tiles.  run->merged gets
 * what it gives.
 * Errors: those of p2p_model_batch (); G_IO_ERROR_CANCELLED. */
gboolean    p2p_computed_run_network (P2pComputed *run, GError **error);

/* What the network gives, in [0, 1] (newly allocated), for planes in [0, 1] that it is to see at
 * their own size, which is run as in an apply: mirrored at the edges up to what the network takes,
 * and in strips or tiles where memory is short.
 * Errors: P2P_ERROR_MEMORY; G_IO_ERROR_CANCELLED. */
P2pPlanes * p2p_apply_planes         (P2pModel *model, const P2pPlanes *seen,
                                      GCancellable *cancellable, GError **error);
