/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Where results go, and whether a layer can be translated into that output. */

#pragma once

#include <libgimp/gimp.h>

typedef enum
{
  P2P_IN_PLACE,
  P2P_NEW_LAYER,    /* a new layer for each layer: the result where it is selected, transparent
                     * elsewhere.  For line art it has only the colors and lies below the drawing;
                     * if clean lines are needed, they are a second new layer */
  P2P_NEW_IMAGE,    /* an image with the results of the selected parts, in the same arrangement */
} P2pDestination;

/* Whether drawables (NULL-terminated) can be translated into output.  Errors:
 * P2P_ERROR_UNSUPPORTED; the message names the drawable and says what the user can do. */
gboolean p2p_check (GimpDrawable **drawables, P2pDestination output, GError **error);
