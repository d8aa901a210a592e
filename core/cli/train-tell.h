/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What `pix2pix train` prints at its end. */

#pragma once

#include "train/trainer.h"

/* Prints how much time and memory a training would take. */
void p2p_cli_train_dry_run (const P2pTrainer *trainer, const P2pDryRun *dry);

/* Prints how to resume the training in the folder, which was stopped. */
void p2p_cli_train_stopped (const char *folder);

/* Prints how to go on with the training in the folder after an error, if it is one of a file and
 * there is a checkpoint. */
void p2p_cli_train_failed  (const char *folder, const GError *error);

/* Prints where the model is that the training in the folder has made, and how to install it. */
void p2p_cli_train_done    (const P2pTrainer *trainer, const char *folder);
