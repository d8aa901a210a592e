/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Checks ThreadSanitizer itself, with tsan-glib.c.  Threads that share numbers under a mutex, a
 * condition and a queue must be clean; with the argument "race" two of them share a number without
 * any, and that must be reported. */

#include <gio/gio.h>
#include <string.h>

#define N 200

static GMutex       mutex;
static GCond        changed;
static GAsyncQueue *queue;
static int          locked, turn, raced;
static gboolean     races;

static gpointer
run (gpointer data)
{
  for (int i = 0; i < N; i++)
    {
      int *item = g_new (int, 1);

      g_mutex_lock (&mutex);
      while (turn != 1)
        g_cond_wait (&changed, &mutex);
      locked++;
      turn = 0;
      g_cond_signal (&changed);
      g_mutex_unlock (&mutex);
      *item = i;
      g_async_queue_push (queue, item);
      if (races)
        raced++;
    }
  return NULL;
}

int
main (int    argc,
      char **argv)
{
  GThread *thread;

  races = argc > 1 && strcmp (argv[1], "race") == 0;
  queue = g_async_queue_new ();
  thread = g_thread_new ("other", run, NULL);
  for (int i = 0; i < N; i++)
    {
      int *item;

      g_mutex_lock (&mutex);
      locked++;
      turn = 1;
      g_cond_signal (&changed);
      while (turn != 0)
        g_cond_wait (&changed, &mutex);
      g_mutex_unlock (&mutex);
      item = g_async_queue_pop (queue);
      g_assert_cmpint (*item, ==, i);
      *item = 0;
      g_free (item);
      if (races)
        raced++;
    }
  g_thread_join (thread);
  g_async_queue_unref (queue);
  g_assert_cmpint (locked, ==, 2 * N);
  return 0;
}
