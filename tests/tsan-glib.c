/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Tells ThreadSanitizer what GLib's locks and queues order.  GLib is not built with the sanitizer,
 * and its locks are futexes, so without this the sanitizer would report races where there are none.
 * meson.build lets the linker put these functions in front of GLib's (--wrap). */

#include <glib.h>

void         __tsan_acquire              (void *place);
void         __tsan_release              (void *place);
const char * __tsan_default_suppressions (void);

void     __real_g_mutex_lock         (GMutex *mutex);
void     __real_g_mutex_unlock       (GMutex *mutex);
void     __real_g_cond_wait          (GCond *cond, GMutex *mutex);
void     __real_g_async_queue_push   (GAsyncQueue *queue, gpointer data);
gpointer __real_g_async_queue_pop    (GAsyncQueue *queue);
void     __wrap_g_mutex_lock         (GMutex *mutex);
void     __wrap_g_mutex_unlock       (GMutex *mutex);
void     __wrap_g_cond_wait          (GCond *cond, GMutex *mutex);
void     __wrap_g_async_queue_push   (GAsyncQueue *queue, gpointer data);
gpointer __wrap_g_async_queue_pop    (GAsyncQueue *queue);

/* GLib frees an element of a queue while it holds the queue's lock.  From GLib 2.76 on the element
 * comes from malloc (), so the sanitizer sees it. */
const char *
__tsan_default_suppressions (void)
{
  return "race:g_queue_pop_tail\n";
}

void
__wrap_g_mutex_lock (GMutex *mutex)
{
  __real_g_mutex_lock (mutex);
  __tsan_acquire (mutex);
}

void
__wrap_g_mutex_unlock (GMutex *mutex)
{
  __tsan_release (mutex);
  __real_g_mutex_unlock (mutex);
}

void
__wrap_g_cond_wait (GCond  *cond,
                    GMutex *mutex)
{
  __tsan_release (mutex);
  __real_g_cond_wait (cond, mutex);
  __tsan_acquire (mutex);
}

/* Whoever takes an item sees everything that was written before it was put in. */
void
__wrap_g_async_queue_push (GAsyncQueue *queue,
                           gpointer     data)
{
  __tsan_release (data);
  __real_g_async_queue_push (queue, data);
}

gpointer
__wrap_g_async_queue_pop (GAsyncQueue *queue)
{
  gpointer data = __real_g_async_queue_pop (queue);

  __tsan_acquire (data);
  return data;
}
