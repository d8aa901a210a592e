/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The statistics of norms, by scope name. */

#include <string.h>

#include "params.h"
#include "stats.h"

struct _P2pStats
{
  GHashTable *by_scope;   /* name → P2pStat */
};

static void
stat_free (gpointer data)
{
  P2pStat *stat = data;

  g_free (stat->mean);
  g_free (stat->variance);
  g_free (stat);
}

P2pStats *
p2p_stats_new (void)
{
  P2pStats *stats = g_new0 (P2pStats, 1);

  stats->by_scope = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, stat_free);
  return stats;
}

void
p2p_stats_free (P2pStats *stats)
{
  if (! stats)
    return;
  g_hash_table_unref (stats->by_scope);
  g_free (stats);
}

P2pStat *
p2p_stats_lookup (P2pStats   *stats,
                  const char *scope)
{
  return g_hash_table_lookup (stats->by_scope, scope);
}

P2pStat *
p2p_stats_get (P2pStats   *stats,
               const char *scope,
               int         c)
{
  P2pStat *stat = p2p_stats_lookup (stats, scope);

  if (! stat)
    {
      stat = g_new0 (P2pStat, 1);
      stat->c = c;
      stat->mean = g_new0 (p2p_real, c);
      stat->variance = g_new0 (p2p_real, c);
      g_hash_table_insert (stats->by_scope, g_strdup (scope), stat);
    }

  return stat;
}

/* ---- Adding up -------------------------------------------------------------------------- */

typedef struct
{
  const p2p_real *values;
  int             row, c;
  double         *moments;    /* [n, 2, c]: each row's mean, and sum of squared distances from it */
} Rows;

static void
row_moments (int      chunk,
             int      worker,
             gpointer data)
{
  const Rows     *rows = data;
  const int       n = rows->row, c = rows->c;
  const p2p_real *values = rows->values + (gsize) chunk * n * c;
  double         *mean = rows->moments + 2 * (gsize) chunk * c, *square = mean + c;

  for (int i = 0; i < n; i++)
    for (int k = 0; k < c; k++)
      mean[k] += values[(gsize) i * c + k];
  for (int k = 0; k < c; k++)
    mean[k] /= n;
  for (int i = 0; i < n; i++)
    for (int k = 0; k < c; k++)
      {
        double distance = values[(gsize) i * c + k] - mean[k];

        square[k] += distance * distance;
      }
}

/* Rows are merged one after the other in their order (Chan, Golub, LeVeque 1979), so that the
 * result does not depend on threads. */
void
p2p_stat_add (P2pStat        *stat,
              const p2p_real *values,
              int             n,
              int             row,
              P2pParallel    *parallel)
{
  const int          c = stat->c;
  g_autofree double *moments = g_new0 (double, 2 * (gsize) n * c);
  Rows               rows = { values, row, c, moments };

  p2p_parallel_for (parallel, n, row_moments, &rows);
  for (int k = 0; k < c; k++)
    {
      double count = stat->n, mean = count ? stat->mean[k] : 0.0;
      double square = count ? stat->variance[k] * count : 0.0;

      for (int i = 0; i < n; i++)
        {
          double delta = moments[2 * (gsize) i * c + k] - mean;

          square += moments[(2 * (gsize) i + 1) * c + k]
                    + delta * delta * count * row / (count + row);
          count += row;
          mean += delta * row / count;
        }
      stat->mean[k] = mean;
      stat->variance[k] = square / count;
    }
  stat->n += (double) n * row;
}

P2pStats *
p2p_stats_from_params (P2pParams *params)
{
  static const char    suffix[] = ".running_mean";
  g_autoptr (P2pStats) stats = p2p_stats_new ();

  for (guint i = 0; i < p2p_params_length (params); i++)
    {
      P2pParam          *mean = p2p_params_nth (params, i);
      P2pParam          *variance;
      P2pStat           *stat;
      g_autofree char   *scope = NULL;
      g_autofree char   *name = NULL;

      if (mean->missing || ! g_str_has_suffix (mean->name, suffix))
        continue;
      scope = g_strndup (mean->name, strlen (mean->name) - strlen (suffix));
      name = g_strconcat (scope, ".running_var", NULL);
      variance = p2p_params_lookup (params, name);
      if (! variance || variance->missing)
        continue;
      stat = p2p_stats_get (stats, scope, mean->n);
      p2p_param_read (mean, 0, mean->n, stat->mean);
      p2p_param_read (variance, 0, variance->n, stat->variance);
    }

  return g_hash_table_size (stats->by_scope) ? g_steal_pointer (&stats) : NULL;
}
