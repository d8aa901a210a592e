/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* report.html: one page, which needs no other file: how far the training is, the curves of losses
 * and validations with what they mean, the newest samples, the options.  While the training runs
 * the page tells a browser to look for a newer one. */

#pragma once

#include <glib.h>

typedef struct _P2pTrainer P2pTrainer;

/* Errors: those of p2p_replace_file (). */
gboolean p2p_report_write (const P2pTrainer *trainer, GError **error);

/* Writes it again when it is time to, at the first call at once.  It changes nothing of the
 * training; where it cannot be written, the next save tells why. */
void     p2p_report_renew (P2pTrainer *trainer);
