/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The card: what a model takes and gives, how it wants to be run, who made it, from what.  It
 * travels as the string metadata of the safetensors file, keys prefixed "p2p." (see core/README.md
 * for the list of keys). */

#pragma once

#include "inputs.h"
#include "nets/nets.h"
#include "scale.h"

typedef struct
{
  const P2pNet  *net;
  P2pNetOptions  options;
  P2pInputs      inputs;
  P2pOutput      output;
  int            train_size;          /* pixels; 0: not told */
  int            fit;                 /* default working scale: longer side; 0: native */
  gboolean       running_statistics;  /* norm_statistics: FALSE image, TRUE running */
  gboolean       dropout_at_apply;
  gboolean       no_vary;             /* its dropout is too little for seeds to change much */
  GHashTable    *texts;               /* what the file or p2p_card_set () says: key without the
                                       * prefix → string; also keys that we do not know */
} P2pCard;

/* Makes a card from a file's metadata; where it has none (no p2p.format), from the tensors' names
 * and shapes and sensible defaults (image statistics, dropout off, native scale), and from texts
 * that somebody has put into the metadata.
 * Errors: P2P_ERROR_FILE a bad value, naming the key; P2P_ERROR_UNSUPPORTED a format from the
 * future, a network, input or output that we do not know; without a card, what the file seems to
 * be. */
P2pCard * p2p_card_new  (const P2pTensors *tensors, GError **error);
void      p2p_card_free (P2pCard *card);

/* Sets one key (without prefix) and checks the card again; on failure the card is as it was.
 * Errors as p2p_card_new (), and P2P_ERROR_OPTION for a key that cards do not have. */
gboolean  p2p_card_set  (P2pCard *card, const char *key, const char *value, GError **error);

/* A text in the user's language where the card has it ("title.de"), else as it is; NULL: none. */
const char * p2p_card_text (const P2pCard *card, const char *key);

/* The metadata to write, keys with prefix: all that is known, also what was told from tensors. */
GHashTable * p2p_card_to_metadata (const P2pCard *card);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pCard, p2p_card_free)
