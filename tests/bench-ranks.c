/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How long ranks take to add their gradients; for bench_ranks.py, which starts it with mpirun:
 *
 *   bench-ranks ELEMENTS ROUNDS float|half
 *
 * Rank 0 prints milliseconds, each the median of all rounds: the whole sum, and the time in it that
 * is not spent in MPI (copying and adding). */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "p2p.h"
#include "train/agree.h"
#include "train/sum.h"

static P2pRanks        timed;
static const P2pRanks *real;
static gint64          in_mpi;    /* microseconds */

static void
gather (gpointer     all,
        const gsize *sizes)
{
  const gint64 start = g_get_monotonic_time ();

  real->gather (all, sizes);
  in_mpi += g_get_monotonic_time () - start;
}

static void
exchange (gconstpointer  out,
          const gsize   *out_sizes,
          gpointer       in,
          const gsize   *in_sizes)
{
  const gint64 start = g_get_monotonic_time ();

  real->exchange (out, out_sizes, in, in_sizes);
  in_mpi += g_get_monotonic_time () - start;
}

static int
compare (const void *one,
         const void *other)
{
  const double x = *(const double *) one, y = *(const double *) other;

  return (x > y) - (x < y);
}

static void
measure (int      elements,
         int      rounds,
         gboolean half)
{
  const P2pInit           zero = { 0.0, 0.0 };
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (1);
  g_autoptr (P2pParams)   params = p2p_params_new ();
  g_autoptr (P2pParts)    parts = p2p_parts_new (real->n, half, &timed, parallel);
  g_autoptr (P2pSum)      sum = NULL;
  g_autofree double      *whole = g_new (double, rounds), *own = g_new (double, rounds);

  p2p_params_declare (params, "weight", P2P_TRAINABLE, 1, &elements, zero, NULL);
  p2p_params_init (params, 0, NULL);
  p2p_params_train (params);
  sum = p2p_sum_new (parts, params, NULL);
  for (int i = -1; i < rounds; i++)     /* the first one only makes connections */
    {
      gint64 start;

      p2p_sum_start (sum);
      p2p_sum_add (sum, real->rank);
      p2p_agree_any (real, FALSE);      /* all begin together */
      start = g_get_monotonic_time ();
      in_mpi = 0;
      p2p_sum_finish (sum);
      whole[MAX (i, 0)] = (g_get_monotonic_time () - start) / 1e3;
      own[MAX (i, 0)] = whole[MAX (i, 0)] - in_mpi / 1e3;
    }
  qsort (whole, rounds, sizeof *whole, compare);
  qsort (own, rounds, sizeof *own, compare);
  if (real->rank == 0)
    printf ("%.3f %.3f\n", whole[rounds / 2], own[rounds / 2]);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc != 4)
    return 2;
  if (! p2p_ranks_begin (&real, &error) || ! real)
    {
      fprintf (stderr, "bench-ranks: %s\n", error ? error->message : "mpirun must start it");
      return 1;
    }
  timed = *real;
  timed.gather = gather;
  timed.exchange = exchange;
  measure (atoi (argv[1]), MAX (1, atoi (argv[2])), strcmp (argv[3], "half") == 0);
  p2p_ranks_end (real);
  return 0;
}
