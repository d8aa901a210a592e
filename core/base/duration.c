/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "intl.h"
#include "p2p.h"

#define TOLD_IN_SECONDS 90.0   /* durations below this many seconds are told in seconds */
#define TOLD_IN_HOURS   10     /* from this many hours on, minutes are left out */

char *
p2p_duration_text (double seconds)
{
  gint64 minutes = llround (seconds / 60.0);
  gint64 hours = minutes / 60;

  if (seconds < TOLD_IN_SECONDS)
    return g_strdup_printf (_("%d s"), (int) lround (MAX (seconds, 0.0)));
  if (hours == 0)
    return g_strdup_printf (_("%d min"), (int) minutes);
  if (hours >= TOLD_IN_HOURS)
    return g_strdup_printf (_("%d h"), (int) llround (seconds / 3600.0));
  minutes %= 60;
  return minutes ? g_strdup_printf (_("%d h %d min"), (int) hours, (int) minutes)
                 : g_strdup_printf (_("%d h"), (int) hours);
}
