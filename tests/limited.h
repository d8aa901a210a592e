/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* For tests that run out of memory.  Each runs in a process of its own, where no memory that other
 * tests have freed is left. */

#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include "p2p.h"

#ifdef __has_feature
#if __has_feature (memory_sanitizer)
#define MEMORY_SANITIZER
#endif
#endif

/* The size of the process's address space in bytes. */
static inline rlim_t
get_addresses (void)
{
  g_autofree char *statm = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &statm, NULL, NULL));
  return g_ascii_strtoull (statm, NULL, 10) * sysconf (_SC_PAGESIZE);
}

/* From now on, the process gets at most this many more bytes. */
static inline void
limit_memory (gsize bytes)
{
  struct rlimit limit;

  getrlimit (RLIMIT_AS, &limit);
  limit.rlim_cur = get_addresses () + bytes;
  g_assert_cmpint (setrlimit (RLIMIT_AS, &limit), ==, 0);
}

/* Lifts the limit. */
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
#if defined (__SANITIZE_ADDRESS__) || defined (MEMORY_SANITIZER)
  g_test_skip ("the sanitizer ends the process itself when there is no memory");
  return;
#endif
  if (g_getenv ("MESON_EXE_WRAPPER"))
    {
      g_test_skip ("an emulator does not limit memory");
      return;
    }
  if (g_test_subprocess ())
    {
      test ();
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}
