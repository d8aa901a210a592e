/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The statistics of norms: for each norm, by its scope name, mean and variance of each channel.  A
 * P2pStats belongs neither to a graph nor to params.  A graph with P2P_STATS_COLLECT writes to it,
 * and one with P2P_STATS_GIVEN reads from it. */

#pragma once

#include "base/parallel.h"
#include "base/real.h"

/* The statistics of one norm. */
typedef struct
{
  int       c;          /* channels */
  p2p_real *mean;       /* [c] */
  p2p_real *variance;   /* [c], biased (divided by n), as normalization uses it */
  double    n;          /* values per channel that p2p_stat_add () has added so far */
} P2pStat;

typedef struct _P2pStats  P2pStats;
typedef struct _P2pParams P2pParams;

P2pStats * p2p_stats_new    (void);
void       p2p_stats_free   (P2pStats *stats);

/* Returns the entry of a scope, owned by stats.  When there is none it makes one of c channels, all
 * zero. */
P2pStat *  p2p_stats_get    (P2pStats *stats, const char *scope, int c);

/* Returns the entry of a scope, or NULL. */
P2pStat *  p2p_stats_lookup (P2pStats *stats, const char *scope);

/* Adds n rows of a picture to an entry.  values is [n, row, c]; row is the number of pixels in a
 * row.  The entry then has the statistics of all values added so far.  To start afresh, set
 * stat->n to 0.  When parallel is cancelled, the entry becomes garbage. */
void       p2p_stat_add     (P2pStat *stat, const p2p_real *values, int n, int row,
                             P2pParallel *parallel);

/* Returns the running statistics in params, newly allocated: the mean of scope X is the parameter
 * X.running_mean, the variance X.running_var.  Returns NULL when params have none. */
P2pStats * p2p_stats_from_params (P2pParams *params);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pStats, p2p_stats_free)
