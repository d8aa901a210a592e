/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Interleaved float planes, sources of pixels, and scaling.
 *
 * Whole pictures of floats are large, so most pixels are computed only when they are needed.  A
 * source computes a part of a row on demand, and may read from another source to do so. */

#pragma once

#include "base/parallel.h"

typedef struct
{
  int    width, height, channels;
  float *values;    /* [height, width, channels] */
} P2pPlanes;

/* Returns planes of zeros, which p2p_planes_free () frees.  Errors: P2P_ERROR_MEMORY. */
P2pPlanes * p2p_planes_new  (int width, int height, int channels, GError **error);
void        p2p_planes_free (P2pPlanes *planes);

/* A source of pixels, passed by value.  It owns nothing; data must live as long as it is read. */
typedef struct
{
  int width, height, channels;

  /* Reads n pixels of row y, from column x on, into to [n, channels].  May be called from any
   * thread. */
  void (* read) (gconstpointer data, int y, int x, int n, float *to);
  gconstpointer data;
} P2pSource;

/* Code that reads pixels does so in pieces of at most this many floats.  A piece fits on the stack,
 * so no memory has to be allocated, which might fail. */
#define P2P_PIECE 1024

/* Returns how many of n pixels fit into a piece. */
static inline int
p2p_piece (int n,
           int channels)
{
  return MIN (n, P2P_PIECE / channels);
}

/* Returns planes as a source; they must live as long. */
P2pSource   p2p_planes_source (const P2pPlanes *planes);

typedef enum
{
  P2P_NEAREST,    /* nearest neighbor, for labels: makes no new colors */
  P2P_CUBIC,      /* Keys 1981, a = −1/2; wider when it reduces, against aliasing */
} P2pFilter;

typedef struct _P2pResize P2pResize;

/* Scales from to width × height pixels.  This call scales the width and keeps planes of width × the
 * source's height; the height is scaled when pixels are read.  from is not used after this call.
 * With P2P_CUBIC values may overshoot those of the source.  p2p_resize_free () frees the result.
 * When parallel is cancelled, its pixels are garbage.
 * Errors: P2P_ERROR_MEMORY. */
P2pResize * p2p_resize_new    (const P2pSource *from, int width, int height, P2pFilter filter,
                               P2pParallel *parallel, GError **error);
void        p2p_resize_free   (P2pResize *resize);

/* Returns the scaled pixels as a source; resize must live as long. */
P2pSource   p2p_resize_source (const P2pResize *resize);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pPlanes, p2p_planes_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pResize, p2p_resize_free)
