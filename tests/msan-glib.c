/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Tells MemorySanitizer what GLib and OpenBLAS do with memory.  They are not built with the
 * sanitizer, so it does not see what they write.  Memory that they allocate counts as set
 * (MSAN_OPTIONS in tests/run).  Memory that core and tests allocate counts as set only when they
 * have written to it.  meson.build lets the linker put these functions in front of those of the
 * libraries (--wrap).
 *
 * For the same reason, local variables must count as set: GLib writes to some of them, and uses
 * their places on the stack after them (-msan-poison-stack=0 in tests/run). */

#include <cblas.h>
#include <glib.h>
#include <sanitizer/allocator_interface.h>
#include <sanitizer/msan_interface.h>

gpointer __real_g_malloc       (gsize size);
gpointer __real_g_malloc_n     (gsize n, gsize size);
gpointer __real_g_try_malloc_n (gsize n, gsize size);
int      __real_posix_memalign (void **memory, gsize align, gsize size);
gpointer __wrap_g_malloc       (gsize size);
gpointer __wrap_g_malloc_n     (gsize n, gsize size);
gpointer __wrap_g_try_malloc_n (gsize n, gsize size);
int      __wrap_posix_memalign (void **memory, gsize align, gsize size);

typedef void (Gemm) (CBLAS_LAYOUT layout, CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, int m, int n,
                     int k, float alpha, const float *a, int lda, const float *b, int ldb,
                     float beta, float *c, int ldc);
Gemm __real_cblas_sgemm, __wrap_cblas_sgemm;

/* The sanitizer calls this for whatever is freed.  A library may get the memory next. */
void
__sanitizer_free_hook (const volatile void *memory)
{
  __msan_unpoison ((const void *) memory, __sanitizer_get_allocated_size (memory));
}

static gpointer
not_set (gpointer memory,
         gsize    size)
{
  if (memory)
    __msan_poison (memory, size);
  return memory;
}

gpointer
__wrap_g_malloc (gsize size)
{
  return not_set (__real_g_malloc (size), size);
}

gpointer
__wrap_g_malloc_n (gsize n,
                   gsize size)
{
  return not_set (__real_g_malloc_n (n, size), n * size);
}

gpointer
__wrap_g_try_malloc_n (gsize n,
                       gsize size)
{
  return not_set (__real_g_try_malloc_n (n, size), n * size);
}

int
__wrap_posix_memalign (void **memory,
                       gsize  align,
                       gsize  size)
{
  const int failed = __real_posix_memalign (memory, align, size);

  if (! failed)
    not_set (*memory, size);
  return failed;
}

static void
check (const float *matrix,
       int          rows,
       int          columns,
       int          step)
{
  for (int y = 0; y < rows; y++)
    __msan_check_mem_is_initialized (matrix + (gsize) y * step, columns * sizeof *matrix);
}

/* What goes into a product must be set.  Then the product is set. */
void
__wrap_cblas_sgemm (CBLAS_LAYOUT    layout,
                    CBLAS_TRANSPOSE ta,
                    CBLAS_TRANSPOSE tb,
                    int             m,
                    int             n,
                    int             k,
                    float           alpha,
                    const float    *a,
                    int             lda,
                    const float    *b,
                    int             ldb,
                    float           beta,
                    float          *c,
                    int             ldc)
{
  check (a, ta == CblasTrans ? k : m, ta == CblasTrans ? m : k, lda);
  check (b, tb == CblasTrans ? n : k, tb == CblasTrans ? k : n, ldb);
  if (beta != 0.0f)
    check (c, m, n, ldc);
  __real_cblas_sgemm (layout, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  for (int y = 0; y < m; y++)
    __msan_unpoison (c + (gsize) y * ldc, n * sizeof *c);
}
