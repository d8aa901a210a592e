/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How long the dialog says that OK will take, from what a preview took. */

#include "pace.h"

/* Is a the same number as b, but for rounding? */
#define same(a, b) g_assert_cmpfloat_with_epsilon (a, b, 1e-9)

/* A run over 100 000 pixels, in seconds: the network begins and ends with its 10 GFLOP. */
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

/* before a run nothing is promised */
static void
test_unknown (void)
{
  P2pPace pace = { 0 };

  same (p2p_pace_seconds (&pace, 100.0, 1e6), 0.0);
}

/* twice the operations take the network twice the time */
static void
test_network (void)
{
  P2pPace pace = { 0 };

  note (&pace, 0.0, 0.5, 0.5);
  same (p2p_pace_seconds (&pace, 20.0, 1e5), 1.0);
}

/* a model that works at a size of its own takes longer for a larger layer all the same */
static void
test_pixels (void)
{
  P2pPace pace = { 0 };

  note (&pace, 0.05, 0.55, 0.6);
  same (p2p_pace_seconds (&pace, 10.0, 90e5), 0.5 + 9.0);
}

/* the last run counts, not the quickest one */
static void
test_last (void)
{
  P2pPace pace = { 0 };

  note (&pace, 0.0, 0.1, 0.2);
  note (&pace, 0.0, 0.4, 0.5);
  same (p2p_pace_seconds (&pace, 10.0, 1e5), 0.5);
}

/* a network whose progress is first heard of in the middle has taken as long for the first half */
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
