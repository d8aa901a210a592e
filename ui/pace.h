/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How long an apply will take, judged by the last run of the same model on this machine.  The
 * network's time grows with its operations, and the rest (cleaning, enlarging, blending) with the
 * picture's pixels. */

#pragma once

#include <glib.h>

/* All zero: nothing was measured yet. */
typedef struct
{
  double per_gflop;   /* seconds in the network */
  double per_pixel;   /* seconds in all else */
} P2pPace;

/* A run that is measured; times are in microseconds. */
typedef struct
{
  gint64 start;
  gint64 begun, ended;               /* when the network first and last told of its progress; 0: it
                                      * did not */
  double begun_share, ended_share;   /* of its work that was done then */
} P2pRun;

/* The network has done a share of its work, 0 to 1. */
void   p2p_run_progress (P2pRun *run, double share, gint64 now);

/* A run over that many pixels has come to its end; gflop is the network's work. */
void   p2p_pace_note    (P2pPace *pace, const P2pRun *run, double gflop, double pixels,
                         gint64 now);

/* Seconds that such a run will take; 0: not known. */
double p2p_pace_seconds (const P2pPace *pace, double gflop, double pixels);
