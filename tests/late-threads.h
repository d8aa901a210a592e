/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Included in front of a source (-include): each thread stops for a moment in front of one in
 * three of its atomic reads, as if another program had taken its processor.  So what another thread
 * seldom does between two reads, it does often. */

#pragma once

#include <glib.h>

static inline void
come_late (void)
{
  static __thread guint count;

  if (++count % 3 == 0)
    g_usleep (20);
}

#undef g_atomic_int_get
#define g_atomic_int_get(place) (come_late (), __atomic_load_n ((place), __ATOMIC_SEQ_CST))
