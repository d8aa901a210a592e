/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The layers of a network.  Each layer is an op with a builder function, in its own file in ops/.
 * A builder appends a node to the graph of its inputs and returns it; the graph owns the node.
 * When an input is NULL or its shape does not fit, the builder returns NULL, and the graph reports
 * the error when it is planned (graph.h).  at, where there is one, is the scope that names the
 * layer's weights, statistics or noise.
 *
 * To add an op, write its file, declare its builder here and add a case to tests/test-ops.c. */

#pragma once

#include "graph/graph.h"

/* Convolution with a k×k kernel, stride s and zero padding p; k is at most 7.
 * x [n,h,w,c] → [n, (h+2p−k)/s+1, (w+2p−k)/s+1, out]; weight [out,c,k,k], bias [out]. */
P2pNode * p2p_conv           (P2pAt at, P2pNode *x, int out, int k, int s, int p, gboolean bias);

/* Transposed convolution; extra is PyTorch's output_padding, and k is at most 7.
 * x [n,h,w,c] → [n, (h−1)s−2p+k+extra, (w−1)s−2p+k+extra, out]; weight [c,out,k,k], bias [out]. */
P2pNode * p2p_conv_transpose (P2pAt at, P2pNode *x, int out, int k, int s, int p, int extra,
                              gboolean bias);

/* Doubles the sides of x and applies a k×k convolution with zero padding (Odena et al. 2016).  With
 * k 3 x is doubled by nearest neighbor, with k 2 by linear interpolation; no other k is allowed.
 * Both steps are computed as one transposed convolution (resize-weight.c).
 * x [n,h,w,c] → [n, 2h, 2w, out]; weight [out,c,k,k], bias [out]. */
P2pNode * p2p_conv_resize    (P2pAt at, P2pNode *x, int out, int k, gboolean bias);

/* Doubles the sides of x by linear interpolation, as nn.Upsample of PyTorch does in its mode
 * "bilinear", at the edges too: x [n,h,w,c] → [n, 2h, 2w, c].  p2p_conv_double () applies a 3×3
 * convolution with zero padding to that: → [n, 2h, 2w, out]; weight [out,c,3,3], bias [out]. */
P2pNode * p2p_double         (P2pNode *x);
P2pNode * p2p_conv_double    (P2pAt at, P2pNode *x, int out, gboolean bias);

/* Computes the weight of the transposed convolution that p2p_conv_resize () computes, from the
 * parameter weight (k 2 or 3): [out,c,k,k] → [c,out,4,4]. */
P2pNode * p2p_resize_weight  (P2pAt at, P2pNode *weight);

typedef enum
{
  P2P_NORM_NONE,
  P2P_NORM_BATCH,       /* weight, bias, running_mean, running_var [c] */
  P2P_NORM_INSTANCE,    /* no tensors */
} P2pNormKind;

/* (x − mean) / sqrt (variance + 1e-5) for each channel; batch norm then multiplies by its weight
 * and adds its bias.  P2P_NORM_NONE appends nothing and returns x. */
P2pNode * p2p_norm       (P2pAt at, P2pNode *x, P2pNormKind kind);

P2pNode * p2p_relu       (P2pNode *x);
P2pNode * p2p_leaky_relu (P2pNode *x, double slope);
P2pNode * p2p_tanh       (P2pNode *x);

/* a [n,h,w,ca], b [n,h,w,cb] → [n,h,w,ca+cb]. */
P2pNode * p2p_concat     (P2pNode *a, P2pNode *b);

/* a, b [n,h,w,c] → a + b. */
P2pNode * p2p_add        (P2pNode *a, P2pNode *b);

/* Reflection padding: x [n,h,w,c] → [n, h+2p, w+2p, c].  The picture is mirrored at its edge
 * pixels, which are not repeated, and more than once where the padding is wider than the picture.
 * A picture 1 pixel wide has nothing to mirror, so its pixel is repeated. */
P2pNode * p2p_pad_reflect (P2pNode *x, int p);

/* Zeroes each element with probability rate and scales the others by 1/(1 − rate).  The seed of the
 * forward run decides which elements are zeroed.  Returns x when the graph's dropout is off. */
P2pNode * p2p_dropout    (P2pAt at, P2pNode *x, double rate);

/* Losses; each returns a node [1,1,1,1].  L1 is the mean of |a − b| and L2 the mean of (a − b)²,
 * with a, b [n,h,w,c].  b is the target and gets no gradient. */
P2pNode * p2p_loss_l1       (P2pNode *a, P2pNode *b);
P2pNode * p2p_loss_l2       (P2pNode *a, P2pNode *b);

/* The loss of details (detail.c): how far the strength of the details of x is from that of the
 * target, in windows of 32×32 pixels.  x, target [n,h,w,c] with h and w of at least 2 → [1,1,1,1];
 * the target gets no gradient. */
P2pNode * p2p_loss_detail   (P2pNode *x, P2pNode *target);

/* GAN losses on a discriminator's logits x [n,h,w,c], with one target for all elements.  Each loss
 * is the mean of the term beside it.  BCE is the binary cross entropy of logits, with a target from
 * 0 to 1; hinge and linear take target −1 or 1. */
P2pNode * p2p_loss_bce      (P2pNode *x, double target);    /* log (1 + eˣ) − target · x */
P2pNode * p2p_loss_mse      (P2pNode *x, double target);    /* (x − target)² */
P2pNode * p2p_loss_hinge    (P2pNode *x, double target);    /* max (0, 1 − target · x) */
P2pNode * p2p_loss_linear   (P2pNode *x, double target);    /* −target · x */
