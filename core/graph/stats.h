/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Norm statistics by scope name → mean, variance for each channel.  They belong to neither graph
 * nor params: a graph collects into one, or uses one (frozen, or running). */

#pragma once

#include "base/parallel.h"
#include "base/real.h"

typedef struct
{
  int       c;
  p2p_real *mean;
  p2p_real *variance;   /* biased, as normalisation uses it */
  double    n;          /* values of a channel that were added up */
} P2pStat;

typedef struct _P2pStats  P2pStats;
typedef struct _P2pParams P2pParams;

P2pStats * p2p_stats_new    (void);
void       p2p_stats_free   (P2pStats *stats);

/* The entry of a scope, made with c channels when it is not there. */
P2pStat *  p2p_stats_get    (P2pStats *stats, const char *scope, int c);

/* The entry of a scope, or NULL. */
P2pStat *  p2p_stats_lookup (P2pStats *stats, const char *scope);

/* Takes the values [n, row, c] of n rows into an entry, as if they had been there with those
 * before; n 0 of the entry: there were none.  Cancelled through parallel, the entry is garbage. */
void       p2p_stat_add     (P2pStat *stat, const p2p_real *values, int n, int row,
                             P2pParallel *parallel);

/* The running statistics that params hold (X.running_mean, X.running_var); NULL when they hold
 * none. */
P2pStats * p2p_stats_from_params (P2pParams *params);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pStats, p2p_stats_free)
