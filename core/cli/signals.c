/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Ctrl-C cancels the work instead of ending the process. */

#include "cli.h"

#include <glib-unix.h>
#include <signal.h>

static gboolean
on_signal (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_CONTINUE;
}

static gpointer
wait_for_signals (gpointer context)
{
  while (TRUE)
    g_main_context_iteration (context, TRUE);
  return NULL;
}

/* The signals wake a thread, because g_cancellable_cancel () must not be called in a signal
 * handler.  The thread, its context and the cancellable last until the process ends. */
GCancellable *
p2p_cli_cancel_on_signals (void)
{
  static const int  numbers[]   = { SIGINT, SIGTERM };
  GCancellable     *cancellable = g_cancellable_new ();
  GMainContext     *context     = g_main_context_new ();

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (GSource) source = NULL;
      struct sigaction    action;

      /* A shell makes background processes ignore SIGINT.  That must stay so. */
      if (sigaction (numbers[i], NULL, &action) == 0 && action.sa_handler == SIG_IGN)
        continue;

      source = g_unix_signal_source_new (numbers[i]);
      g_source_set_callback (source, on_signal, cancellable, NULL);
      g_source_attach (source, context);
    }
  g_thread_unref (g_thread_new ("signals", wait_for_signals, context));
  return cancellable;
}
