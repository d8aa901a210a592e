/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Ranks that are threads, for tests that need no MPI. */

#pragma once

#include <string.h>

#include "train/ranks.h"

#define MOST_RANKS 5

static __thread int me;
static int          n_ranks, n_arrived, n_barriers;
static GMutex       mutex;
static GCond        all_here;
static struct { const char *data; const gsize *sizes; } posted[MOST_RANKS];

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
gather (gpointer     all,
        const gsize *sizes)
{
  gsize place = 0;

  posted[me].data = all;
  posted[me].sizes = sizes;
  barrier ();
  for (int r = 0; r < n_ranks; place += sizes[r++])
    {
      g_assert_cmpuint (posted[r].sizes[r], ==, sizes[r]);
      if (r != me)
        memcpy ((char *) all + place, posted[r].data + place, sizes[r]);
    }
  barrier ();
}

static void
exchange (gconstpointer  out,
          const gsize   *out_sizes,
          gpointer       in,
          const gsize   *in_sizes)
{
  char *to = in;

  posted[me].data = out;
  posted[me].sizes = out_sizes;
  barrier ();
  for (int r = 0; r < n_ranks; to += in_sizes[r++])
    {
      gsize place = 0;

      for (int i = 0; i < me; i++)
        place += posted[r].sizes[i];
      g_assert_cmpuint (posted[r].sizes[me], ==, in_sizes[r]);
      memcpy (to, posted[r].data + place, in_sizes[r]);
    }
  barrier ();
}

/* Calls func on n threads, each of which is a rank (NULL if there is only one). */
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
  for (int r = 0; r < n; r++)
    {
      ranks[r] = (Rank) { { n, r, n, "here", gather, exchange }, func };
      threads[r] = g_thread_new ("rank", run_rank, &ranks[r]);
    }
  for (int r = 0; r < n; r++)
    g_thread_join (threads[r]);
}
