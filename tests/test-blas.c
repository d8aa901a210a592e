/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Which build of OpenBLAS the tests beside this one are run with. */

#include <cblas.h>
#include <glib.h>

static void
test_build (void)
{
  static const char *const names[] = { "serial", "pthread", "openmp" };

  g_assert_cmpstr (names[openblas_get_parallel ()], ==, g_getenv ("P2P_BLAS"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/blas/the-build-asked-for-is-loaded", test_build);
  return g_test_run ();
}
