/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The batches of a training, read ahead in a thread. */

#pragma once

#include "dataset.h"
#include "recipe.h"

typedef struct
{
  P2pBatch   batch;
  GPtrArray *skipped;   /* messages about files that could not be read */
  GError    *error;     /* set: nothing could be read, and the batch is none */
} P2pLoad;

typedef struct _P2pLoader P2pLoader;

/* Reads the batches of the steps first … end − 1, in their order, each accumulate times as large as
 * the networks see at a time.  An epoch is as many whole batches as there are entries for, at least
 * one; what cannot be read is replaced by what the epoch sees next.  dataset and options must live
 * as long.  Errors of a load: P2P_ERROR_FILE; P2P_ERROR_MEMORY for the batch or a
 * picture, which is no reason to leave that out. */
P2pLoader * p2p_loader_new  (P2pDataset *dataset, const P2pTrainOptions *options, guint64 first,
                             guint64 end);
void        p2p_loader_free (P2pLoader *loader);

/* Waits for the next batch; it belongs to the loader and is to be given back. */
P2pLoad *   p2p_loader_take      (P2pLoader *loader);
void        p2p_loader_give_back (P2pLoader *loader, P2pLoad *load);

/* Steps of an epoch. */
guint64     p2p_loader_epoch_steps (const P2pDataset *dataset, const P2pTrainOptions *options);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pLoader, p2p_loader_free)
