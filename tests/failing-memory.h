/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* For tests in which the n-th allocation that may fail does fail, for every n.  meson.build lets
 * the linker replace these functions in the whole core (--wrap). */

#pragma once

#include <stdlib.h>

#include "p2p.h"

gpointer __real_g_try_malloc    (gsize size);
gpointer __real_g_try_malloc_n  (gsize n, gsize size);
gpointer __real_g_try_malloc0_n (gsize n, gsize size);
gpointer __real_g_try_realloc   (gpointer memory, gsize size);
int      __real_posix_memalign  (void **memory, size_t alignment, size_t size);
gpointer __wrap_g_try_malloc    (gsize size);
gpointer __wrap_g_try_malloc_n  (gsize n, gsize size);
gpointer __wrap_g_try_malloc0_n (gsize n, gsize size);
gpointer __wrap_g_try_realloc   (gpointer memory, gsize size);
int      __wrap_posix_memalign  (void **memory, size_t alignment, size_t size);

static int n_allocations;    /* so far; all threads change it */
static int failing;          /* the number of the one that fails, from 1; 0: none */

static gboolean
fails (void)
{
  return g_atomic_int_add (&n_allocations, 1) + 1 == failing;
}

gpointer
__wrap_g_try_malloc (gsize size)
{
  return fails () ? NULL : __real_g_try_malloc (size);
}

gpointer
__wrap_g_try_malloc_n (gsize n,
                       gsize size)
{
  return fails () ? NULL : __real_g_try_malloc_n (n, size);
}

gpointer
__wrap_g_try_malloc0_n (gsize n,
                        gsize size)
{
  return fails () ? NULL : __real_g_try_malloc0_n (n, size);
}

gpointer
__wrap_g_try_realloc (gpointer memory,
                      gsize    size)
{
  return fails () ? NULL : __real_g_try_realloc (memory, size);
}

int
__wrap_posix_memalign (void  **memory,
                       size_t  alignment,
                       size_t  size)
{
  return fails () ? ENOMEM : __real_posix_memalign (memory, alignment, size);
}

/* Work whose allocations fail.  Returns a checksum of its result, or NULL with an error. */
typedef char * (* Work) (gpointer data, GError **error);

static char *
run_failing (Work       work,
             gpointer   data,
             int        at,
             GError   **error)
{
  char *sum;

  n_allocations = 0;
  failing = at;
  sum = work (data, error);
  failing = 0;
  return sum;
}

/* Runs the work once for each of its allocations.  It must report the lack of memory.  After every
 * often failures the work is run again with the same data and must succeed. */
static void
fail_each (Work     work,
           gpointer data,
           int      often)
{
  g_autoptr (GError) none = NULL;
  g_autofree char   *expected = run_failing (work, data, 0, &none);
  const int          n = n_allocations;

  g_assert_no_error (none);
  g_assert_cmpint (n, >, 0);
  for (int at = 1; at <= n; at++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char   *sum = run_failing (work, data, at, &error);
      g_autofree char   *again = NULL;

      /* Threads do not always allocate as often. */
      if (n_allocations < at)
        continue;
      if (sum || ! g_error_matches (error, P2P_ERROR, P2P_ERROR_MEMORY))
        g_error ("allocation %d of %d: %s", at, n, error ? error->message : "no error");
      if (at % often != 0)
        continue;
      again = run_failing (work, data, 0, &none);
      g_assert_no_error (none);
      g_assert_cmpstr (again, ==, expected);
    }
  g_test_message ("%d allocations", n);
}
