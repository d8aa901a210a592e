/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pulse.h"

#include <time.h>
#include <unistd.h>

/* Milliseconds. */
#define BEAT       100

/* A question wakes GIMP up, which costs both processes some milliseconds of the processor.  So
 * there is none while GIMP computes less than so many microseconds from one beat to the next, as it
 * does when nothing is painted.  The beat after one with work counts too, since the end of a stroke
 * may have come while the question was being answered; and one beat in thirty counts anyway. */
#define IDLE       2000
#define MOST_BEATS 30

struct _P2pPulse
{
  GtkWidget *widget;
  GFunc      func;
  gpointer   data;
  guint      source;
  gint64     computed;    /* by GIMP until func was called last, in microseconds */
  int        beats;       /* since then */
  gboolean   again;       /* GIMP may have gone on while func was asking */
};

/* Microseconds of the processor that GIMP, which has started us, has had; −1: not known. */
static gint64
gimp_computed (void)
{
#ifdef G_OS_UNIX
  clockid_t       clock;
  struct timespec time;

  if (clock_getcpuclockid (getppid (), &clock) == 0 && clock_gettime (clock, &time) == 0)
    return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
#endif

  return -1;
}

static gboolean
is_gimp_idle (P2pPulse *pulse)
{
  gint64 computed = gimp_computed ();

  return computed >= 0 && computed - pulse->computed < IDLE;
}

static gboolean
is_seen (P2pPulse *pulse)
{
  GdkWindow *window = gtk_widget_get_window (gtk_widget_get_toplevel (pulse->widget));

  return gtk_widget_get_mapped (pulse->widget) &&
         ! (gdk_window_get_state (window) & GDK_WINDOW_STATE_ICONIFIED);
}

static gboolean
beat (gpointer data)
{
  P2pPulse *pulse = data;
  gboolean  idle  = is_gimp_idle (pulse);

  if (! is_seen (pulse) || (idle && ! pulse->again && ++pulse->beats < MOST_BEATS))
    return G_SOURCE_CONTINUE;

  pulse->again = ! idle;
  pulse->func (pulse->data, NULL);
  pulse->computed = gimp_computed ();
  pulse->beats    = 0;

  return G_SOURCE_CONTINUE;
}

P2pPulse *
p2p_pulse_new (GtkWidget *widget,
               GFunc      func,
               gpointer   data)
{
  P2pPulse *pulse = g_new0 (P2pPulse, 1);

  pulse->widget = widget;
  pulse->func   = func;
  pulse->data   = data;
  pulse->source = g_timeout_add (BEAT, beat, pulse);

  return pulse;
}

void
p2p_pulse_free (P2pPulse *pulse)
{
  if (! pulse)
    return;

  g_source_remove (pulse->source);
  g_free (pulse);
}
