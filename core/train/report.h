/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* report.html: one page, without other files, that shows how far the training is, the curves of
 * losses and validations with their explanations, the newest samples and the options.  While the
 * training runs, the page makes a browser reload it. */

#pragma once

#include <glib.h>

typedef struct _P2pTrainer P2pTrainer;

/* Writes the report to the training's folder.  Errors: those of p2p_replace_file (). */
gboolean p2p_report_write (const P2pTrainer *trainer, GError **error);

/* Writes the report if it is time to; the first call always writes it.  It changes nothing of the
 * training.  A failure is passed over, since the next save writes the report too and gives the
 * error. */
void     p2p_report_renew (P2pTrainer *trainer);
