/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A data set: the pictures of a folder, to train, validate or evaluate a network with.  Each entry
 * gives the values that the network sees (a) and those that it should produce (b).
 *
 * Where pictures do not belong together (P2P_DATA_UNPAIRED), a data set has the inputs, whose
 * entries give only a, and its partner has the pictures of the other kind, whose entries give only
 * a, too: the values that the way back sees. */

#pragma once

#include "listing.h"

typedef struct _P2pDataset P2pDataset;

/* Lists one part of a folder.  Parameters and errors are those of p2p_listing_new ().  The data set
 * is empty when all files are left out. */
P2pDataset * p2p_dataset_new    (const char *folder, const P2pDataKind *kind, P2pDataPart part,
                                 P2pSize least, GError **error);
void         p2p_dataset_free   (P2pDataset *dataset);

/* The partner, owned by dataset; NULL: entries have both sides, or targets are not needed. */
P2pDataset * p2p_dataset_partner (P2pDataset *dataset);

/* The number of entries, without those of the partner. */
guint        p2p_dataset_length (const P2pDataset *dataset);

/* The number of entries in both, and of files that were left out in both. */
guint        p2p_dataset_entries  (const P2pDataset *dataset);
guint        p2p_dataset_left_out (const P2pDataset *dataset);

/* The number of samples in an epoch: each entry of the data set, or of the partner if it has more,
 * is in one sample. */
guint        p2p_dataset_samples  (const P2pDataset *dataset);

/* Whether the data set has any entry, and its partner too.  folder: its name, for the message.
 * Errors: P2P_ERROR_OPTION all files of the folder are left out. */
gboolean     p2p_dataset_check  (const P2pDataset *dataset, const char *folder, GError **error);

/* The entries, and the files that were left out (owned by dataset). */
const P2pListing * p2p_dataset_listing (const P2pDataset *dataset);

/* The name of an entry, which no other entry has (owned by dataset). */
const char * p2p_dataset_name   (const P2pDataset *dataset, guint index);

/* The size of an entry's input picture before it is scaled, in pixels.
 * Errors: those of p2p_listing_size (). */
gboolean     p2p_dataset_size   (const P2pDataset *dataset, guint index, int *width, int *height,
                                 GError **error);

/* Reads an entry as view shows it: a [h,w,channels of the inputs] and b [h,w,channels of the
 * output], both in [−1, 1].  P2P_DATA_PICTURES and P2P_DATA_UNPAIRED have no targets, and leave b
 * as it is.
 * Any number of threads may read at a time.
 * Errors: those of p2p_image_load (), with the file's name; P2P_ERROR_FILE an aligned pair has an
 * odd width; P2P_ERROR_MEMORY. */
gboolean     p2p_dataset_read   (P2pDataset *dataset, guint index, const P2pView *view,
                                 p2p_real *a, p2p_real *b, GError **error);

/* An entry that could not be read. */
typedef struct
{
  P2pDataset *dataset;    /* not owned */
  guint       index;
  char       *message;    /* the reason, with the file's name */
} P2pSkipped;

/* Appends an entry to a list, which p2p_skipped_list () makes; it owns the entries. */
GPtrArray *  p2p_skipped_list   (void);
void         p2p_skipped_add    (GPtrArray *skipped, P2pDataset *dataset, guint index,
                                 const char *message);

/* The next warning about a file that was read (p2p_image_warning ()), newly allocated; NULL when
 * there are no more.  Each warning is given once.  Any thread may call it. */
char *       p2p_dataset_take_warning (P2pDataset *dataset);

/* Fills order[n] with the random order in which an epoch sees the n entries.  It follows from seed
 * and epoch alone. */
void         p2p_data_order     (guint64 seed, int epoch, guint n, guint *order);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pDataset, p2p_dataset_free)
