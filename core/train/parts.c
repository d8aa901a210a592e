/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base/intl.h"
#include "p2p.h"
#include "parts.h"

gboolean
p2p_parts_check (int              n,
                 const P2pRanks  *ranks,
                 GError         **error)
{
  if (! ranks || ranks->n <= n)
    return TRUE;
  g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
               _("%d ranks share the batches of a step, but --accumulate says %d: start no more "
                 "ranks than that, or begin a training with --accumulate %d or a multiple of it"),
               ranks->n, n, ranks->n);
  return FALSE;
}

void
p2p_parts_range (int             n,
                 const P2pRanks *ranks,
                 int             rank,
                 int            *first,
                 int            *end)
{
  const int n_ranks = ranks ? ranks->n : 1;

  *first = (gint64) n * rank / n_ranks;
  *end = (gint64) n * (rank + 1) / n_ranks;
}

P2pParts *
p2p_parts_new (int             n,
               gboolean        half,
               const P2pRanks *ranks,
               P2pParallel    *parallel)
{
  P2pParts *parts = g_new0 (P2pParts, 1);

  parts->n = n;
  parts->half = half;
  parts->ranks = ranks;
  parts->parallel = parallel;
  parts->numbers = g_malloc0_n (n, sizeof *parts->numbers);
  p2p_parts_range (n, ranks, ranks ? ranks->rank : 0, &parts->first, &parts->end);
  return parts;
}

void
p2p_parts_free (P2pParts *parts)
{
  if (! parts)
    return;
  g_free (parts->numbers);
  g_free (parts);
}

/* Gathers values that have size bytes for each part. */
static void
gather (const P2pParts *parts,
        gpointer        values,
        gsize           size)
{
  const P2pRanks   *ranks = parts->ranks;
  g_autofree gsize *sizes = NULL;

  if (! ranks)
    return;
  sizes = g_new (gsize, ranks->n);
  for (int r = 0; r < ranks->n; r++)
    {
      int first, end;

      p2p_parts_range (parts->n, ranks, r, &first, &end);
      sizes[r] = (end - first) * size;
    }
  p2p_ranks_gather (ranks, values, sizes);
}

void
p2p_parts_clear_numbers (P2pParts *parts)
{
  memset (parts->numbers, 0, parts->n * sizeof *parts->numbers);
}

void
p2p_parts_gather_numbers (P2pParts *parts)
{
  gather (parts, parts->numbers, sizeof *parts->numbers);
}

double
p2p_parts_total (const P2pParts *parts,
                 int             number)
{
  double total = 0.0;

  for (int i = 0; i < parts->n; i++)
    total += parts->numbers[i][number];
  return total;
}

void
p2p_parts_share (const P2pParts *parts,
                 p2p_real       *values,
                 gsize           size)
{
  gather (parts, values, size * sizeof (p2p_real));
}
