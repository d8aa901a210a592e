/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pace.h"

void
p2p_run_progress (P2pRun *run,
                  double  share,
                  gint64  now)
{
  if (! run->begun)
    {
      run->begun       = now;
      run->begun_share = share;
    }
  run->ended       = now;
  run->ended_share = share;
}

/* The time of the network alone is known only after two reports of progress.  Otherwise the whole
 * run counts as the network's time. */
void
p2p_pace_note (P2pPace      *pace,
               const P2pRun *run,
               double        gflop,
               double        pixels,
               gint64        now)
{
  double all     = now - run->start;
  double share   = run->ended_share - run->begun_share;
  double network = share > 0.0 ? MIN ((run->ended - run->begun) / share, all) : all;

  pace->per_gflop = network / gflop / G_USEC_PER_SEC;
  pace->per_pixel = (all - network) / pixels / G_USEC_PER_SEC;
}

double
p2p_pace_seconds (const P2pPace *pace,
                  double         gflop,
                  double         pixels)
{
  if (pace->per_gflop <= 0.0)
    return 0.0;

  return gflop * pace->per_gflop + pixels * pace->per_pixel;
}
