/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The dialog's estimate of how long OK will take, made from the time of a preview. */

#include "pace.h"

/* Asserts that a and b are equal except for rounding. */
#define same(a, b) g_assert_cmpfloat_with_epsilon (a, b, 1e-9)

/* Notes a run over 100 000 pixels.  Times are in seconds.  The network begins and ends at these
 * times and takes 10 GFLOP. */
static void
note (P2pPace *pace,
      double   begins,
      double   ends,
      double   all)
{
  P2pRun run = { 1000000 };

  p2p_run_progress (&run, 0.0, (1.0 + begins) * 1e6);
  p2p_run_progress (&run, 0.3, (1.0 + begins) * 1e6 + 1);
  p2p_run_progress (&run, 1.0, (1.0 + ends) * 1e6);
  p2p_pace_note (pace, &run, 10.0, 1e5, (1.0 + all) * 1e6);
}

/* Before the first run there is no estimate. */
static void
test_unknown (void)
{
  P2pPace pace = { 0 };

  same (p2p_pace_seconds (&pace, 100.0, 1e6), 0.0);
}

/* Twice the operations take the network twice the time. */
static void
test_network (void)
{
  P2pPace pace = { 0 };

  note (&pace, 0.0, 0.5, 0.5);
  same (p2p_pace_seconds (&pace, 20.0, 1e5), 1.0);
}

/* Even if a model works at a fixed size, a larger layer takes longer. */
static void
test_pixels (void)
{
  P2pPace pace = { 0 };

  note (&pace, 0.05, 0.55, 0.6);
  same (p2p_pace_seconds (&pace, 10.0, 90e5), 0.5 + 9.0);
}

/* The last run counts, not the fastest. */
static void
test_last (void)
{
  P2pPace pace = { 0 };

  note (&pace, 0.0, 0.1, 0.2);
  note (&pace, 0.0, 0.4, 0.5);
  same (p2p_pace_seconds (&pace, 10.0, 1e5), 0.5);
}

/* If a network's progress is first reported in the middle, the first half is assumed to have taken
 * as long as the second. */
static void
test_late (void)
{
  P2pPace pace = { 0 };
  P2pRun  run  = { 0 };

  p2p_run_progress (&run, 0.5, 500000);
  p2p_run_progress (&run, 1.0, 900000);
  p2p_pace_note (&pace, &run, 10.0, 1e5, 1000000);
  same (p2p_pace_seconds (&pace, 20.0, 1e5), 1.6 + 0.2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pace/unknown", test_unknown);
  g_test_add_func ("/pace/network", test_network);
  g_test_add_func ("/pace/pixels", test_pixels);
  g_test_add_func ("/pace/last", test_last);
  g_test_add_func ("/pace/late", test_late);

  return g_test_run ();
}
