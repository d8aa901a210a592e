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

/* How a picture is changed.  What D sees of one pair has one draw, fake and real. */
typedef struct
{
  p2p_real brightness, saturation, contrast;   /* what is added; two factors */
  int      dx, dy;                             /* where pixels come from, relative to their place */
  int      left, top, right, bottom;           /* the hole; right and bottom lie outside */
} P2pAugment;

/* What is drawn for a picture of h × w pixels, by its place in the step's batch. */
P2pAugment p2p_augment_draw     (guint64 seed, guint64 step, guint picture, int h, int w);

/* x [h,w,c] → to, which is another place.  colors: x is RGB or gray, alpha after it or not, and its
 * colors change, too. */
void       p2p_augment          (const P2pAugment *augment, const p2p_real *x, int h, int w, int c,
                                 gboolean colors, p2p_real *to);

/* The gradient of to → that of x. */
void       p2p_augment_backward (const P2pAugment *augment, const p2p_real *dto, int h, int w,
                                 int c, gboolean colors, p2p_real *dx);
