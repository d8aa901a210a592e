/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What all recipes with a discriminator share: the kinds of GAN loss, the checks of the
 * networks' options, and the optimizer. */

#pragma once

#include "graph/graph.h"
#include "options.h"

/* A kind of GAN loss, which compares a discriminator's logits with a target. */
typedef struct
{
  P2pNode * (* d_loss) (P2pNode *x, double target);    /* D's loss for what it is shown */
  P2pNode * (* g_loss) (P2pNode *x, double target);    /* G's loss, for D's logits of its picture */
  double       fake, real;                             /* the targets */
} P2pGan;

/* The kind of loss that the options choose (static). */
const P2pGan * p2p_gan       (const P2pTrainOptions *options);

/* Whether networks can be built with these options.
 * Errors: P2P_ERROR_UNSUPPORTED and P2P_ERROR_OPTION say which number is out of range. */
gboolean       p2p_gan_check (const P2pTrainOptions *options, GError **error);

/* Changes the trained values of a network, and brings their moving average up to date (NULL: there
 * is none), by a step of Adam with the options' β₁ and decay.  step is the step's number, from
 * 0. */
void           p2p_gan_adam  (const P2pTrainOptions *options, P2pParallel *parallel,
                              P2pParams *params, P2pParams *average, double lr, guint64 step);
