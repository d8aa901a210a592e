/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The text below the preview that says what is being done. */

#pragma once

#include <gtk/gtk.h>

typedef struct _P2pStatus P2pStatus;

P2pStatus * p2p_status_new        (void);
void        p2p_status_free       (P2pStatus *status);
GtkWidget * p2p_status_get_widget (P2pStatus *status);

void        p2p_status_say        (P2pStatus *status, const char *text);

/* p2p_status_begin () is to be called when computing begins, and p2p_status_end () when computing
 * ends or is given up.  Once computing has taken half a second, the text says so, and
 * p2p_status_progress () adds how much time is left.  fraction is the share that is done, 0 to 1.
 * After the end the last text stays. */
void        p2p_status_begin      (P2pStatus *status);
void        p2p_status_progress   (P2pStatus *status, double fraction);
void        p2p_status_end        (P2pStatus *status);
