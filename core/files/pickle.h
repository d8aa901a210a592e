/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reads Python pickles as data.  A pickle is a program for a stack machine, which may name any
 * function of Python (a "global") and call it; this machine calls nothing.  It knows the opcodes
 * (protocols 2 to 5) that torch.save () writes for weights and what trainers save beside them, and
 * the globals that its caller lists.  A call of one of these becomes a value that tells what was to
 * be called.  Every other global, and whatever is made with it, becomes a value without content
 * (P2P_PICKLE_OTHER). */

#pragma once

#include "pickle-value.h"

/* Reads the pickle at the start of data; *used: its length.  known lists the globals that the
 * caller understands ("module.name", NULL-terminated); collections.OrderedDict is always known.
 * Errors: P2P_ERROR_FILE when it is damaged, or larger than any model's. */
P2pPickle * p2p_pickle_read (const guint8 *data, gsize length, const char *const *known,
                             gsize *used, GError **error);
void        p2p_pickle_free (P2pPickle *pickle);

/* The value of a text key, or NULL. */
const P2pPickleValue * p2p_pickle_lookup (const P2pPickleValue *dict, const char *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pPickle, p2p_pickle_free)
