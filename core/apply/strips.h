/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A picture as a whole in less memory.  A U-Net's outer levels are local and take nearly all of its
 * memory: here they are computed in strips of rows, again for each that needs them, and only what
 * is inside is computed at once.  Each norm's statistics are added up over all strips before it is
 * used, so the result is the whole's, but for rounding. */

#pragma once

#include "models/model.h"

typedef struct
{
  int      w, h;      /* pixels, multiples of the side multiple */
  int      levels;    /* that are computed in strips; 0: nothing is planned */
  int      rows;      /* of the picture that a strip gives */
  int      height;    /* of a strip: beyond those what its edges falsify */
  guint64  bytes;     /* at most, with prepared weights */
  double   flops;
} P2pStrips;

/* Plans the cheapest strips for w × h pixels that take no more than some bytes, else those that
 * take least.  FALSE: the network has no such levels, or strips would be no smaller than the
 * whole. */
gboolean p2p_strips_choose (P2pModel *model, int w, int h, P2pModelMode mode, guint64 bytes,
                            P2pStrips *strips);

/* Those who run strips. */
typedef struct
{
  /* Fills a picture [1, height, w, c] with the rows from top on. */
  void     (* fill)    (P2pNode *picture, int top, gpointer data);
  gboolean (* forward) (P2pGraph *graph, gpointer data, GError **error);

  /* Takes rows [first, end) of the result from output, whose first is the picture's row top. */
  void     (* take)    (const P2pNode *output, int top, int first, int end, gpointer data);
  gpointer data;
  GCancellable *cancellable;    /* of forward, which then returns FALSE; NULL: it cannot be */
} P2pStripsUser;

gboolean p2p_strips_run    (P2pModel *model, const P2pStrips *strips, P2pModelMode mode,
                            const P2pStripsUser *user, GError **error);
