/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Runs a U-Net on a whole picture in less memory.  The outer levels of a U-Net are local and take
 * nearly all of its memory.  Here they are computed in strips, which are parts of the picture of
 * some rows and its whole width; only the inner levels are computed at once.  Before a norm of an
 * outer level is used, its statistics are added up over all strips, so the result is that of the
 * whole picture except for rounding.  The price is time: the outer levels are computed again for
 * each norm.  strips.c has a drawing. */

#pragma once

#include "models/model.h"

/* A plan, which p2p_strips_choose () fills. */
typedef struct
{
  int      w, h;      /* pixels of the picture, mirrored up to sides that the network takes */
  int      levels;    /* number of outer levels that are computed in strips; 0: no strips */
  int      rows;      /* rows of the result that one strip gives */
  int      height;    /* rows of the picture that one strip sees: rows and a halo on both sides */
  guint64  bytes;     /* the most that the graphs take, with prepared weights */
  double   flops;     /* of all strips and the inside together */
} P2pStrips;

/* Plans the fastest strips for a picture of w × h pixels whose graphs take no more than bytes.  If
 * there are none, plans the strips that take the least memory, so the caller must look at
 * strips->bytes.  Returns FALSE if the network has no levels for strips (P2pNetLevels), or if even
 * the strips with the fewest rows would see every row of the picture. */
gboolean p2p_strips_choose (P2pModel *model, int w, int h, P2pModelMode mode, guint64 bytes,
                            P2pStrips *strips);

/* The callbacks of p2p_strips_run (), called on its thread. */
typedef struct
{
  /* Fills picture->x [1, height, w, c] with the rows of the picture from top on, in [−1, 1]. */
  void     (* fill)    (P2pNode *picture, int top, gpointer data);

  /* Runs a graph whose inputs are filled. */
  gboolean (* forward) (P2pGraph *graph, gpointer data, GError **error);

  /* Takes rows [first, end) of the result out of output, whose row 0 is the picture's row top. */
  void     (* take)    (const P2pNode *output, int top, int first, int end, gpointer data);
  gpointer data;

  /* Once it is cancelled, copying of rows is skipped, and forward must fail.  May be NULL. */
  GCancellable *cancellable;
} P2pStripsUser;

/* Computes the result strip by strip and hands it to user->take () from top to bottom.  strips is a
 * plan of p2p_strips_choose () for the same model and mode.  Frees the graph that the model keeps.
 * Errors: P2P_ERROR_MEMORY; those of user->forward (). */
gboolean p2p_strips_run    (P2pModel *model, const P2pStrips *strips, P2pModelMode mode,
                            const P2pStripsUser *user, GError **error);
