/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* When to look at what may have changed in GIMP, which tells nobody of it. */

#pragma once

#include <gtk/gtk.h>

typedef struct _P2pPulse P2pPulse;

/* Calls func ten times a second while widget can be seen and GIMP does anything, else every three
 * seconds. */
P2pPulse * p2p_pulse_new  (GtkWidget *widget, GFunc func, gpointer data);
void       p2p_pulse_free (P2pPulse *pulse);
