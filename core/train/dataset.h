/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Pictures to train, validate and evaluate with: a folder, and of each entry the values that the
 * network sees (A) and is to give (B). */

#pragma once

#include "sample.h"

typedef struct _P2pDataset P2pDataset;

/* Lists a folder.  min_side is that of the smallest picture (or half of one) that will do, in
 * pixels; files that cannot be read are found out later.
 * Errors: G_FILE_ERROR; P2P_ERROR_NOT_FOUND no pictures; P2P_ERROR_OPTION names what has no
 * partner, is of another shape than it, or is too small. */
P2pDataset * p2p_dataset_new    (const char *folder, const P2pDataKind *kind, int min_side,
                                 GError **error);
void         p2p_dataset_free   (P2pDataset *dataset);

guint        p2p_dataset_length (const P2pDataset *dataset);

/* The name of an entry: its file's without ending. */
const char * p2p_dataset_name   (const P2pDataset *dataset, guint index);

/* Reads an entry: a [crop,crop,channels of inputs], b [crop,crop,channels of output], in [−1, 1].
 * Any number of threads may read at a time.
 * Errors: those of p2p_image_load (), with the file's name. */
gboolean     p2p_dataset_read   (P2pDataset *dataset, guint index, const P2pView *view,
                                 p2p_real *a, p2p_real *b, GError **error);

/* ---- Chance ------------------------------------------------------------------------------
 * All of it follows from the seed, the epoch and the entry. */

/* The order in which an epoch sees the n entries, into order[n]. */
void         p2p_data_order     (guint64 seed, int epoch, guint n, guint *order);

/* How it sees an entry. */
P2pView      p2p_data_view      (const P2pTrainOptions *options, int epoch, guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pDataset, p2p_dataset_free)
