/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The threads wait for a loop to open; who comes late, because another program has the processor,
 * finds it closed and nobody has waited for him. */

#include "parallel.h"

struct _P2pParallel
{
  int            n_threads;
  GThread      **threads;      /* n_threads − 1: the caller is the first */

  GMutex         mutex;        /* guards all below but next */
  GCond          opened, left;
  guint          generation;   /* of loops */
  gboolean       open, quit;
  int            inside;       /* threads in the open loop, without the caller */

  /* The open loop. */
  P2pChunkFunc   func;
  gpointer       data;
  int            n_chunks;
  gint           next;         /* atomic */

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

static gpointer
worker_main (gpointer data)
{
  g_autofree Worker *worker = data;
  P2pParallel       *parallel = worker->parallel;
  guint              seen = 0;

  g_mutex_lock (&parallel->mutex);
  while (TRUE)
    {
      while (! parallel->quit && (! parallel->open || parallel->generation == seen))
        g_cond_wait (&parallel->opened, &parallel->mutex);
      if (parallel->quit)
        break;

      seen = parallel->generation;
      parallel->inside++;
      g_mutex_unlock (&parallel->mutex);
      run_chunks (parallel, worker->worker);
      g_mutex_lock (&parallel->mutex);
      if (--parallel->inside == 0)
        g_cond_signal (&parallel->left);
    }
  g_mutex_unlock (&parallel->mutex);

  return NULL;
}

P2pParallel *
p2p_parallel_new (int n_threads)
{
  P2pParallel *parallel = g_new0 (P2pParallel, 1);

  parallel->n_threads = n_threads > 0 ? n_threads : (int) g_get_num_processors ();
  parallel->threads = g_new0 (GThread *, parallel->n_threads);
  g_mutex_init (&parallel->mutex);
  g_cond_init (&parallel->opened);
  g_cond_init (&parallel->left);

  for (int i = 1; i < parallel->n_threads; i++)
    {
      Worker *worker = g_new (Worker, 1);

      *worker = (Worker) { parallel, i };
      parallel->threads[i] = g_thread_new ("p2p", worker_main, worker);
    }

  return parallel;
}

void
p2p_parallel_free (P2pParallel *parallel)
{
  if (! parallel)
    return;

  g_mutex_lock (&parallel->mutex);
  parallel->quit = TRUE;
  g_cond_broadcast (&parallel->opened);
  g_mutex_unlock (&parallel->mutex);
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
  return g_cancellable_is_cancelled (parallel->cancellable);
}

void
p2p_parallel_for (P2pParallel  *parallel,
                  int           n_chunks,
                  P2pChunkFunc  func,
                  gpointer      data)
{
  g_mutex_lock (&parallel->mutex);
  parallel->func = func;
  parallel->data = data;
  parallel->n_chunks = n_chunks;
  g_atomic_int_set (&parallel->next, 0);
  parallel->generation++;
  parallel->open = n_chunks > 1;
  if (parallel->open)
    g_cond_broadcast (&parallel->opened);
  g_mutex_unlock (&parallel->mutex);

  run_chunks (parallel, 0);

  g_mutex_lock (&parallel->mutex);
  parallel->open = FALSE;
  while (parallel->inside > 0)
    g_cond_wait (&parallel->left, &parallel->mutex);
  g_mutex_unlock (&parallel->mutex);
}
