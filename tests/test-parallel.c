/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Loops on several threads: each chunk is run once, whether the threads spin until the loop begins
 * or are asleep, and no chunk runs after the loop has returned. */

#include "base/parallel.h"

#define LONG_ENOUGH 2000     /* microseconds after which threads, and the caller, sleep */

typedef struct
{
  int  n_chunks, slow;       /* slow is the chunk that takes long, or −1 */
  int  n_workers;
  gint done[64];             /* atomic */
} Loop;

static void
count_chunk (int      chunk,
             int      worker,
             gpointer data)
{
  Loop *loop = data;

  g_assert_cmpint (chunk, >=, 0);
  g_assert_cmpint (chunk, <, loop->n_chunks);
  g_assert_cmpint (worker, <, loop->n_workers);
  if (chunk == loop->slow)
    g_usleep (LONG_ENOUGH);
  g_atomic_int_inc (&loop->done[chunk]);
}

static void
run_loop (P2pParallel *parallel,
          int          n_chunks,
          int          slow)
{
  Loop loop = { n_chunks, slow, p2p_parallel_n_threads (parallel) };

  p2p_parallel_for (parallel, n_chunks, count_chunk, &loop);
  for (int i = 0; i < n_chunks; i++)
    g_assert_cmpint (loop.done[i], ==, 1);
}

static void
test_close_together (void)
{
  for (int n_threads = 1; n_threads <= 5; n_threads++)
    {
      g_autoptr (P2pParallel) parallel = p2p_parallel_new (n_threads);

      for (int i = 0; i < 5000; i++)
        run_loop (parallel, i % 20, -1);
    }
}

/* Tests threads that sleep, and a caller that sleeps until the last thread has finished. */
static void
test_far_apart (void)
{
  for (int n_threads = 1; n_threads <= 5; n_threads++)
    {
      g_autoptr (P2pParallel) parallel = p2p_parallel_new (n_threads);

      for (int i = 0; i < 20; i++)
        {
          g_usleep (i % 3 * LONG_ENOUGH);
          run_loop (parallel, 8, i % 8);
        }
    }
}

static void
test_nothing_to_do (void)
{
  for (int i = 0; i < 50; i++)
    {
      P2pParallel *parallel = p2p_parallel_new (4);

      g_usleep (i % 2 * LONG_ENOUGH);
      p2p_parallel_free (parallel);
    }
}

/* A thread that wakes for the last loop while the threads are told to end must end too. */
static void
test_ended_at_once (void)
{
  for (int i = 0; i < 1000; i++)
    {
      g_autoptr (P2pParallel) parallel = p2p_parallel_new (4);

      for (int j = 0; j < 3; j++)
        run_loop (parallel, 2, -1);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parallel/close-together", test_close_together);
  g_test_add_func ("/parallel/far-apart", test_far_apart);
  g_test_add_func ("/parallel/nothing-to-do", test_nothing_to_do);
  g_test_add_func ("/parallel/ended-at-once", test_ended_at_once);
  return g_test_run ();
}
