/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* OpenBLAS, restricted to the calling thread.  OpenBLAS's own threads would spin for milliseconds
 * after each call and take a processor away from our next loop.
 *
 * OpenBLAS comes in several builds.  The serial build is not thread-safe, because calls at the same
 * time use the same buffers, so a mutex lets only one call run at a time.  The OpenMP build asks
 * OpenMP for the number of threads, which OpenMP stores separately for each calling thread
 * (OpenBLAS 0.3.29). */

#include <cblas.h>
#include <dlfcn.h>
#include <glib.h>

#include "blas.h"

/* Does its work once in each calling thread. */
static void
keep_to_this_thread (void)
{
  static _Thread_local gboolean kept;
  void                        (* set) (int) = NULL;

  if (kept)
    return;

  openblas_set_num_threads (1);
  if (openblas_get_parallel () == OPENBLAS_OPENMP)
    *(void **) &set = dlsym (dlopen (NULL, RTLD_LAZY), "omp_set_num_threads");
  if (set)
    set (1);
  kept = TRUE;
}

static void
gemm (CBLAS_TRANSPOSE  ta,
      CBLAS_TRANSPOSE  tb,
      int              m,
      int              n,
      int              k,
      const p2p_real  *a,
      int              lda,
      const p2p_real  *b,
      int              ldb,
      int              accumulate,
      p2p_real        *c,
      int              ldc)
{
  static GMutex  mutex;
  const gboolean serial = openblas_get_parallel () == OPENBLAS_SEQUENTIAL;

  keep_to_this_thread ();
  if (serial)
    g_mutex_lock (&mutex);
#ifdef P2P_DOUBLE
  cblas_dgemm (CblasRowMajor, ta, tb, m, n, k, 1.0, a, lda, b, ldb, accumulate ? 1.0 : 0.0, c, ldc);
#else
  cblas_sgemm (CblasRowMajor, ta, tb, m, n, k, 1.0f, a, lda, b, ldb, accumulate ? 1.0f : 0.0f, c,
               ldc);
#endif
  if (serial)
    g_mutex_unlock (&mutex);
}

void
p2p_gemm (int             m,
          int             n,
          int             k,
          const p2p_real *a,
          int             lda,
          const p2p_real *b,
          int             ldb,
          int             accumulate,
          p2p_real       *c,
          int             ldc)
{
  gemm (CblasNoTrans, CblasNoTrans, m, n, k, a, lda, b, ldb, accumulate, c, ldc);
}

void
p2p_gemm_ta (int             m,
             int             n,
             int             k,
             const p2p_real *a,
             int             lda,
             const p2p_real *b,
             int             ldb,
             int             accumulate,
             p2p_real       *c,
             int             ldc)
{
  gemm (CblasTrans, CblasNoTrans, m, n, k, a, lda, b, ldb, accumulate, c, ldc);
}

void
p2p_gemm_tb (int             m,
             int             n,
             int             k,
             const p2p_real *a,
             int             lda,
             const p2p_real *b,
             int             ldb,
             int             accumulate,
             p2p_real       *c,
             int             ldc)
{
  gemm (CblasNoTrans, CblasTrans, m, n, k, a, lda, b, ldb, accumulate, c, ldc);
}

char *
p2p_blas_describe (int      *n_threads,
                   gboolean *serial)
{
  *n_threads = openblas_get_num_threads ();
  *serial    = openblas_get_parallel () == OPENBLAS_SEQUENTIAL;

  return g_strchomp (g_strdup (openblas_get_config ()));
}
