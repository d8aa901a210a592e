/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The line below the preview that tells what is being done. */

#pragma once

#include <gtk/gtk.h>

typedef struct _P2pStatus P2pStatus;

P2pStatus * p2p_status_new        (void);
void        p2p_status_free       (P2pStatus *status);
GtkWidget * p2p_status_get_widget (P2pStatus *status);

void        p2p_status_say        (P2pStatus *status, const char *text);

/* Computing begins: when it lasts, that is said, with the share that is done.  It ends or is given
 * up; the last words stay. */
void        p2p_status_begin      (P2pStatus *status);
void        p2p_status_progress   (P2pStatus *status, double fraction);
void        p2p_status_end        (P2pStatus *status);
