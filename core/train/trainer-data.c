/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Opens the pictures of a training, and reports what is wrong with them. */

#include <stdlib.h>

#include "agree.h"
#include "base/intl.h"
#include "base/memory.h"
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

/* Ranks end each warning by this, which no warning contains. */
#define END "\x1e"

void
p2p_trainer_warn_of_data (P2pTrainer     *trainer,
                          const P2pRanks *ranks,
                          P2pDataset     *dataset)
{
  g_autoptr (GString) mine = g_string_new (NULL);
  g_auto (GStrv)      texts = NULL;
  char               *warning;

  while ((warning = p2p_dataset_take_warning (dataset)))
    {
      if (ranks)
        g_string_append_printf (mine, "%s" END, warning);
      else
        p2p_trainer_warning (trainer, warning);
      g_free (warning);
    }
  if (! p2p_agree_any (ranks, mine->len > 0))
    return;
  texts = p2p_agree_texts (ranks, mine->str);
  for (int r = 0; r < ranks->n; r++)
    {
      g_auto (GStrv) warnings = g_strsplit (texts[r], END, -1);

      for (int i = 0; warnings[i] && *warnings[i]; i++)
        p2p_trainer_warning (trainer, warnings[i]);
    }
}

/* Whether this rank can read an entry. */
static gboolean
try_to_read (const P2pTrainer  *trainer,
             P2pDataset        *dataset,
             guint              index,
             GError           **error)
{
  const P2pNetOptions *g = &trainer->options.g;
  g_autofree p2p_real *a = NULL, *b = NULL;
  P2pSize              size;
  P2pView              view;
  gsize                pixels;

  if (! p2p_dataset_size (dataset, index, &size.width, &size.height, error))
    return FALSE;
  view = p2p_view_of_validation (&trainer->options, size);
  pixels = (gsize) view.w * view.h;
  a = p2p_try_new (p2p_real, pixels * MAX (g->input_nc, g->output_nc), error);
  b = a ? p2p_try_new (p2p_real, pixels * g->output_nc, error) : NULL;
  return b && p2p_dataset_read (dataset, index, &view, a, b, error);
}

/* Reports an entry that a rank could not read.  message: the reason, on that rank; NULL on the
 * others. */
static gboolean
leave_out (P2pTrainer      *trainer,
           const P2pRanks  *ranks,
           P2pDataset      *dataset,
           guint            index,
           const char      *message,
           GError         **error)
{
  g_autoptr (GError) problem = NULL;
  const gboolean     read = ! message && try_to_read (trainer, dataset, index, &problem);

  if (problem)
    message = problem->message;
  if (! p2p_agree_any (ranks, read))
    {
      p2p_trainer_message (trainer, message);
      return TRUE;
    }
  if (! read)
    g_set_error (error, P2P_ERROR, P2P_ERROR_FILE,
                 _("%s\nAll ranks must see the same pictures: let each machine read this file, or "
                   "take it out of the folder on all of them, then go on with --resume"), message);
  return p2p_agree (ranks, read, error);
}

/* Ranks tell each other a number for each entry: twice its index, plus 1 if it is the partner's. */
gboolean
p2p_trainer_leave_out (P2pTrainer       *trainer,
                       const P2pRanks   *ranks,
                       P2pDataset       *dataset,
                       const GPtrArray  *skipped,
                       GError          **error)
{
  P2pSkipped *const   *mine = (P2pSkipped *const *) skipped->pdata;
  g_autoptr (GString)  numbers = g_string_new (NULL);
  g_auto (GStrv)       texts = NULL;

  for (guint i = 0; i < skipped->len; i++)
    if (ranks)
      g_string_append_printf (numbers, "%u ", 2 * mine[i]->index + (mine[i]->dataset != dataset));
    else
      p2p_trainer_message (trainer, mine[i]->message);
  if (! p2p_agree_any (ranks, ranks && skipped->len > 0))
    return TRUE;

  texts = p2p_agree_texts (ranks, numbers->str);
  for (int r = 0; r < ranks->n; r++)
    {
      const char *at = texts[r];

      for (guint i = 0; *at; i++, at++)
        {
          const guint number = strtoul (at, (char **) &at, 10);

          if (! leave_out (trainer, ranks, number % 2 ? p2p_dataset_partner (dataset) : dataset,
                           number / 2, r == ranks->rank ? mine[i]->message : NULL, error))
            return FALSE;
        }
    }
  return TRUE;
}

gboolean
p2p_trainer_look_at (P2pTrainer  *trainer,
                     P2pLoad     *load,
                     GError     **error)
{
  const P2pRanks *ranks = trainer->ranks;
  gboolean        done;

  p2p_trainer_warn_of_data (trainer, ranks, trainer->data);
  done = p2p_trainer_leave_out (trainer, ranks, trainer->data, load->skipped,
                                load->error ? NULL : error);
  if (load->error)
    g_propagate_error (error, g_error_copy (load->error));
  return p2p_agree (ranks, done && ! load->error, error);
}
