/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What conv.c shares with its algorithms (conv-*.c).
 *
 * Convolutions and transposed convolutions are computed by the same code, in phases.  The outputs
 * of an axis are divided into n_phases phases: phase f has every n_phases-th output, beginning with
 * output f.  All outputs of a phase use the same taps.  Output o of a phase, counted from 0, reads
 * the input at o · istep + offset, where each tap has its own offset.
 *
 *   convolution              n_phases = 1, istep = s
 *   transposed convolution   n_phases = s, istep = 1
 *
 * Example: a transposed convolution with k 4, s 2, p 1.  Its output row 2o belongs to phase 0 and
 * is tap 3 of input row o − 1 plus tap 1 of row o.  Its output row 2o + 1 belongs to phase 1 and is
 * tap 2 of row o plus tap 0 of row o + 1. */

#pragma once

#include "ops.h"
#include "winograd.h"

#define P2P_MAX_KERNEL 7

typedef struct
{
  int      k, s, p;       /* kernel, stride, padding */
  gboolean transposed;
} P2pConvAttr;

/* The taps of one phase on one axis, in ascending order of offset. */
typedef struct
{
  int n;
  int offset[P2P_MAX_KERNEL];    /* output o of the phase reads input o · istep + offset */
  int tap[P2P_MAX_KERNEL];       /* index into the kernel, 0 to k − 1 */
} P2pTaps;

enum { P2P_CONV_X, P2P_CONV_WEIGHT, P2P_CONV_BIAS };

/* A way to compute the forward of a convolution.  Which algorithm a node uses depends on its shapes
 * and on whether the graph computes gradients, never on values (conv.c). */
typedef struct
{
  const char *name;
  P2pForm     form;                 /* the kind of prepared weight that it reads */

  gboolean (* suits)         (const P2pNode *node);

  /* Sizes in elements: of the prepared weight, of the scratch that all threads share (the function
   * is NULL when there is none), and of the scratch of each thread. */
  gsize    (* prepared_size) (const P2pNode *node);
  gsize    (* shared_size)   (const P2pNode *node);
  gsize    (* scratch_size)  (const P2pNode *node);

  /* prepare () rearranges or transforms the node's weight into prepared; forward () reads it. */
  void     (* prepare)       (P2pNode *node, p2p_real *prepared);
  void     (* forward)       (P2pNode *node, const p2p_real *prepared);
} P2pConvAlgorithm;

extern const P2pConvAlgorithm p2p_conv_col2im;
extern const P2pConvAlgorithm p2p_conv_direct;
extern const P2pConvAlgorithm p2p_conv_plain;
extern const P2pConvAlgorithm p2p_conv_winograd;

static inline const P2pConvAttr *
p2p_conv_attr (const P2pNode *node)
{
  return node->attr;
}

/* The algorithm for a node's shapes. */
const P2pConvAlgorithm * p2p_conv_choose (const P2pNode *node);

/* Elements of the shared scratch, rounded up so that an aligned buffer (P2P_ALIGN) can follow. */
gsize p2p_conv_shared_size (const P2pNode *node, const P2pConvAlgorithm *algorithm);

/* conv-backward.c: the first sets the sizes of the node's backward scratch, the second computes the
 * gradients of input, weight and bias. */
void p2p_conv_infer_backward (P2pNode *node);
void p2p_conv_backward       (P2pGraph *graph, P2pNode *node);

/* A way to compute the gradient of a weight.  scratch_size returns elements, or 0 when the
 * algorithm does not suit the node.  add adds to the weight's gradient, or sets it when it is
 * empty. */
typedef struct
{
  gsize (* scratch_size) (P2pNode *node);
  void  (* add)          (P2pNode *node, p2p_real *scratch);
} P2pConvWeight;

extern const P2pConvWeight p2p_conv_weight_plain;
extern const P2pConvWeight p2p_conv_weight_winograd;

/* conv-winograd.c: p2p_conv_winograd_shape () tells whether the node's kernel, stride and channels
 * suit a Winograd transform.  If so, p2p_conv_winograd_kind () tells which one. */
P2pWinograd p2p_conv_winograd_kind  (const P2pNode *node);
gboolean    p2p_conv_winograd_shape (const P2pNode *node);

/* The number of phases on one axis, and the taps of one of them. */
int  p2p_conv_n_phases (const P2pNode *node);
void p2p_conv_taps     (const P2pNode *node, int phase, P2pTaps *taps);

/* Read the k×k kernels of input channels [in, in + n_in) and output channels [out, out + n_out)
 * into kernels [n_out][n_in][k,k].  The weight may lie in a mapped file, in memory, or be computed
 * by another op.  p2p_conv_read_halves () is for a weight that is stored as halves (binary16) in a
 * file, and does not convert them. */
void p2p_conv_read_kernels (const P2pNode *node, int in, int n_in, int out, int n_out,
                            p2p_real *kernels);
void p2p_conv_read_halves  (const P2pNode *node, int in, int n_in, int out, int n_out,
                            guint16 *kernels);
