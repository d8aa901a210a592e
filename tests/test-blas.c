/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Checks with which build of OpenBLAS this and the other tests run, and that OpenBLAS computes on
 * the threads that call it, however many there may be. */

#include <cblas.h>
#include <gio/gio.h>

#include "base/blas.h"
#include "base/parallel.h"

#define SIDE     512
#define THREADS  3

static void
test_build (void)
{
  static const char *const names[] = { "serial", "pthread", "openmp" };

  g_assert_cmpstr (names[openblas_get_parallel ()], ==, g_getenv ("P2P_BLAS"));
}

static int
count_threads (void)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  int              n     = 0;

  while (g_dir_read_name (tasks))
    n++;
  return n;
}

static void
multiply (int      chunk,
          int      worker,
          gpointer data)
{
  g_autofree p2p_real *a = g_new (p2p_real, SIDE * SIDE), *c = g_new (p2p_real, SIDE * SIDE);

  for (int i = 0; i < SIDE * SIDE; i++)
    a[i] = i % 7;
  p2p_gemm (SIDE, SIDE, SIDE, a, SIDE, a, SIDE, 0, c, SIDE);
}

/* The matrices are large enough for OpenBLAS to use several threads. */
static void
test_threads (void)
{
  /* Threads that OpenBLAS started before anyone called it are asleep. */
  const int               before   = count_threads ();
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (THREADS);

  p2p_parallel_for (parallel, 50, multiply, NULL);
  g_assert_cmpint (count_threads (), <=, before + THREADS - 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/blas/the-build-asked-for-is-loaded", test_build);
  g_test_add_func ("/blas/nothing-runs-but-the-callers-threads", test_threads);
  return g_test_run ();
}
