/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pulse.h"

#include <time.h>
#include <unistd.h>

/* Milliseconds from one beat to the next. */
#define BEAT       100

/* func asks GIMP whether something has changed.  The question wakes GIMP up, which costs both
 * processes some milliseconds of processor time.  So a beat calls func only if GIMP has worked
 * since the last call, that is, if it has used at least IDLE microseconds of processor time.  While
 * nobody paints, GIMP uses less.  There are two exceptions:
 *
 * - If GIMP had worked before a call, the next beat calls func again, because a stroke may have
 *   ended while func was asking.
 * - If GIMP stays idle, every MOST_BEATS-th beat calls func all the same. */
#define IDLE       2000
#define MOST_BEATS 30

struct _P2pPulse
{
  GtkWidget *widget;
  GFunc      func;
  gpointer   data;
  guint      source;
  gint64     computed;    /* GIMP's processor time after the last call of func, in microseconds */
  int        beats;       /* number of beats since that call */
  gboolean   again;       /* the next beat calls func even if GIMP is idle */
};

/* The processor time, in microseconds, that GIMP, our parent process, has used; −1: not known. */
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
