/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Tests that run out of memory, each in a process of its own, which has none that others have
 * left. */

#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include "p2p.h"

/* The bytes of addresses that the process has. */
static inline rlim_t
get_addresses (void)
{
  g_autofree char *statm = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &statm, NULL, NULL));
  return g_ascii_strtoull (statm, NULL, 10) * sysconf (_SC_PAGESIZE);
}

/* From now on the process gets at most so many bytes more. */
static inline void
limit_memory (gsize bytes)
{
  struct rlimit limit;

  getrlimit (RLIMIT_AS, &limit);
  limit.rlim_cur = get_addresses () + bytes;
  g_assert_cmpint (setrlimit (RLIMIT_AS, &limit), ==, 0);
}

/* From now on it gets what it asks for again. */
static inline void
unlimit_memory (void)
{
  struct rlimit limit;

  getrlimit (RLIMIT_AS, &limit);
  limit.rlim_cur = limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_AS, &limit), ==, 0);
}

/* Runs a test in a process of its own. */
static inline void
run_limited (void (*test) (void))
{
#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("the sanitizer ends the process itself when there is no memory");
  return;
#endif
  if (g_test_subprocess ())
    {
      test ();
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}
