/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Interleaved float planes, the sources that pixels are read from, and scaling.
 *
 * Whole pictures of floats are large, so pixels are computed where they are wanted: a source is
 * asked for a part of a row, and may ask another source for it. */

#pragma once

#include "base/parallel.h"

typedef struct
{
  int    width, height, channels;
  float *values;    /* [height, width, channels] */
} P2pPlanes;

/* Planes of zeros.  Errors: P2P_ERROR_MEMORY, as of all that gives planes. */
P2pPlanes * p2p_planes_new  (int width, int height, int channels, GError **error);
void        p2p_planes_free (P2pPlanes *planes);

typedef struct
{
  int width, height, channels;

  /* Gives n pixels of row y from column x on, [n, channels]; from any thread. */
  void (* read) (gconstpointer data, int y, int x, int n, float *to);
  gconstpointer data;
} P2pSource;

/* Who reads pixels does so in pieces of at most this many floats, which have their place on the
 * stack: so no memory is needed that may not be there. */
#define P2P_PIECE 1024

/* How many of n pixels are read at a time. */
static inline int
p2p_piece (int n,
           int channels)
{
  return MIN (n, P2P_PIECE / channels);
}

/* The planes as a source; they must live as long. */
P2pSource   p2p_planes_source (const P2pPlanes *planes);

typedef enum
{
  P2P_NEAREST,    /* for labels: no colour that was not there */
  P2P_CUBIC,      /* Keys 1981, a = −1/2; widened when it reduces, so nothing aliases */
} P2pFilter;

typedef struct _P2pResize P2pResize;

/* Scales a source to width × height.  Columns are scaled at once, into planes of width × the
 * source's height; rows when they are read.  Cubic values may overshoot those of the source.
 * Errors: P2P_ERROR_MEMORY. */
P2pResize * p2p_resize_new    (const P2pSource *from, int width, int height, P2pFilter filter,
                               P2pParallel *parallel, GError **error);
void        p2p_resize_free   (P2pResize *resize);

/* The scaled pixels; resize must live as long. */
P2pSource   p2p_resize_source (const P2pResize *resize);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pPlanes, p2p_planes_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pResize, p2p_resize_free)
