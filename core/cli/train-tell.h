/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What `pix2pix train` prints. */

#pragma once

#include "train/trainer.h"

/* Prints how a training goes.  The caller fills in the first three, before the training begins. */
typedef struct
{
  gboolean speaks;      /* this is the only rank, or rank 0; the others print nothing */
  gboolean quiet;       /* only messages and warnings are printed */
  gboolean terminal;    /* standard error is a terminal */
  gboolean shown;       /* the bar is on the terminal */
  gint64   drawn;       /* when it was drawn, in microseconds */
} P2pTeller;

/* The functions for a trainer that print what it reports.  teller and command, the command line
 * that began the training, must live longer than the trainer. */
P2pTrainTell p2p_cli_train_tell (P2pTeller *teller, const char *command);

/* Removes the bar, before something else is printed. */
void p2p_cli_train_clear_bar (P2pTeller *teller);

/* Prints how much time and memory a training would take. */
void p2p_cli_train_dry_run (const P2pTrainer *trainer, const P2pDryRun *dry);

/* Prints how to resume the training in the folder, which was stopped. */
void p2p_cli_train_stopped (const char *folder);

/* Prints how to go on with the training in the folder after an error, if it is one of a file and
 * there is a checkpoint. */
void p2p_cli_train_failed  (const char *folder, const GError *error);

/* Prints where the model is that the training in the folder has made, and how to install it. */
void p2p_cli_train_done    (const P2pTrainer *trainer, const char *folder);
