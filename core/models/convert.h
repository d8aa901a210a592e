/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Makes model files from trained weights.  This happens when the user asks for it (`pix2pix
 * import`), and when a .pth in the user's folder is used for the first time. */

#pragma once

#include "card.h"

/* Writes a model file at path from tensors, whose numbers have been fetched, and their card.  It
 * first checks that the network can take the weights, and leaves out tensors that the network does
 * not use.  Takes ownership of tensors, also when it fails.
 * f16: write weights of two and more dimensions as F16 (p2p_safetensors_write ()).
 * n_parameters (may be NULL) gets the number of trainable parameters.
 * Errors: those of p2p_model_fill () and p2p_safetensors_write (). */
gboolean p2p_convert (P2pTensors *tensors, const P2pCard *card, const char *path, gboolean f16,
                      gsize *n_parameters, GError **error);

/* ---- Conversions on first use ----------------------------------------------------------------
 *
 * A conversion is a model file made from a .pth (torch_path).  It lies beside the .pth or, if
 * nothing can be written there, in $XDG_CACHE_HOME/pix2pix/models.  The key "source" on its card
 * holds the name, size and time of change of the .pth.  So a model of the user's own is never taken
 * for a conversion and replaced, and a conversion is known to be outdated once its .pth has
 * changed. */

/* Whether path is a conversion of torch_path, even an outdated one. */
gboolean p2p_conversion_is   (const char *path, const char *torch_path);

/* Returns the path (newly allocated) of an up-to-date conversion of torch_path, or NULL. */
char *   p2p_conversion_find (const char *torch_path);

/* Returns the card (newly allocated) for a conversion of torch_path, whose tensors p2p_network_open
 * () or p2p_network_peek () has given.  What people wrote on the card of an earlier conversion is
 * kept.
 * Errors: those of p2p_card_new (). */
P2pCard * p2p_conversion_card (const P2pTensors *tensors, const char *torch_path, GError **error);

/* Puts the direction on the card, as its task, if the file's name tells it.  The public
 * implementation of CycleGAN writes latest_net_G_A.pth, which makes B from A, and
 * latest_net_G_B.pth, which goes back.
 * Errors: those of p2p_card_set (). */
gboolean  p2p_conversion_direction (P2pCard *card, const char *torch_path, GError **error);

/* Like p2p_conversion_find (), but makes a conversion if there is none.  If neither place can be
 * written to, it returns a copy of torch_path, which can be opened as well.
 * Errors: those of the readers, of the card and of p2p_model_fill (), with the file's name in front
 * of the message. */
char *   p2p_conversion_make (const char *torch_path, GError **error);
