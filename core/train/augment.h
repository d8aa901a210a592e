/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Changes at random of what the discriminator sees, through which the gradient goes back to the
 * generator (Zhao, Liu, Lin, Zhu, Han: Differentiable Augmentation for Data-Efficient GAN Training,
 * NeurIPS 2020): colors, a shift by up to an eighth of a side, and a hole of half a side; 0, mid
 * gray, is beyond the edge and in the hole. */

#pragma once

#include "base/real.h"

#include <glib.h>

/* Some pictures of a step, from the first on; each has a draw of its own by the seed, the step and
 * its place among the step's pictures. */
typedef struct
{
  guint64 seed, step;
  guint   first;
  int     n, h, w;
} P2pAugmented;

/* x [n,h,w,c] → to, which is another place.  colors: x is RGB or gray, alpha after it or not, and
 * its colors change, too. */
void p2p_augment          (const P2pAugmented *pictures, const p2p_real *x, int c, gboolean colors,
                           p2p_real *to);

/* The gradient of to → that of x. */
void p2p_augment_backward (const P2pAugmented *pictures, const p2p_real *dto, int c,
                           gboolean colors, p2p_real *dx);
