/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Lists the files that belong to a data set, and the reasons why others are left out.  Nothing else
 * decides this. */

#pragma once

#include "folders.h"

typedef struct
{
  char *name;           /* differs from all other entries' names: the file's name, without its
                         * ending if that is enough */
  char *paths[2];       /* the files of A and B; twice the same if one file has both */
} P2pEntry;

/* Filled by p2p_listing_new (). */
typedef struct
{
  GPtrArray *entries;   /* P2pEntry *, sorted by file name */
  GPtrArray *left_out;  /* char *: a message for each file that was left out, with the reason */
  P2pSize    largest;   /* of the entry that exceeds the least size most, or comes nearest to it;
                         * 0 × 0: no size was read */
} P2pListing;

/* Lists the pictures of one part of a folder (folders.h says where they may lie).
 *
 * A file is left out when it cannot be read, when it has no partner or several, when its partner
 * has another shape, or when its picture, turned upright, is narrower or lower than least; in an
 * aligned pair, each half counts.  With least 0 × 0 no file is opened, so only names decide.
 * Errors: those of p2p_folders_find () and p2p_folder_files (). */
P2pListing * p2p_listing_new  (const char *folder, const P2pDataKind *kind, P2pDataPart part,
                               P2pSize least, GError **error);
void         p2p_listing_free (P2pListing *listing);

/* The size of an entry's input picture, turned upright, in pixels; in an aligned pair, the size of
 * one half.
 * Errors: those of p2p_image_peek (); P2P_ERROR_FILE an aligned pair has an odd width. */
gboolean     p2p_listing_size (const P2pEntry *entry, const P2pDataKind *kind, int *width,
                               int *height, GError **error);

/* Whether a picture of this width can hold an aligned pair, A left and B right.  path names it in
 * the message.
 * Errors: P2P_ERROR_FILE the width is odd. */
gboolean     p2p_listing_check_width (const char *path, int width, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pListing, p2p_listing_free)
