/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Decides when to look for changes in GIMP, which does not tell plug-ins about them. */

#pragma once

#include <gtk/gtk.h>

typedef struct _P2pPulse P2pPulse;

/* Calls func (data, NULL) ten times a second while GIMP is working, and every three seconds while
 * GIMP is idle.  Does not call it while widget cannot be seen. */
P2pPulse * p2p_pulse_new  (GtkWidget *widget, GFunc func, gpointer data);
void       p2p_pulse_free (P2pPulse *pulse);
