/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Where results go, and which layers can take them there. */

#pragma once

#include <libgimp/gimp.h>

typedef enum
{
  P2P_IN_PLACE,
  P2P_NEW_LAYER,    /* beside each layer: the result where selected, transparent elsewhere; for line
                     * art its colors alone, below the drawing */
  P2P_NEW_IMAGE,    /* of the layers' selected parts, where they lie */
} P2pDestination;

/* Can drawables (NULL-terminated) be translated into output?  Errors: P2P_ERROR_UNSUPPORTED, naming
 * the drawable and the way out. */
gboolean p2p_check (GimpDrawable **drawables, P2pDestination output, GError **error);
