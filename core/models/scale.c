/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Working scales. */

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
