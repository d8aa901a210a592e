/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* report.html: one page, which needs no other file: how far the training is, the curves of losses
 * and validations, the newest samples, the options. */

#pragma once

#include <glib.h>

typedef struct _P2pTrainer P2pTrainer;

/* Errors: those of p2p_replace_file (). */
gboolean p2p_report_write (const P2pTrainer *trainer, GError **error);
