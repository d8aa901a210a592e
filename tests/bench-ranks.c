/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How long ranks take to add their gradients; for bench_ranks.py:
 *
 *   bench-ranks sum ELEMENTS float|half [RANKS GBIT MICROSECONDS]
 *   bench-ranks step NGF BATCH THREADS float|half RANKS GBIT MICROSECONDS
 *
 * sum prints the milliseconds of a sum of so many gradients.  With the last three numbers there is
 * one process and a link that is only calculated; otherwise mpirun must start as many processes as
 * there are to be.  step trains unet_256 at 256 × 256 pixels and prints the milliseconds of a step
 * alone, and of one of a rank among others behind a calculated link; they run in turns.
 *
 * A calculated link lets bytes pass in both directions at GBIT Gbit/s, each operation after the one
 * before, and ends an operation MICROSECONDS after its last byte.  Bytes that pass are copied once
 * on either side, as between a program and the system.  What the other ranks send is zero. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "p2p.h"
#include "testing.h"
#include "train/agree.h"
#include "train/recipe.h"
#include "train/sum.h"

#define ROUNDS 9
#define SIZE   256

/* ---- A calculated link ------------------------------------------------------------------ */

static struct
{
  double  bytes_per_us, latency_us;
  double  free_at;                     /* when all bytes so far have passed, in microseconds */
  char   *sent;                        /* memory for what is copied to the system */
  gsize   n_sent;
} wire;

/* When an operation ends, in microseconds. */
typedef struct
{
  double end;
} Passing;

static gpointer
pass (gconstpointer out,
      gsize         n_out,
      gsize         n_in)
{
  Passing *passing = g_new (Passing, 1);

  if (n_out > wire.n_sent)
    wire.sent = g_realloc (wire.sent, wire.n_sent = n_out);
  memcpy (wire.sent, out, n_out);
  wire.free_at = MAX (wire.free_at, g_get_monotonic_time ())
                 + MAX (n_out, n_in) / wire.bytes_per_us;
  passing->end = wire.free_at + wire.latency_us;
  return passing;
}

static gsize
total (const P2pRanks *ranks,
       const gsize    *sizes)
{
  gsize sum = 0;

  for (int r = 0; r < ranks->n; r++)
    sum += sizes[r];
  return sum;
}

/* Each rank passes the slices of the others on in a ring, so it sends as much as it receives. */
static gpointer
gather (const P2pRanks *ranks,
        gpointer        all,
        const gsize    *sizes)
{
  const gsize n = total (ranks, sizes) - sizes[0];

  memset ((char *) all + sizes[0], 0, n);
  return pass (all, n, n);
}

static gpointer
exchange (const P2pRanks *ranks,
          gconstpointer   out,
          const gsize    *out_sizes,
          gpointer        in,
          const gsize    *in_sizes)
{
  const gsize n_in = total (ranks, in_sizes);

  memcpy (in, out, in_sizes[0]);
  memset ((char *) in + in_sizes[0], 0, n_in - in_sizes[0]);
  return pass ((const char *) out + out_sizes[0], total (ranks, out_sizes) - out_sizes[0],
               n_in - in_sizes[0]);
}

static void
wait_for (const P2pRanks *ranks,
          gpointer        operation)
{
  Passing *passing = operation;

  while (g_get_monotonic_time () < passing->end)
    g_usleep (MAX (1.0, passing->end - g_get_monotonic_time ()));
  g_free (passing);
}

/* Rank 0 of a number of ranks behind a link. */
static P2pRanks
linked (char **numbers)
{
  const int n = atoi (numbers[0]);

  /* Of an Ethernet link, 94 % are left for the data in TCP's packets. */
  wire.bytes_per_us = 0.94 * 1e9 * atof (numbers[1]) / 8 / 1e6;
  wire.latency_us = atof (numbers[2]);
  return (P2pRanks) { n, 0, 1, "here", TRUE, gather, exchange, wait_for };
}

/* ---- Times ------------------------------------------------------------------------------ */

static int
compare (const void *one,
         const void *other)
{
  const double x = *(const double *) one, y = *(const double *) other;

  return (x > y) - (x < y);
}

static double
median (double *times)
{
  qsort (times, ROUNDS, sizeof *times, compare);
  return times[ROUNDS / 2];
}

