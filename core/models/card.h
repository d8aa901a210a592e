/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The card says what a model takes and gives, how it should be run, who made it and from which
 * data.  It is stored as the string metadata of the safetensors file, under keys that begin with
 * "p2p." (core/README.md lists them). */

#pragma once

#include "inputs.h"
#include "nets/nets.h"
#include "scale.h"

/* p2p_card_new () and p2p_card_set () fill the fields from the texts.  A training sets options and
 * train_size itself (train/save.c).  The fields always pass the network's check. */
typedef struct
{
  const P2pNet  *net;
  P2pNetOptions  options;
  P2pInputs      inputs;
  P2pOutput      output;
  int            train_size;          /* side of the training pictures in pixels; 0 if unknown */
  int            fit;                 /* default working size: the longer side in pixels; 0 means
                                       * the picture's own size ("native") */
  int            frame;               /* pixels around the picture that the network sees too: they
                                       * are mirrored, and cut off its result; 0: none */
  gboolean       running_statistics;  /* norm_statistics: TRUE for "running", FALSE for "image" */
  gboolean       dropout_at_apply;
  gboolean       no_vary;             /* vary is "off": dropout changes the picture too little for
                                       * seeds to be offered */
  GHashTable    *texts;               /* key without the prefix → value, both strings, as the file
                                       * or p2p_card_set () gave them; includes unknown keys */
} P2pCard;

/* Reads the card from the metadata of tensors.  A file without a card (without p2p.format) gets one
 * from the names and shapes of its tensors, from defaults (image statistics, dropout off, native
 * scale) and from the keys that the metadata has all the same.  Free it with p2p_card_free ().
 * Errors: P2P_ERROR_FILE names a key whose value is bad.  P2P_ERROR_UNSUPPORTED is for a newer
 * format, for an unknown network, input or output, and for a file without a card in which no
 * network is recognized: then the message says what the file seems to be. */
P2pCard * p2p_card_new  (const P2pTensors *tensors, GError **error);
void      p2p_card_free (P2pCard *card);

/* Sets one key (without prefix) and checks the whole card again.  If that fails, the card stays as
 * it was.
 * Errors: those of p2p_card_new (); P2P_ERROR_OPTION if cards have no such key. */
gboolean  p2p_card_set  (P2pCard *card, const char *key, const char *value, GError **error);

/* Returns the text of a key in the user's language if the card has it ("title.de"), else the text
 * without a language, which is English.  NULL if there is neither.  The card owns the text. */
const char * p2p_card_text (const P2pCard *card, const char *key);

/* Returns new metadata for a file, keys with prefix.  It holds all texts and the values of all
 * fields, so it also keeps what was recognized from the tensors. */
GHashTable * p2p_card_to_metadata (const P2pCard *card);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pCard, p2p_card_free)
