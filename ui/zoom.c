/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "zoom.h"

#include "base/intl.h"
#include "text.h"

#define STEP 1.5

static void
zoom_in (P2pPreview *preview)
{
  p2p_preview_set_zoom (preview, p2p_preview_get_zoom (preview) * STEP);
}

static void
zoom_out (P2pPreview *preview)
{
  p2p_preview_set_zoom (preview, p2p_preview_get_zoom (preview) / STEP);
}

static void
zoom_to_fit (P2pPreview *preview)
{
  p2p_preview_set_zoom (preview, 0.0);
}

void
p2p_zoom_to (P2pPreview *preview,
             int         side)
{
  P2pRect seen  = p2p_preview_get_visible (preview);
  double  ratio = (double) MAX (seen.width, seen.height) / side;

  if (ratio > 1.0)
    p2p_preview_set_zoom (preview, p2p_preview_get_zoom (preview) * ratio);
}

GtkWidget *
p2p_zoom_buttons_new (P2pPreview *preview)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *out = p2p_button_new ("zoom-out-symbolic", _("Zoom out"));
  GtkWidget *in  = p2p_button_new ("zoom-in-symbolic", _("Zoom in"));
  GtkWidget *fit = p2p_button_new ("zoom-fit-best-symbolic", _("Show the whole layer"));

  g_signal_connect_swapped (out, "clicked", G_CALLBACK (zoom_out), preview);
  g_signal_connect_swapped (in, "clicked", G_CALLBACK (zoom_in), preview);
  g_signal_connect_swapped (fit, "clicked", G_CALLBACK (zoom_to_fit), preview);
  gtk_box_pack_start (GTK_BOX (row), out, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), in, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (row), fit, FALSE, FALSE, 0);

  return row;
}
