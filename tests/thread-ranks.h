/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Ranks that are threads, for tests that need no MPI.  Like those of MPI, operations may run when
 * they begin or as late as someone waits for them. */

#pragma once

#include <string.h>

#include "train/ranks.h"

#define MOST_RANKS 5

/* Of gather (): in is NULL, and out is all. */
typedef struct
{
  gconstpointer out;
  const gsize  *out_sizes;
  gpointer      in;
  const gsize  *in_sizes;
} Operation;

static __thread int me;           /* the rank whose main thread this is */
static int        n_ranks, n_arrived, n_barriers;
static gboolean   late;
static GMutex     mutex;
static GCond      all_here;
static Operation *posted[MOST_RANKS];

static void
barrier (void)
{
  int number;

  g_mutex_lock (&mutex);
  number = n_barriers;
  if (++n_arrived == n_ranks)
    {
      n_arrived = 0;
      n_barriers++;
      g_cond_broadcast (&all_here);
    }
  while (number == n_barriers)
    g_cond_wait (&all_here, &mutex);
  g_mutex_unlock (&mutex);
}

static void
run_gather (int              to,
            const Operation *operation)
{
  char  *all = (char *) operation->out;
  gsize  place = 0;

  for (int r = 0; r < n_ranks; place += operation->out_sizes[r++])
    {
      g_assert_cmpuint (posted[r]->out_sizes[r], ==, operation->out_sizes[r]);
      if (r != to)
        memcpy (all + place, (const char *) posted[r]->out + place, operation->out_sizes[r]);
    }
}

static void
run_exchange (int              to,
              const Operation *operation)
{
  char *in = operation->in;

  for (int r = 0; r < n_ranks; in += operation->in_sizes[r++])
    {
      gsize place = 0;

      g_assert_nonnull (posted[r]->in);
      for (int i = 0; i < to; i++)
        place += posted[r]->out_sizes[i];
      g_assert_cmpuint (posted[r]->out_sizes[to], ==, operation->in_sizes[r]);
      memcpy (in, (const char *) posted[r]->out + place, operation->in_sizes[r]);
    }
}

static void
run_operation (const P2pRanks *ranks,
               Operation      *operation)
{
  posted[ranks->rank] = operation;
  barrier ();
  if (operation->in)
    run_exchange (ranks->rank, operation);
  else
    run_gather (ranks->rank, operation);
  barrier ();
}

static gpointer
begin_operation (const P2pRanks *ranks,
                 Operation       operation)
{
  if (! late)
    run_operation (ranks, &operation);
  return g_memdup2 (&operation, sizeof operation);
}

static gpointer
gather (const P2pRanks *ranks,
        gpointer        all,
        const gsize    *sizes)
{
  return begin_operation (ranks, (Operation) { all, sizes });
}

static gpointer
exchange (const P2pRanks *ranks,
          gconstpointer   out,
          const gsize    *out_sizes,
          gpointer        in,
          const gsize    *in_sizes)
{
  return begin_operation (ranks, (Operation) { out, out_sizes, in, in_sizes });
}

static void
wait_for (const P2pRanks *ranks,
          gpointer        operation)
{
  if (late)
    run_operation (ranks, operation);
  g_free (operation);
}

/* Calls func on n threads, each of which is a rank (NULL if there is only one): once with
 * operations that run early, and once with late ones. */
typedef void (*RankFunc) (const P2pRanks *ranks);

typedef struct
{
  P2pRanks ranks;
  RankFunc func;
} Rank;

static inline gpointer
run_rank (gpointer data)
{
  Rank *rank = data;

  me = rank->ranks.rank;
  rank->func (rank->ranks.n > 1 ? &rank->ranks : NULL);
  return NULL;
}

static inline void
with_ranks (int      n,
            RankFunc func)
{
  Rank     ranks[MOST_RANKS];
  GThread *threads[MOST_RANKS];

  n_ranks = n;
  for (int i = 0; i < (n > 1 ? 2 : 1); i++)
    {
      late = i == 1;
      for (int r = 0; r < n; r++)
        {
          ranks[r] = (Rank) { { n, r, n, "here", TRUE, gather, exchange, wait_for }, func };
          threads[r] = g_thread_new ("rank", run_rank, &ranks[r]);
        }
      for (int r = 0; r < n; r++)
        g_thread_join (threads[r]);
    }
}
