/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Norm statistics by scope name. */

#include <string.h>

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
