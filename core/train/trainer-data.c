/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The pictures of a training. */

#include "trainer-state.h"

/* A checkpoint that does not say how many files were left out counts those that cannot be read, as
 * the programs that wrote such checkpoints did. */
static P2pDataset *
open_folder (P2pTrainer   *trainer,
             const char   *folder,
             P2pDataPart   part,
             int           min_side,
             GError      **error)
{
  const P2pDataKind      kind = p2p_trainer_kind (trainer);
  const gboolean         counts_all = trainer->state.left_out < 0;
  g_autoptr (P2pDataset) dataset = NULL;
  const GPtrArray       *left_out;

  dataset = p2p_dataset_new (folder, &kind, part, counts_all ? 0 : min_side, error);
  if (! dataset)
    return NULL;
  left_out = p2p_dataset_listing (dataset)->left_out;
  for (guint i = 0; i < left_out->len; i++)
    p2p_trainer_message (trainer, left_out->pdata[i]);
  return p2p_dataset_check (dataset, folder, error) ? g_steal_pointer (&dataset) : NULL;
}

gboolean
p2p_trainer_open_data (P2pTrainer  *trainer,
                       GError     **error)
{
  const P2pTrainOptions *options = &trainer->options;

  trainer->data = open_folder (trainer, options->data, P2P_DATA_TRAIN, options->crop_size, error);
  if (trainer->data && options->val)
    trainer->val = open_folder (trainer, options->val, P2P_DATA_VALIDATE, 1, error);
  return trainer->data && (trainer->val || ! options->val);
}
