/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Watches a training without pairs, and notices when it goes wrong in the ways that users of the
 * public implementation report most. */

#pragma once

#include "base/real.h"

#include <glib.h>

/* Means over the last 200 steps, of one way.  They begin as zeros. */
typedef struct
{
  guint64 n;           /* steps so far */
  double  change;      /* mean |result − input| */
  double  likeness;    /* correlation of the two pictures' brightness, −1 to 1 */
  double  d_loss;      /* the discriminator's loss */
} P2pWatch;

/* Sets *change and *likeness of n pixels of inputs and results, both [n,c]. */
void         p2p_watch_compare (gsize n, int c, const p2p_real *inputs, const p2p_real *results,
                                double *change, double *likeness);

/* Adds what p2p_watch_compare () has found of the results of a step. */
void         p2p_watch_results (P2pWatch *watch, double change, double likeness);

/* Adds the discriminator's loss of the same step. */
void         p2p_watch_d       (P2pWatch *watch, double loss);

/* A warning with what to try (static, for the caller to translate), or NULL.  There is none before
 * enough steps were seen. */
const char * p2p_watch_warning (const P2pWatch *watch);
