/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Random changes of the pictures that the discriminator sees (Zhao, Liu, Lin, Zhu, Han:
 * Differentiable Augmentation for Data-Efficient GAN Training, NeurIPS 2020).  The colors change,
 * the picture is shifted by up to an eighth of its sides, and it gets a hole half as wide and high
 * as itself.  Pixels in the hole, and those that a shift brings in from outside, are 0, which is
 * mid gray.  The changes are differentiable, so the generator's gradient goes back through them. */

#pragma once

#include "base/real.h"

#include <glib.h>

/* n pictures of a training step.  Each is changed in its own way, which follows from the seed, the
 * step and the picture's number among all pictures of the step. */
typedef struct
{
  guint64 seed, step;
  guint   first;      /* number of the first of these pictures */
  int     n, h, w;
} P2pAugmented;

/* Writes the changed pictures x [n,h,w,c] to another buffer of the same shape.
 * colors TRUE: x is RGB or gray, with or without alpha, and its colors change too; FALSE: x only
 * gets the shift and the hole. */
void p2p_augment          (const P2pAugmented *pictures, const p2p_real *x, int c, gboolean colors,
                           p2p_real *to);

/* Turns the gradient with respect to p2p_augment ()'s result, dto, into the gradient with respect
 * to its x, dx: both [n,h,w,c], in different buffers. */
void p2p_augment_backward (const P2pAugmented *pictures, const p2p_real *dto, int c,
                           gboolean colors, p2p_real *dx);
