/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Counts the work between two looks at a cancellable, in basic blocks.  A basic block is a piece of
 * code without branches, about five instructions long.  meson.build makes the compiler call
 * __sanitizer_cov_trace_pc () in each basic block of the sources that an apply runs, and makes the
 * linker replace the functions below (--wrap).  BLAS multiplies matrices; BLAS_BLOCK of its
 * multiplications count as one block.  All counted work must be done by one thread. */

#pragma once

#include <cblas.h>
#include <gio/gio.h>

#define BLAS_BLOCK 8

void     __sanitizer_cov_trace_pc                    (void);
gboolean __real_g_cancellable_is_cancelled           (GCancellable *cancellable);
gboolean __wrap_g_cancellable_is_cancelled           (GCancellable *cancellable);
gboolean __real_g_cancellable_set_error_if_cancelled (GCancellable *cancellable, GError **error);
gboolean __wrap_g_cancellable_set_error_if_cancelled (GCancellable *cancellable, GError **error);
void     __real_cblas_sgemm (CBLAS_ORDER order, CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, blasint m,
                             blasint n, blasint k, float alpha, const float *a, blasint lda,
                             const float *b, blasint ldb, float beta, float *c, blasint ldc);
void     __wrap_cblas_sgemm (CBLAS_ORDER order, CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, blasint m,
                             blasint n, blasint k, float alpha, const float *a, blasint lda,
                             const float *b, blasint ldb, float beta, float *c, blasint ldc);

static struct
{
  GCancellable *cancellable;    /* the one whose looks count */
  guint         at;             /* cancel it at this look, from 1; 0: never */
  guint         looks;          /* so far */
  guint64       work, most;     /* since the last look, and the most between two looks; once it is
                                 * cancelled, work is counted on to the end */
} counted;

void
__sanitizer_cov_trace_pc (void)
{
  counted.work++;
}

static void
look (GCancellable *cancellable)
{
  if (! cancellable || cancellable != counted.cancellable)
    return;
  counted.looks++;
  counted.most = MAX (counted.most, counted.work);
  if (! counted.at || counted.looks <= counted.at)
    counted.work = 0;
  if (counted.looks == counted.at)
    g_cancellable_cancel (cancellable);
}

gboolean
__wrap_g_cancellable_is_cancelled (GCancellable *cancellable)
{
  look (cancellable);
  return __real_g_cancellable_is_cancelled (cancellable);
}

gboolean
__wrap_g_cancellable_set_error_if_cancelled (GCancellable  *cancellable,
                                             GError       **error)
{
  look (cancellable);
  return __real_g_cancellable_set_error_if_cancelled (cancellable, error);
}

void
__wrap_cblas_sgemm (CBLAS_ORDER      order,
                    CBLAS_TRANSPOSE  ta,
                    CBLAS_TRANSPOSE  tb,
                    blasint          m,
                    blasint          n,
                    blasint          k,
                    float            alpha,
                    const float     *a,
                    blasint          lda,
                    const float     *b,
                    blasint          ldb,
                    float            beta,
                    float           *c,
                    blasint          ldc)
{
  counted.work += (guint64) m * n * k / BLAS_BLOCK;
  __real_cblas_sgemm (order, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
