/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The caller of p2p_parallel_for () opens a loop, does chunks itself, and then closes the loop.
 * The worker threads wait for an open loop, enter it, and do chunks until there are none left.  A
 * thread that comes late, because another program has its processor, finds the loop closed and
 * waits for the next one; nobody waits for that thread.
 *
 * Loops follow each other within microseconds, but waking a sleeping thread takes up to 100 µs.
 * So a waiting thread spins for a while before it sleeps. */

#include "parallel.h"

#define SPIN     100          /* microseconds */
#define CLOSED   (1 << 30)    /* flag in P2pParallel.inside */

struct _P2pParallel
{
  int            n_threads;
  GThread      **threads;      /* [n_threads]; 0 is unused, because the caller is worker 0 */

  /* These five are atomic. */
  gint           generation;   /* the number of loops opened so far */
  gint           inside;       /* worker threads in the loop; with CLOSED set, none may enter */
  gint           quit;         /* the threads must end */
  gint           asleep;       /* the number of threads that sleep until the next loop */
  gint           waiting;      /* the caller sleeps until all threads have left the loop */

  /* The threads sleep until a loop is opened, the caller until all threads have left it. */
  GMutex         mutex;
  GCond          opened, left;

  /* The current loop. */
  P2pChunkFunc   func;
  gpointer       data;
  int            n_chunks;
  gint           next;         /* the next chunk to hand out; atomic */

  GCancellable  *cancellable;
  void        (* tick) (double fraction, gpointer data);
  gpointer       tick_data;
};

typedef struct
{
  P2pParallel *parallel;
  int          worker;
} Worker;

static void
run_chunks (P2pParallel *parallel,
            int          worker)
{
  int chunk;

  while ((chunk = g_atomic_int_add (&parallel->next, 1)) < parallel->n_chunks)
    {
      if (p2p_parallel_is_cancelled (parallel))
        return;
      parallel->func (chunk, worker, parallel->data);
      if (worker == 0 && parallel->tick)
        parallel->tick ((chunk + 1.0) / parallel->n_chunks, parallel->tick_data);
    }
}

static void
pause_a_bit (void)
{
#if defined (__x86_64__)
  __builtin_ia32_pause ();
#endif
}

/* Spins until *place equals number (equal TRUE) or differs from it (equal FALSE).  Returns FALSE
 * when that has not happened within SPIN microseconds. */
static gboolean
spin (gint     *place,
      gint      number,
      gboolean  equal)
{
  gint64 end = g_get_monotonic_time () + SPIN;

  do
    for (int i = 0; i < 32; i++)
      {
        if ((g_atomic_int_get (place) == number) == equal)
          return TRUE;
        pause_a_bit ();
      }
  while (g_get_monotonic_time () < end);
  return FALSE;
}

/* seen: the generation of the last loop that this thread knows of.  Returns that of the newest. */
static gint
wait_for_loop (P2pParallel *parallel,
               gint         seen)
{
  if (! spin (&parallel->generation, seen, FALSE))
    {
      g_mutex_lock (&parallel->mutex);
      g_atomic_int_inc (&parallel->asleep);
      while (g_atomic_int_get (&parallel->generation) == seen)
        g_cond_wait (&parallel->opened, &parallel->mutex);
      g_atomic_int_add (&parallel->asleep, -1);
      g_mutex_unlock (&parallel->mutex);
    }
  return g_atomic_int_get (&parallel->generation);
}

/* Tells the threads that a loop was opened, or that they must end. */
static void
wake_threads (P2pParallel *parallel)
{
  g_atomic_int_inc (&parallel->generation);
  if (! g_atomic_int_get (&parallel->asleep))
    return;
  g_mutex_lock (&parallel->mutex);
  g_cond_broadcast (&parallel->opened);
  g_mutex_unlock (&parallel->mutex);
}

/* Returns FALSE when the loop is closed. */
static gboolean
enter (P2pParallel *parallel)
{
  gint inside;

  do
    {
      inside = g_atomic_int_get (&parallel->inside);
      if (inside & CLOSED)
        return FALSE;
    }
  while (! g_atomic_int_compare_and_exchange (&parallel->inside, inside, inside + 1));
  return TRUE;
}

