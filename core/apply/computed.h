/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The state of one apply.  apply.c composes the planes that the network sees and blends its result;
 * network.c runs the network. */

#pragma once

#include "compose.h"
#include "drawing.h"
#include "plan.h"

/* p2p_apply_compute () fills it; p2p_apply_blend () and p2p_apply_layers () read it.  options,
 * hints, input and progress are used only by p2p_apply_compute (). */
struct _P2pComputed
{
  P2pModel              *model;
  const P2pImage        *image;
  const P2pApplyOptions *options;      /* the caller's */
  GCancellable          *cancellable;  /* the running call's */
  P2pPlan                plan;

  P2pPalette            *palette;    /* pixels snap to its colors; NULL: they stay as they are */
  P2pCompose            *compose;
  P2pDrawing             drawing;    /* lies over the colors; only with P2P_LAYERING_UNDER */
  P2pResize             *reduced;    /* scales the planes to the working size; NULL: not needed */
  P2pSource              composed;   /* the picture's planes in [0, 1], at the picture's size */
  P2pSource              small;      /* the same planes at the working size */
  P2pPlanes             *hints;      /* the planes of hints at the working size; NULL: none */
  P2pSource              input;      /* what the network sees: small, then hints */
  P2pPlanes             *merged;     /* the network's result in [0, 1] at the working size.  With
                                      * P2P_LAYERING_UNDER lines are then taken out of it, and
                                      * it may be enlarged to the picture's size */

  P2pProgress            progress;
  gpointer               data;
  double                 total, done, running;   /* FLOPs of the whole apply, of the finished
                                              * graphs, of the running graph */
};

/* Runs func for rows 0 … n_rows − 1 in parallel.  Skips the rest once the apply is cancelled. */
void        p2p_computed_for_rows    (P2pComputed *run, int n_rows, P2pChunkFunc func,
                                      gpointer data);

/* Runs the network on run->input as run->plan says: on the whole, in strips or in tiles.
 * run->merged gets the result.
 * Errors: those of p2p_model_batch (); P2P_ERROR_MEMORY; G_IO_ERROR_CANCELLED. */
gboolean    p2p_computed_run_network (P2pComputed *run, GError **error);

/* Runs the network on planes that are already composed and are not scaled.  seen holds the values
 * in [0, 1] of all planes that the network sees.  As in an apply, the planes are mirrored at the
 * right and the bottom up to a size that the network takes, and strips or tiles are used where
 * memory is short.  Returns the network's result in [0, 1], of the same size; the caller frees it.
 * Errors: those of p2p_plan_make () and p2p_computed_run_network (). */
P2pPlanes * p2p_apply_planes         (P2pModel *model, const P2pPlanes *seen,
                                      GCancellable *cancellable, GError **error);
