/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The image pool (Shrivastava et al.: Learning from Simulated and Unsupervised Images through
 * Adversarial Training, CVPR 2017).  It keeps earlier pictures of a generator, so that the
 * discriminator sees those too and does not forget what it has learned from them.
 *
 * A pool is a P2pParams with one state of shape [size,h,w,c], so that checkpoints keep it like a
 * network.  How many pictures it holds follows from the number of pictures that went in. */

#pragma once

#include "graph/params.h"

/* Makes an empty pool for pictures [h,w,c].
 * Errors: P2P_ERROR_MEMORY. */
P2pParams * p2p_pool_new      (int size, int h, int w, int c, GError **error);

/* Puts a picture [h,w,c] into the pool, and sets shown [h,w,c] to the picture that the
 * discriminator is to see.  While the pool is not full, this is the new picture.  Later it is, with
 * a probability of one half, the new picture, which is then not kept; otherwise a random picture
 * of the pool, whose place the new one takes.
 * before: the number of pictures that went in before this one.  seed, stream: all random choices
 * follow from these and from before. */
void        p2p_pool_exchange (P2pParams *pool, guint64 before, guint64 seed, guint64 stream,
                               const p2p_real *picture, p2p_real *shown);
