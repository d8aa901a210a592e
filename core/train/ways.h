/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The networks of a CycleGAN training, and the graphs in which they learn (cyclegan.c says what
 * they are for).  Only a part of these graphs is needed at a time, so they lie in the same memory:
 *
 *   memory 0   first of way 0 or way 1       a generator, with the gradient of its weights
 *   memory 1   second of way 0 or way 1      a generator, with the gradient of its input too
 *   memory 2   judge of way 0 or way 1       a discriminator */

#pragma once

#include "gan.h"
#include "sum.h"
#include "watch.h"

/* A generator's graph, for whole batches of one shape. */
typedef struct
{
  P2pGraph *graph;
  P2pNode  *in, *out;
  P2pNode  *target, *l1;      /* what out is compared with, and their mean difference */
} P2pTranslation;

/* One way of the two, with its generator and its discriminator.  Both ways have networks of the
 * same shapes, because inputs and outputs are of the same kind. */
typedef struct
{
  P2pParams      *g, *d;
  P2pParams      *average;         /* moving average of g; NULL: not wanted */
  P2pParams      *pool;            /* of the generator's pictures; NULL: not wanted */
  P2pSum         *g_sum, *d_sum;
  P2pWatch        watch;

  /* For batches of one shape; p2p_ways_fit () replaces them. */
  P2pTranslation  first, second;   /* of pictures; of the other way's results */
  P2pGraph       *judge;
  P2pNode        *seen;            /* the pictures that the discriminator judges */
  P2pJudgment     said;            /* by the discriminator */
  p2p_real       *fakes;           /* the generator's pictures of a whole step, of all ranks */
} P2pWay;

typedef struct
{
  P2pTrainOptions  options;
  P2pParallel     *parallel;       /* not owned */
  P2pParts        *parts;
  P2pWay           way[2];
  void            *memory[3];
} P2pWays;

/* Makes the networks, with initial weights that follow from the seed.  Of options, the caller keeps
 * the texts; parallel and ranks are not owned.
 * Errors: those of p2p_gan_check () and p2p_parts_check (); P2P_ERROR_MEMORY. */
P2pWays * p2p_ways_new  (const P2pTrainOptions *options, P2pParallel *parallel,
                         const P2pRanks *ranks, GError **error);
void      p2p_ways_free (P2pWays *ways);

/* Builds graphs for pictures of this size, unless that is done already.
 * Errors: the networks cannot be built for this size; P2P_ERROR_MEMORY. */
gboolean  p2p_ways_fit  (P2pWays *ways, P2pSize size, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pWays, p2p_ways_free)
