/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Scaling of interleaved float planes. */

#pragma once

#include "parallel.h"

typedef struct
{
  int    width, height, channels;
  float *values;    /* [height, width, channels] */
} P2pPlanes;

typedef enum
{
  P2P_NEAREST,    /* for labels: no colour that was not there */
  P2P_CUBIC,      /* Keys 1981, a = −1/2; widened when it reduces, so nothing aliases */
} P2pFilter;

P2pPlanes * p2p_planes_new  (int width, int height, int channels);
void        p2p_planes_free (P2pPlanes *planes);

/* The planes scaled to width × height; values stay in [0, 1]. */
P2pPlanes * p2p_resize      (const P2pPlanes *planes, int width, int height, P2pFilter filter,
                             P2pParallel *parallel);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pPlanes, p2p_planes_free)
