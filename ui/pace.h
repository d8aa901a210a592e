/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Estimates how long an apply will take from the last run of the same model on this computer.  The
 * network's time grows with its number of operations.  The time for the rest (cleaning, enlarging,
 * blending) grows with the picture's number of pixels. */

#pragma once

#include <glib.h>

/* What was measured, filled by p2p_pace_note ().  All zero: nothing was measured yet. */
typedef struct
{
  double per_gflop;   /* seconds for a GFLOP in the network */
  double per_pixel;   /* seconds for a pixel in the rest */
} P2pPace;

/* A run that is being measured.  The caller sets start and leaves all other fields 0;
 * p2p_run_progress () fills these.  Times are in microseconds. */
typedef struct
{
  gint64 start;
  gint64 begun, ended;               /* when the network first and last reported progress; 0: not
                                      * yet */
  double begun_share, ended_share;   /* the shares of its work that were done then, 0 to 1 */
} P2pRun;

/* To be called when the network has done a share of its work, 0 to 1. */
void   p2p_run_progress (P2pRun *run, double share, gint64 now);

/* To be called at the end of a run.  Computes pace from run, from the network's work in gflop and
 * from the number of pixels in the picture. */
void   p2p_pace_note    (P2pPace *pace, const P2pRun *run, double gflop, double pixels,
                         gint64 now);

/* The seconds that a run over so much work and so many pixels will take; 0: not known. */
double p2p_pace_seconds (const P2pPace *pace, double gflop, double pixels);
