/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Prefetches the batches of a training in a thread of its own. */

#pragma once

#include "dataset.h"
#include "ranks.h"
#include "recipe.h"

/* The pictures of one step.  The loader's thread fills it. */
typedef struct
{
  P2pBatch   batch;
  GPtrArray *skipped;   /* P2pSkipped *: entries that could not be read */
  GError    *error;     /* if set, the batch is not complete and must not be used */
} P2pLoad;

typedef struct _P2pLoader P2pLoader;

/* Starts a thread that reads the batches of the steps first … end − 1, in this order.  A batch has
 * batch_size · accumulate pictures, of which a loader reads those of this rank's parts (parts.h).
 * An epoch has as many whole batches as there are samples for, and at least one.  An entry that
 * cannot be read is replaced by the next one in the epoch's order that can.  Pictures of a partner,
 * which do not belong to the inputs, are drawn at random.  dataset and options must live longer
 * than the loader.
 * Errors of a load: P2P_ERROR_FILE no entry can be read; P2P_ERROR_MEMORY there is no memory for
 * the batch or a picture, which is then not skipped. */
P2pLoader * p2p_loader_new  (P2pDataset *dataset, const P2pTrainOptions *options,
                             const P2pRanks *ranks, guint64 first, guint64 end);
void        p2p_loader_free (P2pLoader *loader);

/* Waits for the next batch.  It belongs to the loader: give it back before p2p_loader_free (). */
P2pLoad *   p2p_loader_take      (P2pLoader *loader);
void        p2p_loader_give_back (P2pLoader *loader, P2pLoad *load);

/* The number of steps in an epoch. */
guint64     p2p_loader_epoch_steps (const P2pDataset *dataset, const P2pTrainOptions *options);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pLoader, p2p_loader_free)
