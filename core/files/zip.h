/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reads members of a zip file that is mapped.  Stored members stay where they are mapped; packed
 * ones are unpacked in memory. */

#pragma once

#include <glib.h>

/* Whether a member of size bytes is to be read. */
typedef gboolean (*P2pZipWanted) (const char *name, guint64 size, gpointer data);

/* Gives the wanted members, name → GBytes.  What is unpacked is taken from *budget, in bytes.
 * Errors: P2P_ERROR_FILE when the file is damaged, packs more than the budget, or has a wanted name
 * twice; P2P_ERROR_MEMORY. */
GHashTable * p2p_zip_read (GBytes *file, P2pZipWanted wanted, gpointer data, gsize *budget,
                           GError **error);

/* Takes size bytes from *budget.
 * Errors: P2P_ERROR_FILE, there is no more. */
gboolean     p2p_zip_spend (gsize *budget, guint64 size, GError **error);
