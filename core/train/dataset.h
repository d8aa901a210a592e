/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Pictures to train, validate and evaluate with: a folder, and of each entry the values that the
 * network sees (A) and is to give (B). */

#pragma once

#include "listing.h"

typedef struct _P2pDataset P2pDataset;

/* Lists a part of a folder (see p2p_listing_new (), whose parameters and errors these are).  The
 * data set may be empty, when all files are left out. */
P2pDataset * p2p_dataset_new    (const char *folder, const P2pDataKind *kind, P2pDataPart part,
                                 P2pSize least, GError **error);
void         p2p_dataset_free   (P2pDataset *dataset);

guint        p2p_dataset_length (const P2pDataset *dataset);

/* Whether anything is left to read.
 * Errors: P2P_ERROR_OPTION all files of the folder are left out. */
gboolean     p2p_dataset_check  (const P2pDataset *dataset, const char *folder, GError **error);

/* What belongs to the data set, and what was left out. */
const P2pListing * p2p_dataset_listing (const P2pDataset *dataset);

/* The name of an entry, which no other entry has. */
const char * p2p_dataset_name   (const P2pDataset *dataset, guint index);

/* The size of an entry's input in its file, in pixels.
 * Errors: those of p2p_image_peek (). */
gboolean     p2p_dataset_size   (const P2pDataset *dataset, guint index, int *width, int *height,
                                 GError **error);

/* Reads an entry: a [h,w,channels of inputs], b [h,w,channels of output] of the view, in [−1, 1].
 * Where the mode has no targets b stays as it is.
 * Any number of threads may read at a time.
 * Errors: those of p2p_image_load (), with the file's name. */
gboolean     p2p_dataset_read   (P2pDataset *dataset, guint index, const P2pView *view,
                                 p2p_real *a, p2p_real *b, GError **error);

/* What is to be told of a file that was read (p2p_image_warning ()), newly allocated; NULL: nothing
 * more.  Each is given once. */
char *       p2p_dataset_take_warning (P2pDataset *dataset);

/* The order in which an epoch sees the n entries, into order[n]: it follows from seed and epoch. */
void         p2p_data_order     (guint64 seed, int epoch, guint n, guint *order);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pDataset, p2p_dataset_free)
