/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "status.h"

#include "base/intl.h"
#include "text.h"

/* Milliseconds that computing takes before the text says so. */
#define PATIENCE 500

struct _P2pStatus
{
  GtkWidget *row, *spinner, *text;
  guint      waiting;    /* timeout source; 0: none */
  gint64     begun;      /* when computing began, in microseconds */
};

P2pStatus *
p2p_status_new (void)
{
  P2pStatus *status = g_new0 (P2pStatus, 1);

  status->row     = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));
  status->spinner = gtk_spinner_new ();
  status->text    = p2p_text_new_dim (NULL);
  gtk_widget_set_no_show_all (status->spinner, TRUE);
  p2p_text_reserve (status->text, 2);
  gtk_label_set_yalign (GTK_LABEL (status->text), 0.5);
  gtk_box_pack_start (GTK_BOX (status->row), status->spinner, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (status->row), status->text, TRUE, TRUE, 0);

  return status;
}

void
p2p_status_free (P2pStatus *status)
{
  if (status->waiting)
    g_source_remove (status->waiting);
  g_object_unref (status->row);
  g_free (status);
}

GtkWidget *
p2p_status_get_widget (P2pStatus *status)
{
  return status->row;
}

void
p2p_status_say (P2pStatus  *status,
                const char *text)
{
  gtk_label_set_text (GTK_LABEL (status->text), text);
}

static gboolean
is_waiting (gpointer data)
{
  P2pStatus *status = data;

  status->waiting = 0;
  gtk_widget_show (status->spinner);
  gtk_spinner_start (GTK_SPINNER (status->spinner));
  p2p_status_say (status, _("Computing the preview"));

  return G_SOURCE_REMOVE;
}

void
p2p_status_begin (P2pStatus *status)
{
  p2p_status_end (status);
  status->begun   = g_get_monotonic_time ();
  status->waiting = g_timeout_add (PATIENCE, is_waiting, status);
}

void
p2p_status_progress (P2pStatus *status,
                     double     fraction)
{
  double           elapsed = (g_get_monotonic_time () - status->begun) / (double) G_USEC_PER_SEC;
  g_autofree char *left    = NULL;
  g_autofree char *text    = NULL;

  if (status->waiting || elapsed * 1000 < PATIENCE || fraction < 0.02)
    return;

  left = p2p_text_seconds (elapsed * (1.0 - fraction) / fraction);
  text = g_strdup_printf (_("Computing the preview: %s left"), left);
  p2p_status_say (status, text);
}

void
p2p_status_end (P2pStatus *status)
{
  if (status->waiting)
    g_source_remove (status->waiting);
  status->waiting = 0;
  gtk_widget_hide (status->spinner);
  gtk_spinner_stop (GTK_SPINNER (status->spinner));
}
