/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What all recipes with a discriminator share: the discriminator with its losses, the checks of the
 * networks' options, and the optimizer. */

#pragma once

#include "graph/graph.h"
#include "options.h"

/* What a discriminator says of the pictures that it is shown.  All are outputs of its graph. */
typedef struct
{
  P2pNode *fake, *real;   /* its loss, if the pictures are fakes; if they are real */
  P2pNode *g;             /* the generator's loss, for its pictures */
} P2pJudgment;

/* Appends a discriminator for x [n,h,w,c] to a graph, with the GAN losses that the options choose.
 * x holds the channels of the pictures to judge and, if D is conditional, of their inputs. */
P2pJudgment    p2p_gan_judge (const P2pTrainOptions *options, P2pGraph *graph, P2pNode *x);

/* Whether networks can be built with these options.
 * Errors: P2P_ERROR_UNSUPPORTED and P2P_ERROR_OPTION say which number is out of range. */
gboolean       p2p_gan_check (const P2pTrainOptions *options, GError **error);

/* Changes the trained values of a network, and brings their moving average up to date (NULL: there
 * is none), by a step of Adam with the options' β₁ and decay.  step is the step's number, from
 * 0. */
void           p2p_gan_adam  (const P2pTrainOptions *options, P2pParallel *parallel,
                              P2pParams *params, P2pParams *average, double lr, guint64 step);
