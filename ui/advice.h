/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Which models suit the kind of picture that a layer holds. */

#pragma once

#include "kind.h"

/* Whether the model is made for pictures of that kind.  Always FALSE for colored pictures and for
 * an unknown kind, because they suit no model better than the others. */
gboolean p2p_advice_suits (P2pPictureKind kind, const P2pModelInfo *info);

/* Advice for a user who has chosen the model info for a picture of that kind.  Returns a translated
 * text (newly allocated), or NULL when there is nothing to say.  better is a model that suits the
 * kind, which the text recommends; NULL when there is none. */
char *   p2p_advice_text  (P2pPictureKind kind, const P2pModelInfo *info,
                           const P2pModelInfo *better);
