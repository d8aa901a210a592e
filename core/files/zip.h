/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reading members of a mapped zip file.  Stored members are not copied but stay in the mapping;
 * packed members are unpacked into memory. */

#pragma once

#include <glib.h>

/* Returns whether a member is to be read; size is its unpacked size in bytes. */
typedef gboolean (*P2pZipWanted) (const char *name, guint64 size, gpointer data);

/* Returns the members for which wanted () is TRUE, name → GBytes; the caller unrefs the table.
 * *budget is the number of bytes that may be unpacked into memory, and is reduced by those that
 * are.  It protects against small files that unpack to huge ones.
 * Errors: P2P_ERROR_FILE when the file is damaged, unpacks to more than the budget, or has two
 * wanted members of the same name; P2P_ERROR_MEMORY. */
GHashTable * p2p_zip_read (GBytes *file, P2pZipWanted wanted, gpointer data, gsize *budget,
                           GError **error);

/* Reduces *budget by size bytes.
 * Errors: P2P_ERROR_FILE when the budget is smaller than size. */
gboolean     p2p_zip_spend (gsize *budget, guint64 size, GError **error);
