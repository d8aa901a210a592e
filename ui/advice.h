/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Which models suit the kind of picture that a layer holds. */

#pragma once

#include "kind.h"

/* Whether the model is made for pictures of that kind.  Always FALSE for P2P_PICTURE_COLOR and
 * P2P_PICTURE_UNKNOWN, because no model suits such a picture better than the other models do. */
gboolean p2p_advice_suits (P2pPictureKind kind, const P2pModelInfo *info);

/* Advice for a user who has chosen a model (info) for a picture of that kind.  better is a model
 * that suits the kind and is recommended in the text, or NULL when there is none.  Returns a
 * translated text (newly allocated), or NULL when there is nothing to say. */
char *   p2p_advice_text  (P2pPictureKind kind, const P2pModelInfo *info,
                           const P2pModelInfo *better);
