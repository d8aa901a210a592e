/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Which files belong to a data set, and why others are left out: the one place that decides. */

#pragma once

#include "folders.h"

typedef struct
{
  char *name;           /* tells it from the other entries: the file's name, without its ending
                         * where that is enough */
  char *paths[2];       /* of A and B; the same file where the mode has both in one */
} P2pEntry;

typedef struct
{
  GPtrArray *entries;   /* P2pEntry *, by name */
  GPtrArray *left_out;  /* char *: names each file that was left out, and the reason */
  int        largest;   /* the largest min_side for which an entry would do; 0: none would */
} P2pListing;

/* Lists the pictures of a part of a folder (folders.h says where they may lie).
 *
 * Files are left out that cannot be read, that have no partner or several, whose partner has
 * another shape, and pictures (or halves of one) with a side of less than min_side pixels, as they
 * are seen.  min_side 0 looks into no file, so only names count.
 * Errors: those of p2p_folders_find () and p2p_folder_files (). */
P2pListing * p2p_listing_new  (const char *folder, const P2pDataKind *kind, P2pDataPart part,
                               int min_side, GError **error);
void         p2p_listing_free (P2pListing *listing);

/* The size of an entry's input picture as it is seen.
 * Errors: those of p2p_image_peek (); P2P_ERROR_FILE a pair is of an odd width. */
gboolean     p2p_listing_size (const P2pEntry *entry, const P2pDataKind *kind, int *width,
                               int *height, GError **error);

/* Whether a picture of this width holds a pair, A left and B right.
 * Errors: P2P_ERROR_FILE it is odd. */
gboolean     p2p_listing_check_width (const char *path, int width, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pListing, p2p_listing_free)
