/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The layers: one builder each, one file each in ops/.  A builder takes its scope (when it has
 * weights, statistics or noise of its own) and its inputs, and returns the new node; NULL flows
 * through.  To add an op: write its file, declare its builder here, add its case to
 * tests/test-ops.c. */

#pragma once

#include "graph/graph.h"

/* x [n,h,w,c] → [n, (h+2p−k)/s+1, (w+2p−k)/s+1, out]; weight [out,c,k,k], bias [out]. */
P2pNode * p2p_conv           (P2pAt at, P2pNode *x, int out, int k, int s, int p, gboolean bias);

/* x [n,h,w,c] → [n, (h−1)s−2p+k+extra, …, out]; weight [c,out,k,k], bias [out]; extra is PyTorch's
 * output_padding. */
P2pNode * p2p_conv_transpose (P2pAt at, P2pNode *x, int out, int k, int s, int p, int extra,
                              gboolean bias);

/* x [n,h,w,c], doubled, and a k×k convolution with zeros around it (Odena et al. 2016) →
 * [n, 2h, 2w, out]; weight [out,c,k,k], bias [out].  k 3: doubled by nearest neighbor; k 2: by
 * linear interpolation.  It is computed as a transposed convolution (resize-weight.c). */
P2pNode * p2p_conv_resize    (P2pAt at, P2pNode *x, int out, int k, gboolean bias);

/* The weight of that transposed convolution: [out,c,k,k], a parameter → [c,out,4,4]. */
P2pNode * p2p_resize_weight  (P2pAt at, P2pNode *weight);

typedef enum
{
  P2P_NORM_NONE,
  P2P_NORM_BATCH,       /* weight, bias, running_mean, running_var [c] */
  P2P_NORM_INSTANCE,    /* no tensors */
} P2pNormKind;

/* (x − mean) / sqrt (variance + 1e-5), and batch norm's affine part; NONE returns x. */
P2pNode * p2p_norm       (P2pAt at, P2pNode *x, P2pNormKind kind);

P2pNode * p2p_relu       (P2pNode *x);
P2pNode * p2p_leaky_relu (P2pNode *x, double slope);
P2pNode * p2p_tanh       (P2pNode *x);

/* a [n,h,w,ca], b [n,h,w,cb] → [n,h,w,ca+cb]. */
P2pNode * p2p_concat     (P2pNode *a, P2pNode *b);

/* a, b [n,h,w,c] → a + b. */
P2pNode * p2p_add        (P2pNode *a, P2pNode *b);

/* x [n,h,w,c] → [n, h+2p, w+2p, c], mirrored at its edges without repeating them, and again where
 * it is smaller than the padding; one pixel is repeated. */
P2pNode * p2p_pad_reflect (P2pNode *x, int p);

/* Zeroes each element with probability rate and scales the rest by 1/(1 − rate), by the forward's
 * seed; returns x when the graph's dropout is off. */
P2pNode * p2p_dropout    (P2pAt at, P2pNode *x, double rate);

/* Losses, all [1,1,1,1].  Mean |a − b| and mean (a − b)² of a, b [n,h,w,c]; b is given and has no
 * gradient. */
P2pNode * p2p_loss_l1       (P2pNode *a, P2pNode *b);
P2pNode * p2p_loss_l2       (P2pNode *a, P2pNode *b);

/* Of a discriminator's x [n,h,w,c]: the mean of log (1 + eˣ) − target · x, the binary cross entropy
 * of logits; of (x − target)²; of max (0, 1 − target · x) and of −target · x, target ±1. */
P2pNode * p2p_loss_bce      (P2pNode *x, double target);
P2pNode * p2p_loss_mse      (P2pNode *x, double target);
P2pNode * p2p_loss_hinge    (P2pNode *x, double target);
P2pNode * p2p_loss_linear   (P2pNode *x, double target);
