/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Model files made of trained weights: when the user asks for it (`pix2pix import`), and of a .pth
 * in the user's folder when it is first used. */

#pragma once

#include "card.h"

/* Makes a model file of opened tensors, which it takes, and their card: checked, without what the
 * network does not use; weights as they are, or with f16 as F16.
 * n_parameters (may be NULL) gets the number of parameters that training changes.
 * Errors: p2p_model_fill ()'s and p2p_safetensors_write ()'s. */
gboolean p2p_convert (P2pTensors *tensors, const P2pCard *card, const char *path, gboolean f16,
                      gsize *n_parameters, GError **error);

/* ---- Conversions on first use ----------------------------------------------------------------
 *
 * A conversion lies beside its .pth, or, where nothing can be written there, in
 * $XDG_CACHE_HOME/pix2pix/models.  On its card, "source" tells which file it was made of, so that
 * nobody's own model is ever taken for one or replaced, and a conversion of an older .pth is known
 * as such. */

/* Whether path is a conversion of torch_path, of today's or an older one. */
gboolean p2p_conversion_is   (const char *path, const char *torch_path);

/* The conversion (its path newly allocated) of torch_path as it is now; NULL: there is none. */
char *   p2p_conversion_find (const char *torch_path);

/* The card that a conversion of torch_path, opened or peeked at, has: what people wrote on an older
 * conversion's stays.
 * Errors: p2p_card_new ()'s. */
P2pCard * p2p_conversion_card (const P2pTensors *tensors, const char *torch_path, GError **error);

/* As p2p_conversion_find (), but made when there is none.  Where no place can be written to it is
 * torch_path itself.
 * Errors: the readers' and p2p_model_fill ()'s, with the file's name before them. */
char *   p2p_conversion_make (const char *torch_path, GError **error);