static void
measure_sum (int             elements,
             gboolean        half,
             const P2pRanks *ranks)
{
  const P2pInit           zero = { 0.0, 0.0 };
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (1);
  g_autoptr (P2pParams)   params = p2p_params_new ();
  g_autoptr (P2pParts)    parts = p2p_parts_new (ranks->n, half, ranks, parallel);
  g_autoptr (P2pSum)      sum = NULL;
  double                  times[ROUNDS];

  p2p_params_declare (params, "weight", P2P_TRAINABLE, 1, &elements, zero, NULL);
  p2p_params_init (params, 0, NULL);
  p2p_params_train (params);
  sum = p2p_sum_new (parts, params, NULL);
  for (int i = -1; i < ROUNDS; i++)     /* the first one only makes connections */
    {
      gint64 start;

      p2p_sum_start (sum);
      p2p_sum_add (sum, ranks->rank);
      p2p_agree_any (ranks, FALSE);     /* all begin together */
      start = g_get_monotonic_time ();
      p2p_sum_finish (sum);
      times[MAX (i, 0)] = (g_get_monotonic_time () - start) / 1e3;
    }
  if (ranks->rank == 0)
    printf ("%.3f\n", median (times));
}

static gpointer
new_training (P2pTrainOptions *options,
              int              ngf,
              int              batch,
              gboolean         half,
              P2pParallel     *parallel,
              const P2pRanks  *ranks)
{
  GError   *error = NULL;
  gpointer  training;

  p2p_train_options_init (options);
  options->g.ngf = options->ndf = ngf;
  options->g.input_nc = options->g.output_nc = 3;
  options->half_gradients = half;
  options->batch_size = batch;
  options->accumulate = ranks ? ranks->n : 1;
  training = p2p_recipe_pix2pix.new (options, parallel, ranks, &error);
  g_assert_no_error (error);
  return training;
}

static double
time_step (gpointer        training,
           const P2pBatch *batch,
           int             step)
{
  double losses[P2P_MAX_LOSSES];
  gint64 start = g_get_monotonic_time ();

  g_assert_true (p2p_recipe_pix2pix.step (training, batch, 2e-4, step, losses, NULL));
  return (g_get_monotonic_time () - start) / 1e3;
}

static void
measure_step (int             ngf,
              int             n,
              int             threads,
              gboolean        half,
              const P2pRanks *ranks)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (threads);
  const gsize             size = (gsize) n * SIZE * SIZE * 3;
  P2pBatch                batch = { n, SIZE, SIZE, g_new (p2p_real, size), g_new (p2p_real, size) };
  P2pTrainOptions         options[2];
  gpointer                alone = new_training (&options[0], ngf, n, half, parallel, NULL);
  gpointer                among = new_training (&options[1], ngf, n, half, parallel, ranks);
  double                  times[2][ROUNDS];

  fill_random (batch.a, size, 1);
  fill_random (batch.b, size, 2);
  for (int i = -1; i < ROUNDS; i++)     /* the first one also builds the graphs */
    {
      times[0][MAX (i, 0)] = time_step (alone, &batch, i + 1);
      times[1][MAX (i, 0)] = time_step (among, &batch, i + 1);
    }
  printf ("%.3f %.3f\n", median (times[0]), median (times[1]));
  p2p_recipe_pix2pix.free (alone);
  p2p_recipe_pix2pix.free (among);
  g_free (batch.a);
  g_free (batch.b);
}

int
main (int    argc,
      char **argv)
{
  const char         *what = argc > 1 ? argv[1] : "";
  g_autoptr (GError)  error = NULL;
  const P2pRanks     *real;
  P2pRanks            behind_link;

  if (strcmp (what, "step") == 0 && argc == 9)
    {
      behind_link = linked (argv + 6);
      measure_step (atoi (argv[2]), atoi (argv[3]), atoi (argv[4]), strcmp (argv[5], "half") == 0,
                    &behind_link);
      return 0;
    }
  if (strcmp (what, "sum") != 0 || (argc != 4 && argc != 7))
    return 2;
  if (argc == 7)
    {
      behind_link = linked (argv + 4);
      measure_sum (atoi (argv[2]), strcmp (argv[3], "half") == 0, &behind_link);
      return 0;
    }
  if (! p2p_ranks_begin (&real, &error) || ! real)
    {
      fprintf (stderr, "bench-ranks: %s\n", error ? error->message : "mpirun must start it");
      return 1;
    }
  measure_sum (atoi (argv[2]), strcmp (argv[3], "half") == 0, real);
  p2p_ranks_end (real);
  return 0;
}
