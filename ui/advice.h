/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Which models are made for the kind of picture that a layer is. */

#pragma once

#include "kind.h"

/* Whether the model is made for such pictures.  Colored pictures, and what could not be told, suit
 * no model more than others: always FALSE. */
gboolean p2p_advice_suits (P2pPictureKind kind, const P2pModelInfo *info);

/* What to tell someone who has chosen the model info for a picture of that kind (newly allocated);
 * NULL: nothing.  better is a model that suits the kind, or NULL. */
char *   p2p_advice_text  (P2pPictureKind kind, const P2pModelInfo *info,
                           const P2pModelInfo *better);
