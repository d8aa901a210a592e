/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Inside the convolutions: what conv.c shares with its algorithms (conv-*.c).
 *
 * A convolution and a transposed convolution are one thing seen in phases.  The outputs of a phase
 * lie ostep apart and all read the input at the same offsets: a convolution has one phase and
 * steps s through the input; a transposed one has s phases an axis and steps 1. */

#pragma once

#include "ops.h"
#include "winograd.h"

#define P2P_MAX_KERNEL 7

typedef struct
{
  int      k, s, p;       /* kernel, stride, padding */
  gboolean transposed;
} P2pConvAttr;

/* The taps of one phase on one axis, by ascending offset. */
typedef struct
{
  int n;
  int offset[P2P_MAX_KERNEL];    /* in the input, from position · istep */
  int tap[P2P_MAX_KERNEL];       /* index into the kernel */
} P2pTaps;

enum { P2P_CONV_X, P2P_CONV_WEIGHT, P2P_CONV_BIAS };

/* A way to compute a convolution.  Which one is taken depends on shapes alone (conv.c). */
typedef struct
{
  const char *name;
  P2pForm     form;                 /* of the prepared weight */

  gboolean (* suits)         (const P2pNode *node);

  /* Elements of the prepared weight, of the scratch that threads share (NULL: none), and of a
   * thread's. */
  gsize    (* prepared_size) (const P2pNode *node);
  gsize    (* shared_size)   (const P2pNode *node);
  gsize    (* scratch_size)  (const P2pNode *node);

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

/* Elements of the scratch that threads share, up to where a prepared weight may follow. */
gsize p2p_conv_shared_size (const P2pNode *node, const P2pConvAlgorithm *algorithm);

/* conv-backward.c: sets the sizes that backward needs, and runs it. */
void p2p_conv_infer_backward (P2pNode *node);
void p2p_conv_backward       (P2pGraph *graph, P2pNode *node);

/* A way to compute the gradient of a weight. */
typedef struct
{
  gsize (* scratch_size) (P2pNode *node);    /* elements; 0: it does not suit */
  void  (* add)          (P2pNode *node, p2p_real *scratch);
} P2pConvWeight;

extern const P2pConvWeight p2p_conv_weight_plain;
extern const P2pConvWeight p2p_conv_weight_winograd;

/* conv-winograd.c: the form that is taken, and whether there is one for the kernel and channels. */
P2pWinograd p2p_conv_winograd_kind  (const P2pNode *node);
gboolean    p2p_conv_winograd_shape (const P2pNode *node);

/* Phases on one axis. */
int  p2p_conv_n_phases (const P2pNode *node);
void p2p_conv_taps     (const P2pNode *node, int phase, P2pTaps *taps);

/* Reads kernels from the weight, wherever it is: [n_out][n_in][k,k]; the second as the halves that
 * they are there. */
void p2p_conv_read_kernels (const P2pNode *node, int in, int n_in, int out, int n_out,
                            p2p_real *kernels);
void p2p_conv_read_halves  (const P2pNode *node, int in, int n_in, int out, int n_out,
                            guint16 *kernels);
