/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The progress bar: a line on the terminal, which is drawn again when the percentage grows. */

#include "cli.h"

#include <unistd.h>

#define BAR_WIDTH   30
#define LABEL_WIDTH 36   /* bar and label together fit into the 80 columns of a usual terminal */

struct _P2pBar
{
  gboolean  shown;     /* standard error is a terminal, and the user wants a bar */
  char     *label;
  int       percent;   /* the percentage on the terminal; −1 if no bar is drawn */
};

P2pBar *
p2p_bar_new (gboolean quiet)
{
  P2pBar *bar = g_new (P2pBar, 1);

  bar->shown   = ! quiet && isatty (STDERR_FILENO);
  bar->label   = g_strdup ("");
  bar->percent = -1;
  return bar;
}

void
p2p_bar_free (P2pBar *bar)
{
  p2p_bar_clear (bar);
  g_free (bar->label);
  g_free (bar);
}

void
p2p_bar_label (P2pBar     *bar,
               const char *label)
{
  p2p_bar_clear (bar);
  g_free (bar->label);
  bar->label = g_strndup (label, p2p_cli_fit (label, LABEL_WIDTH));
}

void
p2p_bar_update (double   fraction,
                gpointer data)
{
  P2pBar   *bar     = data;
  const int percent = CLAMP (fraction, 0.0, 1.0) * 100;
  const int filled  = percent * BAR_WIDTH / 100;
  char      line[BAR_WIDTH + 1];

  /* The estimate may fall, but the bar does not go back. */
  if (! bar->shown || percent <= bar->percent)
    return;

  for (int i = 0; i < BAR_WIDTH; i++)
    line[i] = i < filled ? '#' : '.';
  line[BAR_WIDTH] = 0;

  g_printerr ("\r[%s] %3d %%  %s", line, percent, bar->label);
  bar->percent = percent;
}

void
p2p_bar_clear (P2pBar *bar)
{
  /* ESC [ K erases to the end of the line (ECMA-48). */
  if (bar->percent >= 0)
    g_printerr ("\r\033[K");
  bar->percent = -1;
}
