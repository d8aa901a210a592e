/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Opens the pictures of a training, and reports what is wrong with them. */

#include "base/intl.h"
#include "crop.h"
#include "option-table.h"
#include "p2p.h"
#include "trainer-state.h"

/* Whether any picture is large enough for --crop-size.  If none is, the error gives a command line
 * for pictures of their size. */
static gboolean
check_sizes (const P2pTrainer  *trainer,
             const P2pDataset  *dataset,
             const char        *folder,
             P2pSize            least,
             GError           **error)
{
  const P2pSize    largest = p2p_dataset_listing (dataset)->largest;
  g_autofree char *fitting = NULL;

  if (p2p_dataset_length (dataset) > 0 || largest.width == 0
      || (largest.width >= least.width && largest.height >= least.height))
    return TRUE;
  fitting = p2p_train_options_fit (&trainer->options, largest, trainer->tell.command);
  if (fitting)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("No picture in “%s” is as large as --crop-size, %d×%d pixels. This works with "
                   "them:\n  %s"), folder, least.width, least.height, fitting);
  else
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("No picture in “%s” is as large as --crop-size, %d×%d pixels: use larger "
                   "pictures"), folder, least.width, least.height);
  return FALSE;
}

/* Opens a folder of pictures and reports the files that are left out.  A checkpoint that does not
 * say how many files were left out is of an earlier version, which also counted files that cannot
 * be read as entries.  Then no file is opened here either, so that the entries are the same. */
static P2pDataset *
open_folder (P2pTrainer   *trainer,
             const char   *folder,
             P2pDataPart   part,
             P2pSize       least,
             GError      **error)
{
  const P2pDataKind      kind = p2p_trainer_kind (trainer);
  const gboolean         counts_all = trainer->state.left_out < 0;
  g_autoptr (P2pDataset) dataset = NULL;

  dataset = p2p_dataset_new (folder, &kind, part, counts_all ? (P2pSize) { 0, 0 } : least, error);
  for (P2pDataset *one = dataset; one; one = p2p_dataset_partner (one))
    {
      const GPtrArray *left_out = p2p_dataset_listing (one)->left_out;

      for (guint i = 0; i < left_out->len; i++)
        p2p_trainer_message (trainer, left_out->pdata[i]);
      if (! check_sizes (trainer, one, folder, least, error))
        return NULL;
    }
  return dataset && p2p_dataset_check (dataset, folder, error) ? g_steal_pointer (&dataset) : NULL;
}

/* Warns if pictures that are seen as a whole are scaled because the network needs multiples. */
static void
warn_of_rounding (P2pTrainer *trainer)
{
  const P2pTrainOptions *options = &trainer->options;
  const int              multiple = options->net_g->side_multiple (&options->g);
  g_autofree char       *name = p2p_train_options_get (options, p2p_train_option_find ("netG"));
  g_autofree char       *warning = NULL;
  P2pSize                size;

  if (! p2p_view_is_whole (options))
    return;
  for (guint i = 0; i < p2p_dataset_length (trainer->data) && ! warning; i++)
    if (p2p_dataset_size (trainer->data, i, &size.width, &size.height, NULL)
        && p2p_view_is_rounded (options, size))
      {
        const P2pView view = p2p_view_of_validation (options, size);

        warning = g_strdup_printf (_("pictures are scaled to multiples of %d pixels, which --netG "
                                     "%s needs: for example %s, from %d×%d to %d×%d pixels"),
                                   multiple, name, p2p_dataset_name (trainer->data, i),
                                   size.width, size.height, view.w, view.h);
        p2p_trainer_warning (trainer, warning);
      }
}

gboolean
p2p_trainer_open_data (P2pTrainer  *trainer,
                       GError     **error)
{
  const P2pTrainOptions *options = &trainer->options;

  trainer->data = open_folder (trainer, options->data, P2P_DATA_TRAIN, options->crop_size, error);
  if (trainer->data && options->val)
    trainer->val = open_folder (trainer, options->val, P2P_DATA_VALIDATE, (P2pSize) { 1, 1 },
                                error);
  if (! trainer->data || (options->val && ! trainer->val))
    return FALSE;
  warn_of_rounding (trainer);
  return TRUE;
}

void
p2p_trainer_warn_of_data (P2pTrainer *trainer,
                          P2pDataset *dataset)
{
  char *warning;

  while ((warning = p2p_dataset_take_warning (dataset)))
    {
      p2p_trainer_warning (trainer, warning);
      g_free (warning);
    }
}

gboolean
p2p_trainer_look_at (P2pTrainer  *trainer,
                     P2pLoad     *load,
                     GError     **error)
{
  for (guint i = 0; i < load->skipped->len; i++)
    p2p_trainer_message (trainer, load->skipped->pdata[i]);
  p2p_trainer_warn_of_data (trainer, trainer->data);
  if (load->error)
    g_propagate_error (error, g_error_copy (load->error));
  else if (trainer->ranks && load->skipped->len > 0)
    g_set_error (error, P2P_ERROR, P2P_ERROR_FILE,
                 _("%s\nAll ranks must see the same pictures: let each machine read this file, or "
                   "take it out of the folder on all of them, then go on with --resume"),
                 (const char *) load->skipped->pdata[0]);
  else
    return TRUE;
  return FALSE;
}
