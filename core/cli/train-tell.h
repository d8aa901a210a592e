/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What `pix2pix train` says at its end. */

#pragma once

#include "train/trainer.h"

/* What a training would take. */
void p2p_cli_train_dry_run (const P2pTrainer *trainer, const P2pDryRun *dry);

/* The training in the folder was stopped: how to go on. */
void p2p_cli_train_stopped (const char *folder);

/* The training in the folder has ended: where its model is, and how it comes into GIMP. */
void p2p_cli_train_done    (const P2pTrainer *trainer, const char *folder);