/* The last thread to leave a closed loop wakes the caller, if the caller sleeps. */
static void
leave (P2pParallel *parallel)
{
  if (g_atomic_int_add (&parallel->inside, -1) != CLOSED + 1
      || ! g_atomic_int_get (&parallel->waiting))
    return;
  g_mutex_lock (&parallel->mutex);
  g_cond_signal (&parallel->left);
  g_mutex_unlock (&parallel->mutex);
}

/* Closes the loop to threads that come late, and waits until the threads in it have left. */
static void
close_loop (P2pParallel *parallel)
{
  g_atomic_int_or ((guint *) &parallel->inside, CLOSED);
  if (spin (&parallel->inside, CLOSED, TRUE))
    return;
  g_mutex_lock (&parallel->mutex);
  g_atomic_int_set (&parallel->waiting, TRUE);
  while (g_atomic_int_get (&parallel->inside) != CLOSED)
    g_cond_wait (&parallel->left, &parallel->mutex);
  g_atomic_int_set (&parallel->waiting, FALSE);
  g_mutex_unlock (&parallel->mutex);
}

static gpointer
worker_main (gpointer data)
{
  g_autofree Worker *worker = data;
  P2pParallel       *parallel = worker->parallel;
  gint               seen = 0;

  while (TRUE)
    {
      /* quit is read last: p2p_parallel_free () sets it before it makes the last generation. */
      seen = wait_for_loop (parallel, seen);
      if (g_atomic_int_get (&parallel->quit))
        return NULL;
      if (enter (parallel))
        {
          run_chunks (parallel, worker->worker);
          leave (parallel);
        }
    }
}

P2pParallel *
p2p_parallel_new (int n_threads)
{
  P2pParallel *parallel = g_new0 (P2pParallel, 1);

  parallel->n_threads = n_threads > 0 ? n_threads : (int) g_get_num_processors ();
  parallel->threads = g_new0 (GThread *, parallel->n_threads);
  parallel->inside = CLOSED;
  g_mutex_init (&parallel->mutex);
  g_cond_init (&parallel->opened);
  g_cond_init (&parallel->left);

  for (int i = 1; i < parallel->n_threads; i++)
    {
      Worker *worker = g_new (Worker, 1);

      *worker = (Worker) { parallel, i };
      parallel->threads[i] = g_thread_try_new ("p2p", worker_main, worker, NULL);

      /* When the system allows no more threads, we work with those that we have. */
      if (! parallel->threads[i])
        {
          g_free (worker);
          parallel->n_threads = i;
        }
    }

  return parallel;
}

void
p2p_parallel_free (P2pParallel *parallel)
{
  if (! parallel)
    return;

  g_atomic_int_set (&parallel->quit, TRUE);
  wake_threads (parallel);
  for (int i = 1; i < parallel->n_threads; i++)
    g_thread_join (parallel->threads[i]);

  g_clear_object (&parallel->cancellable);
  g_mutex_clear (&parallel->mutex);
  g_cond_clear (&parallel->opened);
  g_cond_clear (&parallel->left);
  g_free (parallel->threads);
  g_free (parallel);
}

int
p2p_parallel_n_threads (P2pParallel *parallel)
{
  return parallel->n_threads;
}

void
p2p_parallel_watch (P2pParallel  *parallel,
                    GCancellable *cancellable,
                    void       (* tick) (double fraction, gpointer data),
                    gpointer      data)
{
  g_set_object (&parallel->cancellable, cancellable);
  parallel->tick = tick;
  parallel->tick_data = data;
}

gboolean
p2p_parallel_is_cancelled (P2pParallel *parallel)
{
  return parallel && g_cancellable_is_cancelled (parallel->cancellable);
}

void
p2p_parallel_for (P2pParallel  *parallel,
                  int           n_chunks,
                  P2pChunkFunc  func,
                  gpointer      data)
{
  parallel->func = func;
  parallel->data = data;
  parallel->n_chunks = n_chunks;
  g_atomic_int_set (&parallel->next, 0);
  if (n_chunks > 1 && parallel->n_threads > 1)
    {
      g_atomic_int_set (&parallel->inside, 0);
      wake_threads (parallel);
    }
  run_chunks (parallel, 0);
  if (n_chunks > 1 && parallel->n_threads > 1)
    close_loop (parallel);
}
