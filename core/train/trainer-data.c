/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The pictures of a training. */

#include "base/intl.h"
#include "option-table.h"
#include "p2p.h"
#include "trainer-state.h"

/* When the pictures are too small for crops, says with which options they are not. */
static gboolean
check_sizes (const P2pTrainer  *trainer,
             const P2pDataset  *dataset,
             const char        *folder,
             int                min_side,
             GError           **error)
{
  const int        largest = p2p_dataset_listing (dataset)->largest;
  g_autofree char *fitting = NULL;

  if (p2p_dataset_length (dataset) > 0 || largest == 0 || largest >= min_side)
    return TRUE;
  fitting = p2p_train_options_fit (&trainer->options, largest, trainer->tell.command);
  if (fitting)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("No picture in “%s” is as large as --crop-size, %d pixels. This trains with "
                   "them:\n  %s"), folder, min_side, fitting);
  else
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("No picture in “%s” is as large as --crop-size, %d pixels: use larger ones"),
                 folder, min_side);
  return FALSE;
}

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
  return check_sizes (trainer, dataset, folder, min_side, error)
         && p2p_dataset_check (dataset, folder, error) ? g_steal_pointer (&dataset) : NULL;
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
