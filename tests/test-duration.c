/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Durations are written as people say them. */

#include "p2p.h"
#include "testing.h"

static void
assert_told (double      seconds,
             const char *expected)
{
  g_autofree char *text = p2p_duration_text (seconds);

  g_assert_cmpstr (text, ==, expected);
}

/* Up to a minute and a half, in seconds. */
static void
test_seconds (void)
{
  assert_told (0.0, "0 s");
  assert_told (-0.3, "0 s");
  assert_told (39.6, "40 s");
  assert_told (89.4, "89 s");
}

/* Up to an hour, in minutes, but never 60 minutes. */
static void
test_minutes (void)
{
  assert_told (90.0, "2 min");
  assert_told (12 * 60 + 10, "12 min");
  assert_told (59.4 * 60, "59 min");
  assert_told (59.6 * 60, "1 h");
}

/* Longer, in hours and minutes; many hours, in hours. */
static void
test_hours (void)
{
  assert_told (3600 + 20 * 60, "1 h 20 min");
  assert_told (2 * 3600, "2 h");
  assert_told (9 * 3600 + 59 * 60, "9 h 59 min");
  assert_told (31.4 * 3600, "31 h");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/duration/seconds", test_seconds);
  g_test_add_func ("/duration/minutes", test_minutes);
  g_test_add_func ("/duration/hours", test_hours);

  return g_test_run ();
}
