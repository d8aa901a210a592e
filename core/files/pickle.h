/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reads Python pickles as data.  A pickle is a program for a stack machine.  In Python it may name
 * any function or class (a "global") and call it.  The machine here never calls anything.
 *
 * It knows the opcodes (protocols 2 to 5) that torch.save () writes for weights and for what
 * trainers save with them, and the globals that its caller lists.  A call of a listed global
 * becomes a value that records the call (P2P_PICKLE_CALL).  Every other global, and everything made
 * with it, becomes a value without content (P2P_PICKLE_OTHER). */

#pragma once

#include "pickle-value.h"

/* Reads the pickle at the start of data, which may continue behind it.  The caller frees the
 * result.
 * length: bytes of data.
 * known: the globals that the caller understands ("module.name", NULL-terminated).
 * collections.OrderedDict is always known.
 * used: gets the length of the pickle in bytes.
 * Errors: P2P_ERROR_FILE when it is damaged, or larger than any model's. */
P2pPickle * p2p_pickle_read (const guint8 *data, gsize length, const char *const *known,
                             gsize *used, GError **error);
void        p2p_pickle_free (P2pPickle *pickle);

/* Returns the value under a text key of a dict, or NULL. */
const P2pPickleValue * p2p_pickle_lookup (const P2pPickleValue *dict, const char *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pPickle, p2p_pickle_free)
