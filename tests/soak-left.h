/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Counts what is left in the process, for soak.c. */

#pragma once

#include <libgimp/gimpui.h>
#include <malloc.h>

/* ---- Buffers of pictures and models ---------------------------------------------------------- */

/* meson.build lets the linker replace the functions that allocate and free them in all our code
 * (--wrap). */

gpointer __real_g_try_malloc_n  (gsize n, gsize size);
gpointer __real_g_try_malloc0_n (gsize n, gsize size);
int      __real_posix_memalign  (void **memory, size_t alignment, size_t size);
void     __real_g_free          (gpointer memory);
void     __real_g_free_sized    (gpointer memory, size_t size);
void     __real_free            (void *memory);
gpointer __wrap_g_try_malloc_n  (gsize n, gsize size);
gpointer __wrap_g_try_malloc0_n (gsize n, gsize size);
int      __wrap_posix_memalign  (void **memory, size_t alignment, size_t size);
void     __wrap_g_free          (gpointer memory);
void     __wrap_g_free_sized    (gpointer memory, size_t size);
void     __wrap_free            (void *memory);

static GMutex      buffers_lock;
static GHashTable *buffers;    /* the set of their addresses; NULL until there is the first */

static gpointer
buffer_made (gpointer memory)
{
  g_mutex_lock (&buffers_lock);
  if (! buffers)
    buffers = g_hash_table_new (NULL, NULL);
  if (memory)
    g_hash_table_add (buffers, memory);
  g_mutex_unlock (&buffers_lock);

  return memory;
}

/* To be called before memory is freed, which need not be a buffer. */
static gpointer
buffer_gone (gpointer memory)
{
  g_mutex_lock (&buffers_lock);
  if (buffers)
    g_hash_table_remove (buffers, memory);
  g_mutex_unlock (&buffers_lock);

  return memory;
}

static guint
count_buffers (void)
{
  guint n;

  g_mutex_lock (&buffers_lock);
  n = buffers ? g_hash_table_size (buffers) : 0;
  g_mutex_unlock (&buffers_lock);

  return n;
}

gpointer
__wrap_g_try_malloc_n (gsize n,
                       gsize size)
{
  return buffer_made (__real_g_try_malloc_n (n, size));
}

gpointer
__wrap_g_try_malloc0_n (gsize n,
                        gsize size)
{
  return buffer_made (__real_g_try_malloc0_n (n, size));
}

int
__wrap_posix_memalign (void   **memory,
                       size_t   alignment,
                       size_t   size)
{
  int status = __real_posix_memalign (memory, alignment, size);

  if (status == 0)
    buffer_made (*memory);

  return status;
}

void
__wrap_g_free (gpointer memory)
{
  __real_g_free (buffer_gone (memory));
}

void
__wrap_g_free_sized (gpointer memory,
                     size_t   size)
{
  __real_g_free_sized (buffer_gone (memory), size);
}

void
__wrap_free (void *memory)
{
  __real_free (buffer_gone (memory));
}

/* ---- Widgets --------------------------------------------------------------------------------- */

static GHashTable *widgets;    /* the set of those that exist; NULL until there is the first */

static void
forget (gpointer widget)
{
  g_hash_table_remove (widgets, widget);
}

/* Notes that the widget and all parts of it exist, until they are finalized. */
static void
watch (GtkWidget *widget,
       gpointer   data)
{
  if (! widgets)
    widgets = g_hash_table_new (NULL, NULL);
  if (g_hash_table_add (widgets, widget))
    g_object_set_data_full (G_OBJECT (widget), "soak", widget, forget);
  if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), watch, NULL);
}

/* Frees the spin buttons of sliders, of 33 kB each.  With GIMP 3.0.4 they outlive the dialog; those
 * of sliders without a GimpProcedureDialog do not. */
static void
free_spin_buttons (void)
{
  g_autoptr (GList) left = widgets ? g_hash_table_get_keys (widgets) : NULL;

  for (GList *item = left; item; item = item->next)
    if (GTK_IS_SPIN_BUTTON (item->data))
      g_object_unref (item->data);
}

/* ---- Threads and files ----------------------------------------------------------------------- */

/* How many files and folders there are in a folder and below it.  Links are not followed. */
static int
count_files (const char *folder)
{
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  const char      *name;
  int              n = 0;

  while (entries && (name = g_dir_read_name (entries)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      n += 1 + (g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? 0 : count_files (path));
    }

  return n;
}

/* The threads of GLib's pools end by themselves when they have nothing to do for some seconds. */
static int
count_threads (void)
{
  g_autoptr (GDir) entries = g_dir_open ("/proc/self/task", 0, NULL);
  const char      *id;
  int              n = 0;

  while ((id = g_dir_read_name (entries)))
    {
      g_autofree char *path = g_strdup_printf ("/proc/self/task/%s/comm", id);
      g_autofree char *name = NULL;

      if (g_file_get_contents (path, &name, NULL, NULL) && ! g_str_has_prefix (name, "pool-"))
        n++;
    }

  return n;
}

/* Writes a line: the bytes in use on the heap; the numbers of buffers, widgets, threads, open files
 * and files in the folder of the test; and what was done. */
static void
note (FILE       *log,
      const char *what)
{
  struct mallinfo2 heap;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  free_spin_buttons ();
  heap = mallinfo2 ();
  fprintf (log, "%zu %u %u %d %d %d %s\n", heap.uordblks + heap.hblkhd, count_buffers (),
           widgets ? g_hash_table_size (widgets) : 0, count_threads (),
           count_files ("/proc/self/fd"), count_files (g_getenv ("P2P_TEST")), what);
  fflush (log);
}
