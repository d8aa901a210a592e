/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "scale.h"

gboolean
p2p_scale_parse (const char *text,
                 int        *fit)
{
  guint64     side = 0;
  const char *number = g_str_has_prefix (text, "fit:") ? text + strlen ("fit:") : "";

  if (strcmp (text, "native") != 0
      && ! g_ascii_string_to_unsigned (number, 10, 1, P2P_MAX_SIDE, &side, NULL))
    return FALSE;

  *fit = side;
  return TRUE;
}

void
p2p_scale_size (int  fit,
                int  width,
                int  height,
                int *work_w,
                int *work_h)
{
  const double scale = fit ? (double) fit / MAX (width, height) : 1.0;

  *work_w = MAX (lrint (width * scale), 1);
  *work_h = MAX (lrint (height * scale), 1);
}
